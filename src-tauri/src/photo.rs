//! `photo://localhost/<id>/<rendition>`: pictures out of the vault, to this window alone.

use crate::state::Phone;
use http::{Request, Response, StatusCode, header};
use zhicha_domain::{ids::PhotoId, photo::Rendition};

/// The picture, or 404 whatever the reason.
pub(crate) fn answer(phone: &Phone, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let found = ask(request.uri().path())
        .and_then(|(photo, rendition)| phone.with(|v| v.picture(photo, rendition)).ok());
    let (status, mime, bytes) = match found {
        Some((bytes, mime)) => (StatusCode::OK, mime, bytes),
        None => (StatusCode::NOT_FOUND, "text/plain".to_owned(), Vec::new()),
    };
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    if let Ok(mime) = mime.parse() {
        response.headers_mut().insert(header::CONTENT_TYPE, mime);
    }
    response
}

fn ask(path: &str) -> Option<(PhotoId, Rendition)> {
    let mut parts = path.trim_matches('/').split('/');
    let photo = parts.next()?.parse().ok()?;
    Some((photo, Rendition::from_key(parts.next()?)?))
}
