//! `POST /v1/problems/{id}/photos`, `GET /v1/photos/{id}/{rendition}`.

use super::write::{RawWrite, new_id};
use crate::{
    api::{Answer, Refusal, auth::Office},
    app::Shared,
    office::{photo, rendition},
    store::{StoreError, photos},
};
use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED,
            RANGE,
        },
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::{path::PathBuf, sync::Arc};
use tower::ServiceExt as _;
use tower_http::services::ServeFile;
use utoipa::ToSchema;
use zhicha_domain::{
    ids::{PhotoId, ProblemId},
    photo::Rendition,
    rights::Act,
};

/// Media types that a browser shows as a picture; anything else is only downloaded.
const PICTURES: [&str; 6] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heic",
    "image/heif",
    "image/avif",
];

/// A photo added.
#[derive(Serialize, ToSchema)]
pub(super) struct Added {
    /// Its id.
    photo: PhotoId,
}

/// Adds a photo of the problem as put right: the picture's bytes are the body.
#[utoipa::path(
    post, path = "/v1/problems/{id}/photos", tag = "photos",
    params(("id" = ProblemId, Path), ("Idempotency-Key" = String, Header)),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses(
        (status = 201, body = Added),
        (status = 400, description = "empty, over 64 MiB, or no picture that can be shown"),
        (status = 401), (status = 404),
        (status = 409, description = "not in the problem's present state"),
    ),
    security(("office" = []))
)]
pub(super) async fn add(
    State(app): State<Shared>,
    Path(id): Path<String>,
    write: RawWrite,
) -> Answer<Response> {
    write.by.may(Act::Rectify)?;
    let problem: ProblemId = id.parse().map_err(|_| Refusal::not_found())?;
    let actor = write.by.session.actor;
    // Asked before anything is stored, so that nobody fills the disk beside his reach; asked again
    // in the transaction.
    let asking = actor.clone();
    app.writer
        .write(move |tx| photo::may_add(tx, &asking, problem).map(|_| ()))
        .await?;
    let (objects, bytes, now_ms) = (app.objects.clone(), write.bytes, app.now_ms());
    let stored =
        tokio::task::spawn_blocking(move || photo::store(&objects, &bytes, &mut new_id(now_ms)))
            .await
            .map_err(|_| StoreError::Panicked)?
            .map_err(|e| StoreError::Stored(e.to_string()))??;
    let keys = Arc::clone(&app.city);
    write
        .once
        .run(&app, StatusCode::CREATED, move |tx, id, now_ms| {
            Ok(Added {
                photo: photo::add(tx, &keys, &actor, problem, &stored, id, now_ms)?,
            })
        })
        .await
}

/// A file to be sent.
struct Sent {
    path: PathBuf,
    mime: String,
    tag: String,
}

/// One file of a photo. Whoever may not know the provenance gets the server's own rendition without
/// any metadata, and never the original.
#[utoipa::path(
    get, path = "/v1/photos/{id}/{rendition}", tag = "photos",
    params(("id" = PhotoId, Path), ("rendition" = Rendition, Path), ("Range" = Option<String>, Header)),
    responses(
        (status = 200, content_type = "image/jpeg", body = Vec<u8>, headers(("ETag" = String))),
        (status = 206), (status = 304), (status = 401), (status = 404), (status = 416),
    ),
    security(("office" = []))
)]
pub(super) async fn get(
    State(app): State<Shared>,
    by: Office,
    Path((id, wanted)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer<Response> {
    let view = by.view(Act::ReadProblem)?;
    let photo: PhotoId = id.parse().map_err(|_| Refusal::not_found())?;
    let wanted = Rendition::from_key(&wanted).ok_or_else(Refusal::not_found)?;
    let (city, objects) = (app.city.city, app.objects.clone());
    let sent = app
        .read(move |db| {
            if view.provenance {
                let held = photos::held_file(db, city, &view.scope, photo, wanted)?;
                return Ok(held.map(|held| Sent {
                    path: objects.object(held.sha256),
                    tag: held.sha256.to_string(),
                    mime: held.mime,
                }));
            }
            let shown = rendition::shown(db, city, &objects, &view.scope, (photo, wanted))?;
            Ok(shown.map(|shown| Sent {
                path: shown.path,
                tag: shown.tag.to_string(),
                mime: "image/jpeg".into(),
            }))
        })
        .await?
        .ok_or_else(Refusal::not_found)?;
    send(&headers, sent).await
}

async fn send(headers: &HeaderMap, sent: Sent) -> Answer<Response> {
    let tag = format!("\"{}\"", sent.tag);
    let names = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
            .is_some_and(|value| value.split(',').any(|t| t.trim() == tag))
    };
    let mut response = if names(IF_NONE_MATCH) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut ask = Request::builder().method(Method::GET).uri("/");
        // A range of other bytes than these would be a torn picture.
        if let Some(range) = headers.get(RANGE)
            && (!headers.contains_key(IF_RANGE) || names(IF_RANGE))
        {
            ask = ask.header(RANGE, range);
        }
        let ask = ask
            .body(Body::empty())
            .map_err(|e| StoreError::Stored(e.to_string()))?;
        let mime = PICTURES
            .iter()
            .find(|m| **m == sent.mime)
            .copied()
            .unwrap_or("application/octet-stream");
        let mime = mime
            .parse()
            .map_err(|_| StoreError::Stored(format!("media type {mime}")))?;
        let served = ServeFile::new_with_mime(&sent.path, &mime)
            .oneshot(ask)
            .await;
        match served {
            Ok(served) => served.map(Body::new),
            Err(never) => match never {},
        }
    };
    let set = response.headers_mut();
    // The folder's clock says nothing about a picture.
    set.remove(LAST_MODIFIED);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        set.insert(ETAG, tag);
    }
    // Kept by the browser, but asked about each time: rights may have changed.
    set.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    set.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    Ok(response)
}
