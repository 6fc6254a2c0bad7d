//! Writes of the office: each carries an Idempotency-Key, so that a reply that got lost is given
//! again and nothing is done twice; a step on a problem also carries If-Match, so that nobody
//! decides on what he has not seen.

use crate::{
    api::{Answer, Refusal, auth::Office},
    app::Shared,
    office::Fault,
    store::{StoreError, Tx, idempotency::Remembered},
};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_TYPE, IF_MATCH},
    },
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;
use zhicha_domain::{
    hash::Digest,
    ids::{AccountId, uuid_v7},
    rights::Actor,
};

/// The most bytes of a key.
const KEY_BYTES: usize = 200;

/// A write with its raw body.
pub(super) struct RawWrite {
    pub(super) by: Office,
    pub(super) once: Once,
    pub(super) bytes: Bytes,
    headers: HeaderMap,
}

/// A write with a JSON body; an empty one is `{}`.
pub(super) struct Write<T> {
    pub(super) by: Office,
    pub(super) once: Once,
    pub(super) body: T,
    headers: HeaderMap,
}

impl FromRequest<Shared> for RawWrite {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Shared) -> Answer<Self> {
        let (mut parts, body) = request.into_parts();
        let by = <Office as axum::extract::FromRequestParts<Shared>>::from_request_parts(
            &mut parts, app,
        )
        .await?;
        let headers = parts.headers.clone();
        let what = format!("{} {}", parts.method, parts.uri);
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|e| too_large_or_cut(e.status()))?;
        let key = headers
            .get("idempotency-key")
            .and_then(|value| value.to_str().ok())
            .filter(|key| !key.is_empty() && key.len() <= KEY_BYTES)
            .ok_or_else(|| {
                Refusal::bad_request(
                    "idempotency_key",
                    "请求缺少 Idempotency-Key，没有处理",
                    "Idempotency-Key is missing or too long; nothing was done",
                )
            })?
            .to_owned();
        let once = Once {
            account: by.session.actor.account,
            key,
            request: Digest::of_parts(&[what.as_bytes(), b"\0", &bytes]),
        };
        Ok(Self {
            by,
            once,
            bytes,
            headers,
        })
    }
}

fn too_large_or_cut(status: StatusCode) -> Refusal {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Refusal::new(
            status,
            "too_large",
            "内容太大，上限 64 MB",
            "the body is too large; the limit is 64 MB",
        );
    }
    Refusal::bad_request(
        "body",
        "内容没有传完整，请重试",
        "the body did not arrive whole; send it again",
    )
}

impl<T: DeserializeOwned> FromRequest<Shared> for Write<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Shared) -> Answer<Self> {
        let RawWrite {
            by,
            once,
            bytes,
            headers,
        } = RawWrite::from_request(request, app).await?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let body = serde_json::from_slice(text).map_err(|e| {
            Refusal::bad_request(
                "bad_json",
                &format!("请求内容的格式不对：{e}"),
                &format!("the body has not the right form: {e}"),
            )
        })?;
        Ok(Self {
            by,
            once,
            body,
            headers,
        })
    }
}

impl<T> Write<T> {
    /// Who writes.
    pub(super) fn actor(&self) -> Actor {
        self.by.session.actor.clone()
    }

    /// The revision that If-Match names.
    pub(super) fn rev(&self) -> Answer<i64> {
        let value = self.headers.get(IF_MATCH).ok_or_else(|| {
            Refusal::new(
                StatusCode::PRECONDITION_REQUIRED,
                "if_match",
                "请求缺少 If-Match（打开问题时的版本），没有处理",
                "If-Match with the problem's ETag is needed; nothing was done",
            )
        })?;
        value
            .to_str()
            .ok()
            .and_then(|text| text.trim().trim_matches('"').parse().ok())
            .ok_or_else(|| Fault::Stale.into())
    }
}

/// Makes sure a write is done once.
pub(super) struct Once {
    account: AccountId,
    key: String,
    request: Digest,
}

impl Once {
    /// Does `work` in one transaction and keeps its answer; the same request again gets that answer.
    pub(super) async fn run<A, F>(
        self,
        app: &Shared,
        status: StatusCode,
        work: F,
    ) -> Answer<Response>
    where
        A: Serialize,
        F: FnOnce(&Tx<'_>, &mut dyn FnMut() -> Uuid, i64) -> Result<A, Fault> + Send + 'static,
    {
        let now_ms = app.now_ms();
        let given = app
            .writer
            .write(move |tx| {
                if let Some(before) = tx.remembered(self.account, &self.key)? {
                    if before.request != self.request {
                        return Err(Fault::conflict(
                            "key_reused",
                            "这个 Idempotency-Key 已用于另一个请求，没有处理",
                            "this Idempotency-Key belongs to another request; nothing was done",
                        ));
                    }
                    return Ok(before);
                }
                let mut id = new_id(now_ms);
                let answer = work(tx, &mut id, now_ms)?;
                let answer = Remembered {
                    request: self.request,
                    status: status.as_u16(),
                    body: serde_json::to_string(&answer)
                        .map_err(|e| StoreError::Stored(e.to_string()))?,
                };
                tx.remember(self.account, &self.key, &answer, now_ms)?;
                Ok::<_, Fault>(answer)
            })
            .await?;
        let status = StatusCode::from_u16(given.status).unwrap_or(status);
        Ok((status, [(CONTENT_TYPE, "application/json")], given.body).into_response())
    }
}

/// Fresh ids of this moment.
pub(super) fn new_id(now_ms: i64) -> impl FnMut() -> Uuid {
    move || uuid_v7(now_ms, rand::random())
}
