//! Photo files up by tus: small ones first, each resumed where it stands.

use super::{Door, Line, SyncOptions, SyncReport};
use crate::{FieldError, Vault, net::Request};
use data_encoding::BASE64;
use rusqlite::params;
use zhicha_domain::hash::Digest;

struct Waiting {
    photo: String,
    rendition: String,
    file: String,
    sha256: Digest,
    upload: String,
}

fn waiting(vault: &Vault) -> Result<Vec<Waiting>, FieldError> {
    let rows: Vec<(String, String, String, String, String)> = vault
        .db
        .prepare(
            "SELECT photo_id, rendition, file, sha256, upload FROM photo_files
             WHERE stage NOT IN ('local', 'confirmed')
             ORDER BY CASE rendition WHEN 'thumbnail' THEN 0 WHEN 'preview' THEN 1 ELSE 2 END,
                      photo_id",
        )?
        .query_map([], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows
        .into_iter()
        .filter_map(|(photo, rendition, file, sha256, upload)| {
            Some(Waiting {
                photo,
                rendition,
                file,
                sha256: sha256.parse().ok()?,
                upload,
            })
        })
        .collect())
}

/// Uploads every file that waits.
pub(super) fn all(
    door: &mut impl Door,
    line: &mut Line<'_>,
    options: &SyncOptions,
    report: &mut SyncReport,
) -> Result<(), FieldError> {
    let waiting = door.enter(|v| waiting(v))?;
    for file in waiting {
        match one(door, line, options, &file) {
            Ok(Sent::Confirmed) => {
                set(door, &file, "confirmed", "")?;
                report.files += 1;
            }
            Ok(Sent::Mismatch) => {
                set(door, &file, "mismatch", "")?;
                report.mismatched += 1;
            }
            // One that no longer reads keeps no other back.
            Err(FieldError::Damaged(..) | FieldError::Seal(_) | FieldError::Io { .. }) => {
                set(door, &file, "failed", &file.upload)?;
                report.damaged += 1;
            }
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

enum Sent {
    Confirmed,
    Mismatch,
}

fn set(door: &mut impl Door, file: &Waiting, stage: &str, upload: &str) -> Result<(), FieldError> {
    door.enter(|v| {
        v.transact(|tx| {
            tx.prepare_cached(
                "UPDATE photo_files SET stage = $1, upload = $2
                 WHERE photo_id = $3 AND rendition = $4",
            )?
            .execute(params![stage, upload, file.photo, file.rendition])?;
            Ok(())
        })
    })
}

fn one(
    door: &mut impl Door,
    line: &mut Line<'_>,
    options: &SyncOptions,
    file: &Waiting,
) -> Result<Sent, FieldError> {
    let bytes = door.enter(|v| v.read_file(&file.file, file.sha256))?;
    let says_ours = |answer: &crate::net::Response| {
        answer.header("zhicha-complete") == Some(file.sha256.to_string().as_str())
    };
    let mut url = file.upload.clone();
    let mut offset = None;
    if !url.is_empty() {
        let answer = line.send(&tus("HEAD", &url))?;
        match answer.status {
            200 if says_ours(&answer) => return Ok(Sent::Confirmed),
            200 => offset = answer.header("upload-offset").and_then(|v| v.parse().ok()),
            // Expired or swept: begin again.
            404 | 410 => url.clear(),
            _ => return Err(answer.failure().into()),
        }
    }
    if url.is_empty() {
        let mut ask = tus("POST", "/v1/uploads");
        let metadata = [
            ("photo", file.photo.as_str()),
            ("rendition", file.rendition.as_str()),
            ("sha256", &file.sha256.to_string()),
        ]
        .map(|(name, value)| format!("{name} {}", BASE64.encode(value.as_bytes())))
        .join(",");
        ask = ask
            .header("upload-length", bytes.len().to_string())
            .header("upload-metadata", metadata);
        let answer = line.send(&ask)?;
        if answer.status != 201 {
            return Err(answer.failure().into());
        }
        if says_ours(&answer) {
            return Ok(Sent::Confirmed);
        }
        url = answer.header("location").unwrap_or_default().to_owned();
        set(door, file, "sending", &url)?;
        offset = Some(0);
    }
    let mut at = offset.unwrap_or(0_usize);
    let mut chunk = options.chunk_bytes.max(1);
    while at < bytes.len() {
        let end = (at + chunk).min(bytes.len());
        let mut ask = tus("PATCH", &url)
            .header("content-type", "application/offset+octet-stream")
            .header("upload-offset", at.to_string());
        ask.body = bytes[at..end].to_vec();
        let answer = line.send(&ask)?;
        match answer.status {
            204 if says_ours(&answer) => return Ok(Sent::Confirmed),
            204 => at = end,
            413 if chunk > 1 => chunk /= 2,
            460 => return Ok(Sent::Mismatch),
            _ => return Err(answer.failure().into()),
        }
    }
    // Everything was sent and nothing confirmed: the next pass asks again.
    set(door, file, "sent", &url)?;
    Err(crate::net::NetError::NotOurs(204).into())
}

fn tus(method: &'static str, path: &str) -> Request {
    Request::new(method, path).header("tus-resumable", "1.0.0")
}
