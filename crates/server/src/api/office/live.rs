//! `GET /v1/overview`: counts; `GET /v1/live`: a word when something within reach has changed.
//!
//! The word carries nothing: whoever hears it asks again through his own rights. A stream ends with
//! its session, and listening keeps no session alive.

use crate::{
    api::{Answer, auth::Office},
    app::Shared,
    store::{
        overview::{self, StateCount},
        sessions,
    },
};
use axum::{
    Json,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::Stream;
use serde::Serialize;
use std::{convert::Infallible, sync::Arc, time::Duration};
use utoipa::ToSchema;
use zhicha_domain::{
    rights::Act,
    time::{city_date, parse_city_minute},
};

/// How often it is looked whether something changed.
const LOOK: Duration = Duration::from_secs(2);

/// What waits, in numbers.
#[derive(Serialize, ToSchema)]
pub(super) struct Overview {
    /// By state; a state without problems is left out.
    states: Vec<StateCount>,
    /// Owed and past its deadline.
    overdue: u32,
    /// Owed and due before the city's day ends.
    due_today: u32,
    /// Server clock, milliseconds since 1970 UTC.
    now_ms: i64,
}

/// When the city's present day ends, milliseconds since 1970 UTC.
pub(super) fn day_end_ms(now_ms: i64) -> i64 {
    let midnight = parse_city_minute(&format!("{} 00:00", city_date(now_ms)));
    midnight.unwrap_or(now_ms) + 24 * 3_600_000
}

/// Counts within reach.
#[utoipa::path(
    get, path = "/v1/overview", tag = "problems",
    responses((status = 200, body = Overview), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn overview(State(app): State<Shared>, by: Office) -> Answer<Json<Overview>> {
    let view = by.view(Act::ReadProblem)?;
    let (city, now_ms) = (app.city.city, app.now_ms());
    let (states, overdue, due_today) = app
        .read(move |db| overview::counts(db, city, &view.scope, now_ms, day_end_ms(now_ms)))
        .await?;
    Ok(Json(Overview {
        states,
        overdue,
        due_today,
        now_ms,
    }))
}

/// Server-sent events: `problems` whenever something within reach has changed.
#[utoipa::path(
    get, path = "/v1/live", tag = "problems",
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn live(
    State(app): State<Shared>,
    by: Office,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let scope = by.view(Act::ReadProblem)?.scope;
    let city = app.city.city;
    let (token, first) = (by.token_hash, scope.clone());
    let begun = app
        .read(move |db| overview::pulse(db, city, &first))
        .await?;
    let stream = futures_util::stream::unfold((app, begun), move |(app, mut last)| {
        let (scope, token) = (scope.clone(), token.clone());
        async move {
            loop {
                tokio::time::sleep(LOOK).await;
                let (scope, token, now_ms) = (scope.clone(), token.clone(), app.now_ms());
                let shared = Arc::clone(&app);
                let seen = shared
                    .read(move |db| {
                        let alive = sessions::web_session(db, city, &token, now_ms)?.is_some();
                        let pulse = overview::pulse(db, city, &scope)?;
                        Ok(alive.then_some(pulse))
                    })
                    .await;
                // A session that ended ends the stream; so does a store that fails.
                let pulse = seen.ok().flatten()?;
                if pulse != last {
                    last = pulse;
                    let word = Event::default().event("problems").data("changed");
                    return Some((Ok(word), (app, last)));
                }
            }
        }
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}
