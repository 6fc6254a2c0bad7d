//! Photo files by tus 1.0.0: creation, checksum, expiration, termination.
//!
//! What a PATCH acknowledged is synced to disk, and the offset is the length of the file on disk, so
//! neither a crash nor a lost reply loses or doubles a byte. After the last byte the whole is hashed:
//! on a match it gets its name in the object store and only then its row; on a mismatch the upload is
//! gone and the answer is 460.

use super::super::{Answer, Refusal, auth::Phone};
use crate::{
    app::Shared,
    store::{
        StoreError,
        uploads::{self, Upload},
    },
};
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use data_encoding::{BASE64, HEXLOWER};
use rand::Rng as _;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use std::str::FromStr;
use zhicha_domain::{
    hash::Digest,
    ids::{PhotoId, UploadId, uuid_v7},
    photo::Rendition,
    wire::Limits,
};

/// How long an unfinished upload is kept, milliseconds: 90 days.
const KEPT_MS: i64 = 90 * 24 * 3_600_000;

fn tus(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert("Tus-Resumable", HeaderValue::from_static("1.0.0"));
    response
}

fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn bad(code: &str, zh: &str, en: &str) -> Refusal {
    Refusal::bad_request(code, zh, en)
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// What this server speaks of tus.
#[utoipa::path(options, path = "/v1/uploads", tag = "photos", responses((status = 204)))]
pub(super) async fn options() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    set(&mut response, "Tus-Version", "1.0.0");
    set(
        &mut response,
        "Tus-Extension",
        "creation,checksum,expiration,termination",
    );
    set(&mut response, "Tus-Checksum-Algorithm", "sha1,sha256");
    set(
        &mut response,
        "Tus-Max-Size",
        &Limits::default().file_bytes.to_string(),
    );
    tus(response)
}

struct Wanted {
    photo: PhotoId,
    rendition: Rendition,
    sha256: Digest,
}

/// `photo <b64>,rendition <b64>,sha256 <b64>`
fn metadata(headers: &HeaderMap) -> Option<Wanted> {
    let text = headers.get("upload-metadata")?.to_str().ok()?;
    let value = |name: &str| -> Option<String> {
        let pair = text
            .split(',')
            .map(str::trim)
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix(' '))?;
        String::from_utf8(BASE64.decode(pair.trim().as_bytes()).ok()?).ok()
    };
    Some(Wanted {
        photo: PhotoId::from_str(&value("photo")?).ok()?,
        rendition: Rendition::from_key(&value("rendition")?)?,
        sha256: value("sha256")?.parse().ok()?,
    })
}

/// Begins an upload. Bytes this account has sent before need not be sent again.
#[utoipa::path(
    post, path = "/v1/uploads", tag = "photos",
    params(
        ("Upload-Length" = u64, Header, description = "bytes of the whole file"),
        ("Upload-Metadata" = String, Header, description = "photo, rendition, sha256; values in base64"),
    ),
    responses((status = 201), (status = 400), (status = 401), (status = 413)),
    security(("device" = []))
)]
pub(super) async fn create(
    State(app): State<Shared>,
    Phone(phone): Phone,
    headers: HeaderMap,
) -> Answer<Response> {
    let len = number(&headers, "upload-length").ok_or_else(|| {
        bad(
            "upload_length",
            "缺少文件长度",
            "Upload-Length is missing or no number",
        )
    })?;
    if len > Limits::default().file_bytes {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "file_too_large",
            "文件超过 64 MiB，不能上传",
            "the file is over 64 MiB",
        ));
    }
    let wanted = metadata(&headers).filter(|_| len > 0).ok_or_else(|| {
        bad(
            "upload_metadata",
            "缺少照片编号、版本或校验值",
            "Upload-Metadata needs photo, rendition and sha256, and the file must not be empty",
        )
    })?;
    let now_ms = app.now_ms();
    let mut random = [0u8; 10];
    rand::rng().fill_bytes(&mut random);
    let mut upload = Upload {
        upload: uuid_v7(now_ms, random).into(),
        account: phone.account,
        photo: wanted.photo,
        rendition: wanted.rendition,
        sha256: wanted.sha256,
        len,
        complete_ms: None,
    };
    let (city, account, sha256) = (app.city.city, phone.account, wanted.sha256);
    let held = app
        .read(move |db| uploads::held_files(db, city, account, &[sha256]))
        .await?;
    let known = !held.is_empty();
    if known {
        upload.complete_ms = Some(now_ms);
    } else {
        let (objects, id) = (app.objects.clone(), upload.upload);
        blocking(move || objects.create_partial(id)).await?;
    }
    let row = upload.clone();
    app.writer
        .write(move |tx| tx.insert_upload(&row, now_ms))
        .await?;
    let mut response = StatusCode::CREATED.into_response();
    set(
        &mut response,
        "Location",
        &format!("/v1/uploads/{}", upload.upload),
    );
    set(
        &mut response,
        "Upload-Expires",
        &http_date(now_ms + KEPT_MS),
    );
    if known {
        set(&mut response, "Upload-Offset", &len.to_string());
        set(&mut response, "Zhicha-Complete", &sha256.to_string());
    }
    Ok(tus(response))
}

