//! The steps of a problem: `POST /v1/problems/{id}/…`, each with If-Match and Idempotency-Key.

use super::write::Write;
use crate::{
    api::{Answer, Refusal},
    app::Shared,
    office::{
        act::{self, Acted, Wanted},
        dispatch::{self, Reassign},
    },
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;
use zhicha_domain::{
    ids::{PhotoId, ProblemId},
    ops::office::{ActDetail, FeedbackVia},
    workflow::Event,
};

async fn step<T>(
    app: &Shared,
    id: &str,
    write: Write<T>,
    event: Event,
    detail: Option<ActDetail>,
    note: String,
) -> Answer<Response> {
    let problem: ProblemId = id.parse().map_err(|_| Refusal::not_found())?;
    let rev = Some(write.rev()?);
    let (actor, keys) = (write.by.session.actor, Arc::clone(&app.city));
    let wanted = Wanted {
        problem,
        rev,
        event,
        detail,
        note,
    };
    write
        .once
        .run(app, StatusCode::OK, move |tx, id, now_ms| {
            act::perform(tx, &keys, &actor, wanted, id, now_ms)
        })
        .await
}

/// A remark.
#[derive(Deserialize, ToSchema)]
pub(super) struct Note {
    /// In words.
    #[serde(default)]
    note: String,
}

/// What the reviewer decides.
#[derive(Deserialize, ToSchema)]
pub(super) struct Review {
    /// The decision.
    decision: Decision,
    /// 立案: another category than the one it came with.
    #[serde(default)]
    category: Option<String>,
    /// 退回, 不予立案: why, one of the catalog's reasons.
    #[serde(default)]
    reason: Option<String>,
    /// 并案: the problem that stays.
    #[serde(default)]
    main: Option<ProblemId>,
    /// In words.
    #[serde(default)]
    note: String,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Accept,
    Return,
    Reject,
    Merge,
    OnsiteFixed,
    Reopen,
}

/// 立案, 退回补充, 不予立案, 并案, 现场已整改, or undoing one of them before dispatch.
#[utoipa::path(
    post, path = "/v1/problems/{id}/review", tag = "problems", request_body = Review,
    params(("id" = ProblemId, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses(
        (status = 200, body = Acted), (status = 400), (status = 401), (status = 404),
        (status = 409, description = "not from this state"),
        (status = 412, description = "changed meanwhile"), (status = 428, description = "no If-Match"),
    ),
    security(("office" = []))
)]
pub(super) async fn review(
    State(app): State<Shared>,
    Path(id): Path<String>,
    write: Write<Review>,
) -> Answer<Response> {
    let body = &write.body;
    let reason = body.reason.clone().unwrap_or_default();
    let (event, detail) = match body.decision {
        Decision::Accept => {
            let category = body.category.clone();
            let detail = category.map(|category| ActDetail::Accepted { category });
            (Event::Accept, detail)
        }
        Decision::Return => (Event::Return, Some(ActDetail::Refused { reason })),
        Decision::Reject => (Event::Reject, Some(ActDetail::Refused { reason })),
        Decision::Merge => {
            let main = body.main.ok_or_else(|| {
                Refusal::bad_request(
                    "main",
                    "请选要并入的问题",
                    "`main` names the problem that stays",
                )
            })?;
            (Event::Merge, Some(ActDetail::MergedInto { main }))
        }
        Decision::OnsiteFixed => (Event::OnsiteFixed, None),
        Decision::Reopen => (Event::Reopen, None),
    };
    let note = write.body.note.clone();
    step(&app, &id, write, event, detail, note).await
}

macro_rules! plain {
    ($(#[$doc:meta])* $name:ident $path:literal $event:ident) => {
        $(#[$doc])*
        #[utoipa::path(
            post, path = $path, tag = "problems", request_body = Note,
            params(("id" = ProblemId, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
            responses(
                (status = 200, body = Acted), (status = 400), (status = 401), (status = 404),
                (status = 409, description = "not from this state"),
                (status = 412, description = "changed meanwhile"), (status = 428, description = "no If-Match"),
            ),
            security(("office" = []))
        )]
        pub(super) async fn $name(
            State(app): State<Shared>,
            Path(id): Path<String>,
            write: Write<Note>,
        ) -> Answer<Response> {
            let note = write.body.note.clone();
            step(&app, &id, write, Event::$event, None, note).await
        }
    };
}

plain! {
    /// 签收
    sign "/v1/problems/{id}/sign" Sign
}
plain! {
    /// 申请退办
    refuse "/v1/problems/{id}/refuse" Refuse
}
plain! {
    /// 维持原交办
    uphold "/v1/problems/{id}/uphold" Uphold
}
plain! {
    /// 撤回交办, within ten minutes and unsigned.
    recall "/v1/problems/{id}/recall" Recall
}
plain! {
    /// 挂账
    suspend "/v1/problems/{id}/suspend" Suspend
}
plain! {
    /// 恢复整改
    resume "/v1/problems/{id}/resume" Resume
}
plain! {
    /// 退回重改, after a failed recheck.
    send_back "/v1/problems/{id}/send-back" SendBack
}

/// 改派: to another unit, under a new notice.
#[utoipa::path(
    post, path = "/v1/problems/{id}/reassign", tag = "problems", request_body = Reassign,
    params(("id" = ProblemId, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses(
        (status = 200, body = Acted), (status = 400), (status = 401), (status = 404),
        (status = 409, description = "not from this state"),
        (status = 412, description = "changed meanwhile"), (status = 428, description = "no If-Match"),
    ),
    security(("office" = []))
)]
pub(super) async fn reassign(
    State(app): State<Shared>,
    Path(id): Path<String>,
    write: Write<Reassign>,
) -> Answer<Response> {
    let problem: ProblemId = id.parse().map_err(|_| Refusal::not_found())?;
    let rev = write.rev()?;
    let (actor, keys) = (write.by.session.actor, Arc::clone(&app.city));
    let new = write.body;
    write
        .once
        .run(&app, StatusCode::OK, move |tx, id, now_ms| {
            dispatch::reassign(tx, &keys, &actor, (problem, rev), &new, id, now_ms)
        })
        .await
}

/// What was done about it.
#[derive(Deserialize, ToSchema)]
pub(super) struct Feedback {
    /// 整改措施
    measure: String,
    /// 整改结果
    #[serde(default)]
    result: String,
    /// After-photos of this problem.
    #[serde(default)]
    photos: Vec<PhotoId>,
    /// `unit` by the unit itself; `phone`, `chat`, `paper` for 代录.
    via: FeedbackVia,
    /// In words.
    #[serde(default)]
    note: String,
}

/// 反馈 by the unit, or 代录 by the office.
#[utoipa::path(
    post, path = "/v1/problems/{id}/feedback", tag = "problems", request_body = Feedback,
    params(("id" = ProblemId, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses(
        (status = 200, body = Acted), (status = 400), (status = 401), (status = 404),
        (status = 409, description = "not from this state"),
        (status = 412, description = "changed meanwhile"), (status = 428, description = "no If-Match"),
    ),
    security(("office" = []))
)]
pub(super) async fn feedback(
    State(app): State<Shared>,
    Path(id): Path<String>,
    mut write: Write<Feedback>,
) -> Answer<Response> {
    let detail = ActDetail::Feedback {
        measure: write.body.measure.trim().to_owned(),
        result: write.body.result.trim().to_owned(),
        photos: std::mem::take(&mut write.body.photos),
        via: write.body.via,
    };
    let note = std::mem::take(&mut write.body.note);
    step(&app, &id, write, Event::Feedback, Some(detail), note).await
}

/// More time: asked for, given or not.
#[derive(Deserialize, ToSchema)]
pub(super) struct Extend {
    /// What is done.
    decision: ExtendDecision,
    /// The new deadline when given, in the city's zone: `2026-03-06 18:00`.
    #[serde(default)]
    deadline: Option<String>,
    /// In words.
    #[serde(default)]
    note: String,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExtendDecision {
    Request,
    Approve,
    Deny,
}

/// 申请延期, 同意延期, 不同意延期.
#[utoipa::path(
    post, path = "/v1/problems/{id}/extend", tag = "problems", request_body = Extend,
    params(("id" = ProblemId, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses(
        (status = 200, body = Acted), (status = 400), (status = 401), (status = 404),
        (status = 409, description = "not from this state, or given once already"),
        (status = 412, description = "changed meanwhile"), (status = 428, description = "no If-Match"),
    ),
    security(("office" = []))
)]
pub(super) async fn extend(
    State(app): State<Shared>,
    Path(id): Path<String>,
    mut write: Write<Extend>,
) -> Answer<Response> {
    let (event, detail) = match write.body.decision {
        ExtendDecision::Request => (Event::ExtendRequest, None),
        ExtendDecision::Deny => (Event::Deny, None),
        ExtendDecision::Approve => {
            let typed = write.body.deadline.as_deref().unwrap_or_default();
            let deadline_ms = dispatch::deadline(typed, app.now_ms())?;
            (Event::Approve, Some(ActDetail::Extended { deadline_ms }))
        }
    };
    let note = std::mem::take(&mut write.body.note);
    step(&app, &id, write, event, detail, note).await
}

/// What the recheck found.
#[derive(Deserialize, ToSchema)]
pub(super) struct Recheck {
    /// The result.
    result: Found,
    /// Photos of the recheck.
    #[serde(default)]
    photos: Vec<PhotoId>,
    /// In words; needed unless it passed.
    #[serde(default)]
    note: String,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Found {
    Pass,
    Fail,
    Partial,
    NotCheckable,
    KeepWatch,
}

/// 复查, by somebody else than whoever entered the feedback: passed (销号), not passed, in part,
/// could not be checked, or to be watched from now on.
#[utoipa::path(
    post, path = "/v1/problems/{id}/recheck", tag = "problems", request_body = Recheck,
    params(("id" = ProblemId, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses(
        (status = 200, body = Acted), (status = 400), (status = 401), (status = 404),
        (status = 409, description = "not from this state, or the same person"),
        (status = 412, description = "changed meanwhile"), (status = 428, description = "no If-Match"),
    ),
    security(("office" = []))
)]
pub(super) async fn recheck(
    State(app): State<Shared>,
    Path(id): Path<String>,
    mut write: Write<Recheck>,
) -> Answer<Response> {
    let event = match write.body.result {
        Found::Pass => Event::Pass,
        Found::Fail => Event::Fail,
        Found::Partial => Event::Partial,
        Found::NotCheckable => Event::NotCheckable,
        Found::KeepWatch => Event::KeepWatch,
    };
    let detail = ActDetail::Recheck {
        photos: std::mem::take(&mut write.body.photos),
    };
    let note = std::mem::take(&mut write.body.note);
    step(&app, &id, write, event, Some(detail), note).await
}
