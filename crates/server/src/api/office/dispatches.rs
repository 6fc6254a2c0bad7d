//! `GET|POST /v1/dispatches`: 交办.

use super::write::Write;
use crate::{
    api::{Answer, auth::Office},
    app::Shared,
    office::dispatch::{self, Dispatched, NewNotice},
    store::dispatches as rows,
};
use axum::{Json, extract::State, http::StatusCode, response::Response};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use zhicha_domain::rights::Act;

/// Notices.
#[derive(Serialize, ToSchema)]
pub(super) struct Dispatches {
    dispatches: Vec<rows::DispatchCard>,
}

/// Notices within reach, the latest first.
#[utoipa::path(
    get, path = "/v1/dispatches", tag = "dispatches",
    responses((status = 200, body = Dispatches), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn list(State(app): State<Shared>, by: Office) -> Answer<Json<Dispatches>> {
    let view = by.view(Act::ReadProblem)?;
    let city = app.city.city;
    let dispatches = app
        .read(move |db| rows::dispatches(db, city, &view.scope))
        .await?;
    Ok(Json(Dispatches { dispatches }))
}

/// Dispatches problems to one unit under one notice, all or nothing.
#[utoipa::path(
    post, path = "/v1/dispatches", tag = "dispatches", request_body = NewNotice,
    params(("Idempotency-Key" = String, Header)),
    responses(
        (status = 201, body = Dispatched), (status = 400), (status = 401), (status = 404),
        (status = 409, description = "a problem is not filed, or dispatched already; none was dispatched"),
    ),
    security(("office" = []))
)]
pub(super) async fn dispatch(
    State(app): State<Shared>,
    write: Write<NewNotice>,
) -> Answer<Response> {
    write.by.may(Act::Dispatch)?;
    let (actor, keys) = (write.actor(), Arc::clone(&app.city));
    let Write { once, body, .. } = write;
    once.run(&app, StatusCode::CREATED, move |tx, id, now_ms| {
        dispatch::dispatch(tx, &keys, &actor, &body, id, now_ms)
    })
    .await
}
