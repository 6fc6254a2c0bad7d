//! The console's files, built into the program (see `build.rs`).

use super::Refusal;
use axum::{
    http::{
        HeaderValue, Method, Uri,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};

include!(concat!(env!("OUT_DIR"), "/console.rs"));

/// Nothing from anywhere else, framed by nobody.
const POLICY: &str = "default-src 'self'; img-src 'self' blob:; object-src 'none'; \
                      base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

/// A file of the console, or the one 404.
pub(super) async fn file(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let name = if path.is_empty() { "index.html" } else { path };
    let found = FILES.iter().find(|(known, _)| *known == name);
    let Some((name, bytes)) = found.filter(|_| matches!(method, Method::GET | Method::HEAD)) else {
        return Refusal::not_found().into_response();
    };
    // Names under assets/ carry a hash of what is in them.
    let kept = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type(name))),
        (CACHE_CONTROL, HeaderValue::from_static(kept)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, *bytes).into_response()
}
