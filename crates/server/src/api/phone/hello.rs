//! `GET /v1/hello`, `GET /healthz`.

use crate::app::Shared;
use axum::{Json, extract::State};
use zhicha_domain::wire::{Hello, Limits};

/// What this server is; the first thing a phone asks. Needs no right.
#[utoipa::path(get, path = "/v1/hello", tag = "phone", responses((status = 200, body = Hello)))]
pub(super) async fn hello(State(app): State<Shared>) -> Json<Hello> {
    Json(Hello {
        service: "zhicha".into(),
        protocol: 1,
        version: env!("CARGO_PKG_VERSION").into(),
        now_ms: app.now_ms(),
        epoch: app.city.epoch.clone(),
        limits: Limits::default(),
    })
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, body = String)))]
pub(super) async fn healthz() -> &'static str {
    "ok"
}
