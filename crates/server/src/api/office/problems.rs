//! `GET /v1/problems`, `GET /v1/problems/{id}`.

use super::live::day_end_ms;
use crate::{
    api::{Answer, Refusal, auth::Office, secret},
    app::Shared,
    store::casebook::{self, After, Filter, ProblemCard, ProblemDetail},
};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::header::{CACHE_CONTROL, ETAG},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhicha_domain::{
    ids::{DispatchId, ProblemId, UnitId},
    rights::Act,
    workflow::State as Stands,
};

/// How long a page may be.
const PAGE: usize = 200;

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub(super) struct Narrow {
    /// A state's key.
    pub(super) state: Option<Stands>,
    /// A unit.
    pub(super) unit: Option<UnitId>,
    /// A notice.
    pub(super) dispatch: Option<DispatchId>,
    /// A category's code.
    pub(super) category: Option<String>,
    /// Words in number, place, site or description.
    pub(super) q: Option<String>,
    /// Only what is overdue now.
    #[serde(default)]
    pub(super) overdue: bool,
    /// Only what is owed and falls due today.
    #[param(inline)]
    pub(super) due: Option<Due>,
}

/// When something falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Due {
    /// Before the city's day ends.
    Today,
}

impl Narrow {
    pub(super) fn filter(self, now_ms: i64) -> Filter {
        Filter {
            state: self.state,
            unit: self.unit,
            dispatch: self.dispatch,
            category: self.category,
            words: self.q.filter(|q| !q.trim().is_empty()),
            overdue_at_ms: self.overdue.then_some(now_ms),
            due_ms: self.due.map(|Due::Today| (now_ms, day_end_ms(now_ms))),
        }
    }
}

/// Where to go on, and how far at once.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Turn {
    /// `next` of the page before.
    after: Option<String>,
    /// At most 200.
    limit: Option<usize>,
}

/// A page of problems.
#[derive(Serialize, ToSchema)]
pub(super) struct Problems {
    problems: Vec<ProblemCard>,
    /// Give it as `after` for the next page; none: this is the last.
    next: Option<String>,
    /// Server clock, milliseconds since 1970 UTC; what is overdue is overdue by it.
    now_ms: i64,
}

/// Problems within reach, the latest arrival first.
#[utoipa::path(
    get, path = "/v1/problems", tag = "problems", params(Narrow, Turn),
    responses((status = 200, body = Problems), (status = 400), (status = 401), (status = 404)),
    security(("office" = []))
)]
pub(super) async fn list(
    State(app): State<Shared>,
    by: Office,
    Query(narrow): Query<Narrow>,
    Query(turn): Query<Turn>,
) -> Answer<Json<Problems>> {
    let view = by.view(Act::ReadProblem)?;
    let after = match &turn.after {
        Some(text) => Some(read_turn(&app, text).ok_or_else(|| {
            Refusal::bad_request(
                "after",
                "翻页位置已失效，请从第一页看起",
                "`after` is none of this server's; begin with the first page",
            )
        })?),
        None => None,
    };
    let limit = turn.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let (city, now_ms) = (app.city.city, app.now_ms());
    let filter = narrow.filter(now_ms);
    let mut problems = app
        .read(move |db| casebook::list(db, city, &view, &filter, after.as_ref(), limit + 1))
        .await?;
    let more = problems.len() > limit;
    problems.truncate(limit);
    let next = problems
        .last()
        .filter(|_| more)
        .map(|last| write_turn(&app, last));
    Ok(Json(Problems {
        problems,
        next,
        now_ms,
    }))
}

/// Sealed, because the time of arrival is not everybody's to know.
fn write_turn(app: &Shared, last: &ProblemCard) -> String {
    let plain = format!("{} {}", last.received_ms, last.problem);
    secret::seal(&app.city.cursor_key, "problems", plain.as_bytes())
}

fn read_turn(app: &Shared, text: &str) -> Option<After> {
    let plain = secret::open(&app.city.cursor_key, "problems", text)?;
    let plain = String::from_utf8(plain).ok()?;
    let (at, problem) = plain.split_once(' ')?;
    Some(After {
        received_ms: at.parse().ok()?,
        problem: problem.parse().ok()?,
    })
}

/// One problem with photos and timeline. Its ETag is what a step names in If-Match.
#[utoipa::path(
    get, path = "/v1/problems/{id}", tag = "problems", params(("id" = ProblemId, Path)),
    responses(
        (status = 200, body = ProblemDetail, headers(("ETag" = String))),
        (status = 401), (status = 404),
    ),
    security(("office" = []))
)]
pub(super) async fn detail(
    State(app): State<Shared>,
    by: Office,
    Path(id): Path<String>,
) -> Answer<Response> {
    let view = by.view(Act::ReadProblem)?;
    let problem: ProblemId = id.parse().map_err(|_| Refusal::not_found())?;
    let city = app.city.city;
    let found = app
        .read(move |db| casebook::detail(db, city, &view, problem))
        .await?
        .ok_or_else(Refusal::not_found)?;
    let headers = [
        (ETAG, format!("\"{}\"", found.card.rev)),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Json(found)).into_response())
}
