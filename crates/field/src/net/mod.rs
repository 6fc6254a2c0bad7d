//! The network, as the engine sees it: a request, an answer, or the reason why none came.

mod http;
mod pin;

pub use http::Https;
pub use pin::{fetch_ca, fingerprint_at, fingerprint_of};

/// A request to the office.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET`, `POST`, `PATCH`, `HEAD`.
    pub method: &'static str,
    /// Path with query, from `/v1`.
    pub path: String,
    /// Header lines.
    pub headers: Vec<(String, String)>,
    /// Body bytes.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            ..Self::default()
        }
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn json<T: serde::Serialize>(mut self, value: &T) -> Self {
        self.body = serde_json::to_vec(value).unwrap_or_default();
        self.header("content-type", "application/json")
    }
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// Whether it is a success.
    #[must_use]
    pub fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON of the protocol; a captive portal's page is none.
    ///
    /// # Errors
    /// [`NetError::NotOurs`].
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, NetError> {
        serde_json::from_slice(&self.body).map_err(|_| NetError::NotOurs(self.status))
    }

    /// The error this answer is.
    #[must_use]
    pub fn failure(&self) -> NetError {
        match serde_json::from_slice::<zhicha_domain::wire::Failure>(&self.body) {
            Ok(failure) => NetError::Answer {
                status: self.status,
                code: failure.code,
                zh: failure.zh,
                en: failure.en,
            },
            Err(_) => NetError::NotOurs(self.status),
        }
    }
}

/// Why nothing useful came back. In every case the data stays on the phone.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// No connection, or it broke.
    #[error(
        "服务器没有回应。数据在本机，稍后自动再试 (no answer from the server; the data is on this phone)"
    )]
    Unreachable(String),
    /// The certificate is not the city's.
    #[error("服务器证书不符，已停止：{0} (the server's certificate does not match)")]
    Certificate(String),
    /// The server said no.
    #[error("{zh} ({en})")]
    Answer {
        /// HTTP status.
        status: u16,
        /// Word for programs.
        code: String,
        /// Chinese.
        zh: String,
        /// English.
        en: String,
    },
    /// Somebody else answered: a proxy, a portal.
    #[error(
        "回应的不是直查服务器（状态 {0}），可能要先登录这个无线网络。数据在本机 (something else answered; the data is on this phone)"
    )]
    NotOurs(u16),
    /// The address cannot be one.
    #[error(
        "「{0}」不是服务器地址，应为 https://主机:端口 (not a server address; write https://host:port)"
    )]
    Address(String),
}

/// Sends a request and waits for the answer.
pub trait Transport {
    /// One exchange.
    ///
    /// # Errors
    /// [`NetError::Unreachable`], [`NetError::Certificate`].
    fn send(&mut self, request: &Request) -> Result<Response, NetError>;
}
