//! A person of the office: an HTTP client with cookie, CSRF token and, for writes, If-Match.

use crate::{
    city::City,
    phone::text,
    server::{ADMIN_PASSWORD, Server},
};
use anyhow::{Context as _, bail};
use reqwest::{
    Method,
    blocking::{Client, Response},
};
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::{
        Once,
        atomic::{AtomicU64, Ordering},
    },
};

/// The password of everybody but the administrator.
pub const PASSWORD: &str = "zhicha-demo-people";

/// A signed-in session.
pub struct Person {
    client: Client,
    url: String,
    csrf: String,
    /// Makes each Idempotency-Key its own.
    writes: AtomicU64,
    login: String,
}

impl Person {
    /// Signs in.
    ///
    /// # Errors
    /// What the server answered.
    pub fn sign_in(server: &Server, login: &str, password: &str) -> anyhow::Result<Self> {
        Self::sign_in_at(&server.url, &server.data, login, password)
    }

    /// Signs in at an address; the city's CA is read from the server's folder.
    ///
    /// # Errors
    /// What the server answered.
    pub fn sign_in_at(url: &str, data: &Path, login: &str, password: &str) -> anyhow::Result<Self> {
        let client = client(data)?;
        let response = client
            .post(format!("{url}/v1/login"))
            .json(&json!({"login": login, "password": password}))
            .send()?;
        let body = read(response)?;
        Ok(Self {
            client,
            url: url.to_owned(),
            csrf: text(&body, "csrf")?,
            writes: AtomicU64::new(0),
            login: login.to_owned(),
        })
    }

    /// Any request; the raw answer.
    ///
    /// # Errors
    /// When no answer came.
    pub fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        rev: Option<&str>,
    ) -> anyhow::Result<Response> {
        let mut request = self
            .client
            .request(method.clone(), format!("{}{path}", self.url));
        if method != Method::GET {
            let n = self.writes.fetch_add(1, Ordering::SeqCst);
            request = request
                .header("X-CSRF-Token", &self.csrf)
                .header("Idempotency-Key", format!("{}-{n}-{path}", self.login));
        }
        if let Some(rev) = rev {
            request = request.header("If-Match", rev);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().with_context(|| format!("{method} {path}"))
    }

    /// GET that has to succeed.
    ///
    /// # Errors
    /// What the server answered.
    pub fn get(&self, path: &str) -> anyhow::Result<Value> {
        read(self.send(Method::GET, path, None, None)?)
    }

    /// POST that has to succeed.
    ///
    /// # Errors
    /// What the server answered.
    pub fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        read(self.send(Method::POST, path, Some(body), None)?)
    }

    /// One step of a problem, made on the state just read.
    ///
    /// # Errors
    /// What the server answered.
    pub fn act(&self, problem: &str, step: &str, body: &Value) -> anyhow::Result<Value> {
        let path = format!("/v1/problems/{problem}");
        let now = self.send(Method::GET, &path, None, None)?;
        let rev = now
            .headers()
            .get("etag")
            .and_then(|v| v.to_str().ok())
            .context("etag of the problem")?
            .to_owned();
        read(self.send(
            Method::POST,
            &format!("{path}/{step}"),
            Some(body),
            Some(&rev),
        )?)
    }

    /// Uploads an after-photo in one request; gives its id.
    ///
    /// # Errors
    /// What the server answered.
    pub fn after_photo(&self, problem: &str, jpeg: Vec<u8>) -> anyhow::Result<String> {
        let n = self.writes.fetch_add(1, Ordering::SeqCst);
        let response = self
            .client
            .post(format!("{}/v1/problems/{problem}/photos", self.url))
            .header("X-CSRF-Token", &self.csrf)
            .header("Idempotency-Key", format!("{}-photo-{n}", self.login))
            .header("Content-Type", "image/jpeg")
            .body(jpeg)
            .send()?;
        text(&read(response)?, "photo")
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// What the server answered.
    pub fn bytes(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let response = self.send(Method::GET, path, None, None)?;
        if !response.status().is_success() {
            bail!("GET {path}: {}", response.text()?);
        }
        Ok(response.bytes()?.to_vec())
    }

    /// Downloads a file; gives its bytes.
    ///
    /// # Errors
    /// What the server answered.
    pub fn download(&self, path: &str, to: &Path) -> anyhow::Result<Vec<u8>> {
        let bytes = self.bytes(path)?;
        std::fs::write(to, &bytes)?;
        Ok(bytes)
    }
}

/// The people of a city under test.
pub struct Office {
    /// 管理员
    pub admin: Person,
    /// 审核员
    pub reviewer: Person,
    /// A second 审核员, who rechecks.
    pub rechecker: Person,
    /// What was put in.
    pub city: City,
}

impl Office {
    /// Puts the sample city in and signs its people in.
    ///
    /// # Errors
    /// What the server answered.
    pub fn with_city(server: &Server) -> anyhow::Result<Self> {
        let admin = Person::sign_in(server, "admin", ADMIN_PASSWORD)?;
        let city = City::put_in(&admin)?;
        Ok(Self {
            admin,
            reviewer: Person::sign_in(server, "reviewer", PASSWORD)?,
            rechecker: Person::sign_in(server, "rechecker", PASSWORD)?,
            city,
        })
    }

    /// The same people, signed in again (the server was started anew).
    ///
    /// # Errors
    /// What the server answered.
    pub fn again(self, server: &Server) -> anyhow::Result<Self> {
        Ok(Self {
            admin: Person::sign_in(server, "admin", ADMIN_PASSWORD)?,
            reviewer: Person::sign_in(server, "reviewer", PASSWORD)?,
            rechecker: Person::sign_in(server, "rechecker", PASSWORD)?,
            city: self.city,
        })
    }

    /// A one-time code for an inspector.
    ///
    /// # Errors
    /// What the server answered.
    pub fn inspector_code(&self, login: &str) -> anyhow::Result<String> {
        let person = self.city.person(login)?;
        let made = self
            .admin
            .post(&format!("/v1/people/{person}/enrol-codes"), &json!({}))?;
        text(&made, "code")
    }

    /// Plans a duty for the inspector `lead` on today's date in the city.
    ///
    /// # Errors
    /// What the server answered.
    pub fn plan(&self, date: &str, lead: &str, sites: &[&str]) -> anyhow::Result<String> {
        let ids: Vec<String> = sites
            .iter()
            .map(|name| self.city.site(name))
            .collect::<Result<_, _>>()?;
        let made = self.reviewer.post(
            "/v1/duties",
            &json!({"date": date, "lead": self.city.person(lead)?, "members": [], "sites": ids}),
        )?;
        text(&made, "duty")
    }
}

/// A client that knows the city's CA, read from the server's folder as an office would install it.
///
/// # Errors
/// When the CA cannot be read.
pub fn client(data: &Path) -> anyhow::Result<Client> {
    static RING: Once = Once::new();
    RING.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let pem = std::fs::read(data.join("tls").join("ca.pem")).context("the city CA")?;
    Client::builder()
        .cookie_store(true)
        .tls_certs_only([reqwest::Certificate::from_pem(&pem)?])
        .no_proxy()
        .build()
        .context("client")
}

/// The answer's JSON, or an error with the server's words.
///
/// # Errors
/// When the status is no success.
pub fn read(response: Response) -> anyhow::Result<Value> {
    let (status, url) = (response.status(), response.url().path().to_owned());
    let body = response.text()?;
    if !status.is_success() {
        bail!("{url} → {status}: {body}");
    }
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&body).with_context(|| format!("{url} gave no JSON: {body}"))
}
