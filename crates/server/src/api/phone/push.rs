//! `POST /v1/sync/push`, `POST /v1/sync/have`.

use crate::{
    accept,
    api::{Answer, Refusal, auth::Phone},
    app::Shared,
    store::{StoreError, logs, uploads},
};
use axum::{Json, extract::State, http::StatusCode};
use futures_util::future::join_all;
use std::collections::BTreeMap;
use zhicha_domain::{
    ids::LogId,
    ops::{LogHead, SignedLogHead, SignedOp},
    wire::{HaveAnswer, HaveRequest, Limits, PushAnswer, PushRequest},
};

/// The most ids and hashes of one *have*.
const HAVE: usize = 1000;

/// Takes ops; one answer per op in the same order.
#[utoipa::path(
    post, path = "/v1/sync/push", tag = "phone", request_body = PushRequest,
    responses(
        (status = 200, body = PushAnswer),
        (status = 401, description = "no session"),
        (status = 413, description = "too many ops at once: send fewer"),
    ),
    security(("device" = []))
)]
pub(super) async fn push(
    State(app): State<Shared>,
    _: Phone,
    Json(request): Json<PushRequest>,
) -> Answer<Json<PushAnswer>> {
    if request.ops.len() as u64 > Limits::default().push_ops {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_many_ops",
            "一次上传的条数太多，请分批",
            "too many ops at once; send fewer",
        ));
    }
    let now_ms = app.now_ms();
    // Each op is a job of its own: the jobs are queued in order and mostly share one commit, and
    // one that fails is undone alone.
    let jobs = request.ops.iter().cloned().map(|op| {
        let app = &app;
        async move {
            let first = op.clone();
            match app
                .writer
                .write(move |tx| accept::op(tx, &first, now_ms))
                .await
            {
                Err(StoreError::Stopping) => Err(StoreError::Stopping),
                Err(error) => {
                    tracing::error!(%error, "an op made the server fail; parking it");
                    app.writer
                        .write(move |tx| accept::park_faulty(tx, &op, now_ms))
                        .await
                }
                taken => taken,
            }
        }
    });
    let results = join_all(jobs)
        .await
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    let heads = heads(&app, &request.ops).await?;
    Ok(Json(PushAnswer {
        results,
        heads,
        now_ms: app.now_ms(),
    }))
}

/// The server's word on how far each of the logs reaches.
async fn heads(app: &Shared, ops: &[SignedOp]) -> Answer<Vec<SignedLogHead>> {
    let logs: BTreeMap<LogId, ()> = ops
        .iter()
        .filter_map(|op| op.read_head().ok())
        .map(|head| (head.log, ()))
        .collect();
    let city = app.city.city;
    let tips = app
        .read(move |db| {
            logs.into_keys()
                .filter_map(|log| logs::tip(db, city, log).transpose())
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let at_ms = app.now_ms();
    Ok(tips
        .into_iter()
        .map(|tip| {
            let head = LogHead {
                v: 1,
                city,
                log: tip.log,
                seq: tip.seq,
                hash: tip.hash,
                at_ms,
            };
            SignedLogHead::sign(&head, &app.city.sign)
        })
        .collect())
}

/// Of what is asked, what this account sent and the server holds durably.
#[utoipa::path(
    post, path = "/v1/sync/have", tag = "phone", request_body = HaveRequest,
    responses((status = 200, body = HaveAnswer), (status = 400), (status = 401)),
    security(("device" = []))
)]
pub(super) async fn have(
    State(app): State<Shared>,
    Phone(phone): Phone,
    Json(request): Json<HaveRequest>,
) -> Answer<Json<HaveAnswer>> {
    if request.ops.len() > HAVE || request.files.len() > HAVE {
        return Err(Refusal::bad_request(
            "too_many",
            "一次最多问 1000 条",
            "ask for at most 1000 at once",
        ));
    }
    let city = app.city.city;
    let (ops, files) = app
        .read(move |db| {
            Ok((
                logs::held_ops(db, city, phone.account, &request.ops)?,
                uploads::held_files(db, city, phone.account, &request.files)?,
            ))
        })
        .await?;
    Ok(Json(HaveAnswer {
        ops,
        files,
        // No backups are made yet, so nothing may be freed.
        backed_up: None,
        epoch: app.city.epoch.clone(),
    }))
}
