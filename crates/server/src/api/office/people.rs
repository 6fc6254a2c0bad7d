//! `GET|POST /v1/people`, `POST /v1/people/{id}/enrol-codes`.

use super::write::Write;
use crate::{
    api::{Answer, Refusal, auth::Office, secret},
    app::Shared,
    office::people::{self, CODE_MS, NewPerson},
    password,
    store::{StoreError, accounts},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zhicha_domain::{
    ids::AccountId,
    numbers::enrol_code,
    rights::{Act, Preset},
};

/// People. A planner sees the inspectors in use; whoever manages people sees all.
#[derive(Serialize, ToSchema)]
pub(super) struct People {
    people: Vec<accounts::PersonCard>,
}

/// People, by login.
#[utoipa::path(
    get, path = "/v1/people", tag = "people",
    responses((status = 200, body = People), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn people(State(app): State<Shared>, by: Office) -> Answer<Json<People>> {
    let all = by.may(Act::ManagePeople).is_ok();
    if !all {
        by.may(Act::PlanDuty)?;
    }
    let city = app.city.city;
    let mut people = app.read(move |db| accounts::people(db, city)).await?;
    if !all {
        people.retain(|p| p.preset == Preset::Inspector && !p.disabled);
    }
    Ok(Json(People { people }))
}

/// A person added.
#[derive(Serialize, ToSchema)]
pub(super) struct Added {
    /// Account.
    account: AccountId,
    /// Login.
    login: String,
}

/// Adds a person.
#[utoipa::path(
    post, path = "/v1/people", tag = "people", request_body = NewPerson,
    params(("Idempotency-Key" = String, Header)),
    responses(
        (status = 201, body = Added), (status = 400), (status = 401), (status = 404),
        (status = 409, description = "the login is taken"),
    ),
    security(("office" = []))
)]
pub(super) async fn add(State(app): State<Shared>, write: Write<NewPerson>) -> Answer<Response> {
    write.by.may(Act::ManagePeople)?;
    people::check(&write.body)?;
    let Write { once, body, .. } = write;
    let (body, hash) = tokio::task::spawn_blocking(move || {
        let hash = body.password.as_deref().map(password::hash).transpose();
        (body, hash)
    })
    .await
    .map_err(|_| StoreError::Panicked)?;
    let hash = hash
        .map_err(|e| StoreError::Stored(e.to_string()))?
        .unwrap_or_default();
    once.run(&app, StatusCode::CREATED, move |tx, id, now_ms| {
        let account: AccountId = id().into();
        people::add(tx, &body, account, hash, now_ms)?;
        Ok(Added {
            account,
            login: body.login,
        })
    })
    .await
}

/// A one-time code.
#[derive(Serialize, ToSchema)]
pub(super) struct Code {
    /// `2345-WXYZ`; shown now and never again.
    code: String,
    /// When it ends, milliseconds since 1970 UTC.
    expires_ms: i64,
    /// SHA-256 of the city's CA, to be compared on the phone; empty on plain loopback.
    fingerprint: String,
}

/// Nothing to say.
#[derive(Deserialize, ToSchema)]
pub(super) struct Nothing {}

/// Gives out a code that binds a phone to an inspector's account, once, within a day.
///
/// Its answer is not kept for a repeated request, since a code is stored by its hash alone; a repeat
/// gives out another code.
#[utoipa::path(
    post, path = "/v1/people/{id}/enrol-codes", tag = "people", request_body = Nothing,
    params(("id" = AccountId, Path)),
    responses(
        (status = 201, body = Code), (status = 401), (status = 404),
        (status = 409, description = "this person uses no phone"),
    ),
    security(("office" = []))
)]
pub(super) async fn add_code(
    State(app): State<Shared>,
    by: Office,
    Path(id): Path<String>,
) -> Answer<(StatusCode, Json<Code>)> {
    by.may(Act::ManagePeople)?;
    let account: AccountId = id.parse().map_err(|_| Refusal::not_found())?;
    let code = enrol_code(rand::random());
    let (hash, now_ms) = (secret::stored(&code), app.now_ms());
    app.writer
        .write(move |tx| people::add_code(tx, account, &hash, now_ms))
        .await?;
    let code = Code {
        code,
        expires_ms: now_ms + CODE_MS,
        fingerprint: app.trust.fingerprint.clone(),
    };
    Ok((StatusCode::CREATED, Json(code)))
}
