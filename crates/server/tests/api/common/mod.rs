//! A city in memory of one test: server, people, phones.

mod city;
mod person;
mod phone;

pub use city::City;
pub use person::Person;
pub use phone::{Phone, post};

use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub async fn read(response: http::Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            bytes: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("{}: {}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The answer's JSON, which has to be a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        if self.bytes.is_empty() {
            return Value::Null;
        }
        self.json()
    }

    /// A refusal of this status and word.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        let body = self.json();
        assert_eq!(body["code"], code, "{body}");
        for words in ["zh", "en"] {
            assert!(!body[words].as_str().unwrap().is_empty(), "{body}");
        }
        body
    }

    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name);
        value.map_or_else(String::new, |v| v.to_str().unwrap().to_owned())
    }
}

pub fn request(method: Method, path: &str) -> http::request::Builder {
    Request::builder().method(method).uri(path)
}

/// A small photo with a place, as a phone makes them.
pub fn picture(seed: u64) -> Vec<u8> {
    use zhicha_photo::sample::{SampleGps, SampleSpec, jpeg};
    jpeg(&SampleSpec {
        seed,
        width_px: 800,
        height_px: 600,
        gps: Some(SampleGps {
            lat_deg: 49.5978,
            lon_deg: 117.4302,
            altitude_m: 660.0,
            accuracy_m: 8.0,
        }),
        ..SampleSpec::default()
    })
}
