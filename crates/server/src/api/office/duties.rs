//! `GET|POST /v1/duties`, `POST /v1/duties/{id}/depart`.

use super::write::{Write, new_id};
use crate::{
    api::{
        Answer, Refusal,
        auth::{Either, Office},
    },
    app::Shared,
    office::duty::{self, Departing, NewDuty},
    store::duties as rows,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use zhicha_domain::{ids::DutyId, rights::Act, wire::Departed};

/// All duties.
#[derive(Serialize, ToSchema)]
pub(super) struct Duties {
    duties: Vec<rows::DutyCard>,
}

/// All duties with their sites, the latest date first; for planners alone.
#[utoipa::path(
    get, path = "/v1/duties", tag = "duties",
    responses((status = 200, body = Duties), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn duties(State(app): State<Shared>, by: Office) -> Answer<Json<Duties>> {
    by.may(Act::PlanDuty)?;
    let city = app.city.city;
    let duties = app.read(move |db| rows::duties(db, city)).await?;
    Ok(Json(Duties { duties }))
}

/// A duty planned.
#[derive(Serialize, ToSchema)]
pub(super) struct Planned {
    /// Its id.
    duty: DutyId,
}

/// Plans a duty; the team learns its date and nothing else.
#[utoipa::path(
    post, path = "/v1/duties", tag = "duties", request_body = NewDuty,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = Planned), (status = 400), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn plan(State(app): State<Shared>, write: Write<NewDuty>) -> Answer<Response> {
    write.by.may(Act::PlanDuty)?;
    let by = write.actor().account;
    let Write { once, body, .. } = write;
    let keys = Arc::clone(&app.city);
    once.run(&app, StatusCode::CREATED, move |tx, id, now_ms| {
        Ok(Planned {
            duty: duty::plan(tx, &keys, by, body, id, now_ms)?,
        })
    })
    .await
}

/// 出发: the team's phones get sites and checklists. By the lead's phone or by the office; again is
/// the same.
#[utoipa::path(
    post, path = "/v1/duties/{id}/depart", tag = "duties", params(("id" = DutyId, Path)),
    responses(
        (status = 200, body = Departed), (status = 401), (status = 404),
        (status = 409, description = "the date has not come"),
    ),
    security(("device" = []), ("office" = []))
)]
pub(super) async fn depart(
    State(app): State<Shared>,
    who: Either,
    Path(id): Path<String>,
) -> Answer<Json<Departed>> {
    let who = match who {
        Either::Phone(account) => Departing::Phone(account),
        Either::Office(office) => {
            office.may(Act::PlanDuty)?;
            Departing::Office(office.session.actor.account)
        }
    };
    let duty: DutyId = id.parse().map_err(|_| Refusal::not_found())?;
    let (keys, now_ms) = (Arc::clone(&app.city), app.now_ms());
    let departed = app
        .writer
        .write(move |tx| duty::depart(tx, &keys, who, duty, &mut new_id(now_ms), now_ms))
        .await?;
    Ok(Json(departed))
}
