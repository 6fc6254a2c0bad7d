//! `GET /v1/sync/pull`: what changed for this account.

use crate::{
    api::{Answer, Refusal, auth::Phone, secret},
    app::Shared,
    store::changes::{self, Mark},
};
use axum::{
    Json,
    extract::{Query, State},
};
use serde::Deserialize;
use utoipa::IntoParams;
use zhicha_domain::{
    hash::Digest,
    ids::AccountId,
    wire::{Limits, PullPage},
};

/// Where to go on, and how far at once.
#[derive(Deserialize, IntoParams)]
pub(super) struct Ask {
    /// The cursor of the last page; left out at first.
    after: Option<String>,
    /// At most 500.
    limit: Option<usize>,
}

/// A page of changes. 409 `epoch_changed`: the cursor belongs to another history; pull from the
/// start.
#[utoipa::path(
    get, path = "/v1/sync/pull", tag = "phone", params(Ask),
    responses((status = 200, body = PullPage), (status = 401), (status = 409)),
    security(("device" = []))
)]
pub(super) async fn pull(
    State(app): State<Shared>,
    Phone(phone): Phone,
    Query(ask): Query<Ask>,
) -> Answer<Json<PullPage>> {
    let most = usize::try_from(Limits::default().pull_changes).unwrap_or(500);
    let limit = ask.limit.unwrap_or(most).clamp(1, most);
    let after = match &ask.after {
        Some(text) => read_cursor(&app, phone.account, text).ok_or_else(epoch_changed)?,
        None => Mark {
            seq: 0,
            hash: Digest::ZERO,
        },
    };
    let city = app.city.city;
    let audience = changes::account(phone.account);
    let page = app
        .read(move |db| {
            if changes::hash_at(db, city, after.seq)? != Some(after.hash) {
                return Ok(None);
            }
            changes::pull(db, city, &audience, after.seq, limit).map(Some)
        })
        .await?
        .ok_or_else(epoch_changed)?;
    Ok(Json(PullPage {
        changes: page.changes,
        next: cursor(&app, phone.account, &page.mark),
        more: page.more,
        now_ms: app.now_ms(),
    }))
}

fn epoch_changed() -> Refusal {
    Refusal::conflict(
        "epoch_changed",
        "服务器换过数据（从备份恢复），正在重新核对；本机记录不受影响",
        "the server's history changed; pull from the start",
    )
}

/// The account and the epoch are part of a cursor: it is good for nobody else and for no other
/// history.
fn cursor(app: &Shared, account: AccountId, mark: &Mark) -> String {
    let plain = format!("{} {} {account} {}", mark.seq, mark.hash, app.city.epoch);
    secret::seal(&app.city.cursor_key, "cursor", plain.as_bytes())
}

fn read_cursor(app: &Shared, account: AccountId, text: &str) -> Option<Mark> {
    let plain = secret::open(&app.city.cursor_key, "cursor", text)?;
    let plain = String::from_utf8(plain).ok()?;
    let mut words = plain.split(' ');
    let seq = words.next()?.parse().ok()?;
    let hash = words.next()?.parse().ok()?;
    let ours = words.next()? == account.to_string() && words.next()? == app.city.epoch;
    ours.then_some(Mark { seq, hash })
}
