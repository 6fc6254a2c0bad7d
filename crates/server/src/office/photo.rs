//! After-photos that come through a browser: inspected, stored whole, and an op of the city's log.

use super::Fault;
use crate::{
    city::CityKeys,
    objects::Objects,
    store::{
        Tx,
        cases::{Case, Scope},
    },
};
use std::io;
use uuid::Uuid;
use zhicha_domain::{
    hash::Digest,
    ids::{PhotoId, ProblemId},
    ops::{
        OpBody,
        body::{FileFact, PhotoAdded},
    },
    photo::{Origin, PhotoSubject, Shot},
    rights::{Act, Actor},
    workflow::State,
};

/// The media type of what the server makes.
const JPEG: &str = "image/jpeg";

/// The files of a photo as they lie in the object store.
pub struct Stored {
    original: FileFact,
    preview: FileFact,
    thumbnail: FileFact,
    exif_taken: String,
    exif_camera: String,
}

/// Looks at the bytes, makes the renditions, stores all three files. `None` with the reason when
/// it is no picture that can be shown.
///
/// # Errors
/// [`io::Error`] when the object store fails.
pub fn store(
    objects: &Objects,
    bytes: &[u8],
    id: &mut dyn FnMut() -> Uuid,
) -> io::Result<Result<Stored, Fault>> {
    let unshown = |code: &'static str, zh: String, en: String| Fault::invalid(code, zh, en);
    let seen = match zhicha_photo::inspect(bytes) {
        Ok(seen) => seen,
        Err(e) => return Ok(Err(unshown(e.code(), e.message_zh(), e.message_en()))),
    };
    let made = match &seen.renditions {
        Ok(made) => made,
        Err(e) => return Ok(Err(unshown(e.code(), e.message_zh(), e.message_en()))),
    };
    let mut keep = |bytes: &[u8], mime: &str| -> io::Result<FileFact> {
        Ok(FileFact {
            sha256: objects.put(id().into(), bytes)?,
            len: bytes.len() as u64,
            mime: mime.to_owned(),
        })
    };
    let exif = &seen.exif;
    let camera = [&exif.make, &exif.model].map(|t| t.as_deref().unwrap_or_default());
    Ok(Ok(Stored {
        original: keep(bytes, seen.mime())?,
        preview: keep(&made.preview, JPEG)?,
        thumbnail: keep(&made.thumbnail, JPEG)?,
        exif_taken: exif.taken_at.clone().unwrap_or_default(),
        exif_camera: camera.join(" ").trim().to_owned(),
    }))
}

/// The problem, if this actor may add a photo of it as put right, now.
///
/// # Errors
/// [`Fault`].
pub fn may_add(tx: &Tx<'_>, actor: &Actor, problem: ProblemId) -> Result<Case, Fault> {
    let scope = Scope::of(actor, Act::Rectify).ok_or(Fault::NotFound)?;
    let case = tx.case(problem, &scope)?.ok_or(Fault::NotFound)?;
    let open = matches!(
        case.state,
        State::Assigned
            | State::Rectifying
            | State::Extending
            | State::Suspended
            | State::LongTerm
            | State::Feedback
            | State::Failed
            | State::LookBack
    );
    if !open {
        return Err(Fault::conflict(
            "not_from_here",
            format!("「{}」的问题现在不能加整改后照片", case.state.zh()),
            "no photo of it as put right can be added in its present state",
        ));
    }
    Ok(case)
}

/// Adds the photo.
///
/// # Errors
/// [`Fault`].
pub fn add(
    tx: &Tx<'_>,
    keys: &CityKeys,
    actor: &Actor,
    problem: ProblemId,
    stored: &Stored,
    id: &mut dyn FnMut() -> Uuid,
    now_ms: i64,
) -> Result<PhotoId, Fault> {
    may_add(tx, actor, problem)?;
    let photo: PhotoId = id().into();
    let body = PhotoAdded {
        photo,
        of: PhotoSubject::Problem(problem),
        shot: Shot::After,
        origin: Origin::Web,
        original: stored.original.clone(),
        preview: Some(stored.preview.clone()),
        thumbnail: Some(stored.thumbnail.clone()),
        no_preview: String::new(),
        taken: None,
        fix: None,
        exif_fix: None,
        exif_taken: stored.exif_taken.clone(),
        exif_camera: stored.exif_camera.clone(),
    };
    for file in [&stored.original, &stored.preview, &stored.thumbnail] {
        let sha256: Digest = file.sha256;
        tx.hold(actor.account, sha256, file.len, now_ms)?;
    }
    let op = OpBody::PhotoAdded(body.clone());
    let signed = tx.append_city_op(keys, actor.account, id().into(), &op, now_ms)?;
    let head = signed
        .read_head()
        .map_err(|e| crate::store::StoreError::Stored(e.to_string()))?;
    tx.insert_photo(&head, &body, now_ms)?;
    Ok(photo)
}
