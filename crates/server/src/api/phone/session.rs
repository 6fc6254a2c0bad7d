//! `POST /v1/session/challenge`, `POST /v1/session`: the device key is the credential.

use crate::{
    api::{Answer, Refusal, secret},
    app::Shared,
    store::devices,
};
use axum::{Json, extract::State};
use data_encoding::BASE64;
use ed25519_dalek::Signature;
use zhicha_domain::wire::{Challenge, ChallengeRequest, Session, SessionRequest, session_message};

const NONCE_MS: i64 = 60_000;
const SESSION_MS: i64 = 3_600_000;

/// A nonce to sign, good for a minute; also for a device that does not exist.
#[utoipa::path(
    post, path = "/v1/session/challenge", tag = "phone", request_body = ChallengeRequest,
    responses((status = 200, body = Challenge))
)]
pub(super) async fn challenge(
    State(app): State<Shared>,
    Json(request): Json<ChallengeRequest>,
) -> Json<Challenge> {
    let now_ms = app.now_ms();
    let plain = format!("{} {}", request.device, now_ms + NONCE_MS);
    Json(Challenge {
        nonce: secret::seal(&app.city.cursor_key, "session", plain.as_bytes()),
        now_ms,
    })
}

/// A token for one hour.
#[utoipa::path(
    post, path = "/v1/session", tag = "phone", request_body = SessionRequest,
    responses(
        (status = 200, body = Session),
        (status = 401, description = "nonce or signature does not hold, or the phone is revoked"),
    )
)]
pub(super) async fn session(
    State(app): State<Shared>,
    Json(request): Json<SessionRequest>,
) -> Answer<Json<Session>> {
    let now_ms = app.now_ms();
    let fresh = secret::open(&app.city.cursor_key, "session", &request.nonce)
        .and_then(|plain| String::from_utf8(plain).ok())
        .and_then(|plain| {
            let (device, until) = plain.split_once(' ')?;
            let until: i64 = until.parse().ok()?;
            Some(device == request.device.to_string() && until > now_ms)
        });
    if fresh != Some(true) {
        return Err(Refusal::unauthorized());
    }
    let (city, id) = (app.city.city, request.device);
    let device = app
        .read(move |db| devices::device(db, city, id))
        .await?
        .filter(|d| d.revoked_ms.is_none())
        .ok_or_else(Refusal::unauthorized)?;
    let holds = BASE64
        .decode(request.signature.as_bytes())
        .ok()
        .and_then(|raw| Signature::from_slice(&raw).ok())
        .zip(device.key.verifying().ok())
        .is_some_and(|(signature, key)| {
            key.verify_strict(&session_message(id, &request.nonce), &signature)
                .is_ok()
        });
    if !holds {
        return Err(Refusal::unauthorized());
    }
    let token = secret::token();
    let (hash, expires_ms) = (secret::stored(&token), now_ms + SESSION_MS);
    app.writer
        .write(move |tx| tx.open_session(&hash, id, expires_ms, now_ms))
        .await?;
    Ok(Json(Session {
        token,
        expires_ms,
        now_ms,
    }))
}
