//! Somebody of the office, or of a unit.

use super::{City, Reply, request};
use axum::body::Body;
use http::Method;
use serde_json::Value;
use std::sync::atomic::{AtomicU64, Ordering};

/// An open session.
pub struct Person {
    pub token: String,
    pub csrf: String,
}

/// A key nobody used before.
fn fresh_key() -> String {
    static N: AtomicU64 = AtomicU64::new(1);
    format!("key-{}", N.fetch_add(1, Ordering::SeqCst))
}

impl Person {
    pub fn new(token: String, csrf: String) -> Self {
        Self { token, csrf }
    }

    /// A request with the cookie and the token.
    pub fn ask(&self, method: Method, path: &str) -> http::request::Builder {
        request(method, path)
            .header("cookie", format!("zhicha={}", self.token))
            .header("x-csrf-token", &self.csrf)
    }

    pub async fn get(&self, city: &City, path: &str) -> Reply {
        let ask = self.ask(Method::GET, path).body(Body::empty()).unwrap();
        city.send(ask).await
    }

    pub async fn post(&self, city: &City, path: &str, body: &Value) -> Reply {
        self.post_with(city, path, body, &[("idempotency-key", &fresh_key())])
            .await
    }

    pub async fn post_with(
        &self,
        city: &City,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut ask = self
            .ask(Method::POST, path)
            .header("content-type", "application/json");
        for (name, value) in headers {
            ask = ask.header(*name, *value);
        }
        city.send(ask.body(Body::from(body.to_string())).unwrap())
            .await
    }

    /// A step on what stands now.
    pub async fn act(&self, city: &City, problem: &str, step: &str, body: &Value) -> Reply {
        let path = format!("/v1/problems/{problem}");
        let tag = self.get(city, &path).await.header("etag");
        let headers = [("idempotency-key", fresh_key()), ("if-match", tag)];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.post_with(city, &format!("{path}/{step}"), body, &headers)
            .await
    }

    /// Uploads a photo of the problem as put right.
    pub async fn add_photo(&self, city: &City, problem: &str, bytes: Vec<u8>) -> Reply {
        let path = format!("/v1/problems/{problem}/photos");
        let ask = self
            .ask(Method::POST, &path)
            .header("content-type", "image/jpeg")
            .header("idempotency-key", fresh_key());
        city.send(ask.body(Body::from(bytes)).unwrap()).await
    }
}