async fn find(app: &Shared, phone: &crate::store::devices::Device, id: &str) -> Answer<Upload> {
    let id = UploadId::from_str(id).map_err(|_| Refusal::not_found())?;
    let (city, account) = (app.city.city, phone.account);
    app.read(move |db| uploads::upload(db, city, account, id))
        .await?
        .ok_or_else(Refusal::not_found)
}

async fn offset(app: &Shared, upload: &Upload) -> Answer<u64> {
    if upload.complete_ms.is_some() {
        return Ok(upload.len);
    }
    let (objects, id) = (app.objects.clone(), upload.upload);
    match blocking(move || objects.partial_len(id)).await {
        Ok(len) => Ok(len),
        // The row without its file: begin again.
        Err(_) => Err(Refusal::not_found()),
    }
}

/// How far an upload has come.
#[utoipa::path(
    head, path = "/v1/uploads/{id}", tag = "photos", params(("id" = String, Path)),
    responses((status = 200), (status = 404)), security(("device" = []))
)]
pub(super) async fn head(
    State(app): State<Shared>,
    Phone(phone): Phone,
    Path(id): Path<String>,
) -> Answer<Response> {
    let mut upload = find(&app, &phone, &id).await?;
    let offset = offset(&app, &upload).await?;
    if offset == upload.len && upload.complete_ms.is_none() {
        // The server stopped between the last byte and its hash: finish now, so that a client that
        // takes a full offset for the end is right.
        complete(&app, &upload)
            .await
            .map_err(|_| Refusal::not_found())?;
        upload.complete_ms = Some(app.now_ms());
    }
    let mut response = StatusCode::OK.into_response();
    set(&mut response, "Upload-Offset", &offset.to_string());
    set(&mut response, "Upload-Length", &upload.len.to_string());
    set(&mut response, "Cache-Control", "no-store");
    if upload.complete_ms.is_some() {
        set(&mut response, "Zhicha-Complete", &upload.sha256.to_string());
    }
    Ok(tus(response))
}

