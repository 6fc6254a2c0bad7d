//! Who is asking.

use super::{Answer, Refusal, secret};
use crate::{
    app::{App, Shared},
    store::devices::{self, Device},
};
use axum::{
    extract::FromRequestParts,
    http::{header::AUTHORIZATION, request::Parts},
};

/// A phone with a live session.
pub struct Phone(pub Device);

impl FromRequestParts<Shared> for Phone {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Answer<Self> {
        phone(app, parts).await
    }
}

async fn phone(app: &App, parts: &Parts) -> Answer<Phone> {
    let token = parts
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(Refusal::unauthorized)?;
    let hash = secret::stored(token);
    let (city, now) = (app.city.city, app.now_ms());
    app.read(move |db| devices::session(db, city, &hash, now))
        .await?
        .map(Phone)
        .ok_or_else(Refusal::unauthorized)
}
