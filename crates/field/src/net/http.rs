//! The real network: HTTP over TLS that trusts the city's CA and nothing else.

use super::{NetError, Request, Response, Transport};
use reqwest::{
    Certificate, Method, Url,
    blocking::{Body, Client},
    redirect::Policy,
};
use std::{
    net::IpAddr,
    sync::{Arc, Once},
    time::Duration,
};

/// A client of one server.
pub struct Https {
    base: Url,
    client: Client,
}

/// Reads a server address: `https://…`, or `http://` on loopback.
///
/// # Errors
/// [`NetError::Address`].
pub(super) fn address(text: &str) -> Result<Url, NetError> {
    let bad = || NetError::Address(text.to_owned());
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&with_scheme).map_err(|_| bad())?;
    let host = url.host_str().ok_or_else(bad)?;
    // A name of other letters than a host's cannot be reached; say so instead of trying.
    if host.starts_with("xn--") || host.is_empty() {
        return Err(bad());
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback => Ok(url),
        _ => Err(bad()),
    }
}

pub(super) fn ring() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Another part of the program may have chosen already; that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

impl Https {
    /// A client that trusts `ca_pem` alone; empty on plain loopback.
    ///
    /// # Errors
    /// [`NetError::Address`], [`NetError::Certificate`].
    pub fn new(server: &str, ca_pem: &str) -> Result<Self, NetError> {
        ring();
        let base = address(server)?;
        let mut roots = Vec::new();
        if !ca_pem.is_empty() {
            let ca = Certificate::from_pem(ca_pem.as_bytes())
                .map_err(|e| NetError::Certificate(e.to_string()))?;
            roots.push(ca);
        }
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(60))
            // The city's own authority and no other: without it nothing is trusted.
            .tls_certs_only(roots)
            .build()
            .map_err(|e| NetError::Certificate(e.to_string()))?;
        Ok(Self { base, client })
    }
}

impl Transport for Https {
    fn send(&mut self, request: &Request) -> Result<Response, NetError> {
        let url = self
            .base
            .join(&request.path)
            .map_err(|_| NetError::Address(request.path.clone()))?;
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|e| NetError::Unreachable(e.to_string()))?;
        let mut builder = self.client.request(method, url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let answer = builder
            .body(Body::from(request.body.clone()))
            .send()
            .map_err(|e| classify(&e))?;
        let status = answer.status().as_u16();
        let headers = answer
            .headers()
            .iter()
            .filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned())))
            .collect();
        let body = answer.bytes().map_err(|e| classify(&e))?.to_vec();
        Ok(Response {
            status,
            headers,
            body,
        })
    }
}

/// A certificate that does not fit is told apart from a server that does not answer.
fn classify(error: &reqwest::Error) -> NetError {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(e) = source {
        let inner = e
            .downcast_ref::<std::io::Error>()
            .and_then(|io| io.get_ref())
            .and_then(|e| e.downcast_ref::<rustls::Error>())
            .or_else(|| e.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(why)) = inner {
            return NetError::Certificate(format!("{why:?}"));
        }
        source = e.source();
    }
    NetError::Unreachable(error.to_string())
}

/// A TLS client configuration with a verifier of one's own.
pub(super) fn config_with(
    verifier: Arc<dyn rustls::client::danger::ServerCertVerifier>,
) -> Result<rustls::ClientConfig, NetError> {
    ring();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| NetError::Certificate(e.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}