/// Appends at the offset.
#[utoipa::path(
    patch, path = "/v1/uploads/{id}", tag = "photos",
    params(
        ("id" = String, Path),
        ("Upload-Offset" = u64, Header, description = "where these bytes begin"),
        ("Upload-Checksum" = Option<String>, Header, description = "sha256 and base64 of this part's hash"),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses(
        (status = 204), (status = 404),
        (status = 409, description = "the offset is not where the upload stands"),
        (status = 460, description = "the hash does not match"),
    ),
    security(("device" = []))
)]
pub(super) async fn patch(
    State(app): State<Shared>,
    Phone(phone): Phone,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Response> {
    let upload = find(&app, &phone, &id).await?;
    let stands = offset(&app, &upload).await?;
    let at = number(&headers, "upload-offset");
    let end = stands.saturating_add(bytes.len() as u64);
    if at != Some(stands) || end > upload.len {
        return Err(Refusal::conflict(
            "wrong_offset",
            "上传位置对不上，请先查询再续传",
            "the offset is not where the upload stands; ask with HEAD and go on from there",
        ));
    }
    checksum(&headers, &bytes)?;
    let (objects, upload_id) = (app.objects.clone(), upload.upload);
    if upload.complete_ms.is_none() && !bytes.is_empty() {
        blocking(move || objects.append(upload_id, stands, &bytes)).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set(&mut response, "Upload-Offset", &end.to_string());
    if end == upload.len {
        if upload.complete_ms.is_none() {
            complete(&app, &upload).await?;
        }
        set(&mut response, "Zhicha-Complete", &upload.sha256.to_string());
    }
    Ok(tus(response))
}

/// Names the object, then writes the rows and tells the account.
async fn complete(app: &Shared, upload: &Upload) -> Answer<()> {
    let (objects, u) = (app.objects.clone(), upload.clone());
    let matches = blocking(move || objects.publish(u.upload, u.sha256, u.len)).await?;
    let (u, now_ms) = (upload.clone(), app.now_ms());
    if !matches {
        let objects = app.objects.clone();
        blocking(move || objects.drop_partial(u.upload)).await?;
        let id = upload.upload;
        app.writer.write(move |tx| tx.delete_upload(id)).await?;
        return Err(mismatch());
    }
    app.writer
        .write(move |tx| tx.finish_upload(&u, now_ms))
        .await?;
    Ok(())
}

fn mismatch() -> Refusal {
    let status = StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST);
    Refusal::new(
        status,
        "hash_mismatch",
        "收到的内容和校验值不一致，请从头重传；原图在手机上",
        "what arrived does not have the stated hash; send it again from the start",
    )
}

/// `Upload-Checksum: sha256 <base64>` over this part alone; `sha1` because tus demands it of every
/// server. It guards against damage on the way; the whole file's SHA-256 is checked at the end.
fn checksum(headers: &HeaderMap, bytes: &Bytes) -> Answer<()> {
    let Some(value) = headers.get("upload-checksum") else {
        return Ok(());
    };
    let text = value.to_str().unwrap_or_default();
    let (algorithm, wanted) = text.split_once(' ').unwrap_or((text, ""));
    let found = match algorithm {
        "sha256" => Sha256::digest(bytes).to_vec(),
        "sha1" => Sha1::digest(bytes).to_vec(),
        _ => {
            return Err(bad(
                "checksum_algorithm",
                "不支持这种校验算法",
                "this checksum algorithm is not supported; use sha256 or sha1",
            ));
        }
    };
    match BASE64.decode(wanted.as_bytes()) {
        Ok(raw) if raw == found => Ok(()),
        _ => {
            tracing::warn!(found = HEXLOWER.encode(&found), "a part arrived damaged");
            Err(mismatch())
        }
    }
}

/// Gives an unfinished upload up.
#[utoipa::path(
    delete, path = "/v1/uploads/{id}", tag = "photos", params(("id" = String, Path)),
    responses((status = 204), (status = 404)), security(("device" = []))
)]
pub(super) async fn delete(
    State(app): State<Shared>,
    Phone(phone): Phone,
    Path(id): Path<String>,
) -> Answer<Response> {
    let upload = find(&app, &phone, &id).await?;
    if upload.complete_ms.is_none() {
        let (objects, id) = (app.objects.clone(), upload.upload);
        blocking(move || objects.drop_partial(id)).await?;
        app.writer.write(move |tx| tx.delete_upload(id)).await?;
    }
    Ok(tus(StatusCode::NO_CONTENT.into_response()))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Answer<T> {
    let done = tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| StoreError::Panicked)?;
    done.map_err(|error| {
        tracing::error!(%error, "files");
        if error.kind() == std::io::ErrorKind::StorageFull {
            return Refusal::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "disk_full",
                "服务器磁盘已满，照片还在手机上，请通知管理员",
                "the server's disk is full; the photo stays on the phone",
            );
        }
        Refusal::from(StoreError::Stored(error.to_string()))
    })
}

fn http_date(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .ok()
        .map(|at| at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
        .unwrap_or_default()
}
