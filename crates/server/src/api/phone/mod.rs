//! The phone's routes: meeting, sessions, push, pull, have, uploads.

mod enrol;
mod hello;
mod pull;
mod push;
mod session;
mod upload;

use crate::app::Shared;
use utoipa_axum::{router::OpenApiRouter, routes};

/// All of them.
#[must_use]
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(hello::hello))
        .routes(routes!(hello::healthz))
        .routes(routes!(enrol::enrol))
        .routes(routes!(session::challenge))
        .routes(routes!(session::session))
        .routes(routes!(push::push))
        .routes(routes!(push::have))
        .routes(routes!(pull::pull))
        .routes(routes!(upload::options, upload::create))
        .routes(routes!(upload::head, upload::patch, upload::delete))
}
