//! A picture comes in parts: begun, handed over piece by piece in base64, closed with its hash.
//!
//! Android's bridge carries text alone, and one command with a whole photo in it would hold the page;
//! so every window takes the same way. The bytes are sealed only when the hash of the whole is right.

use super::{apart, id};
use crate::{
    failure::{Done, Failure},
    state::{Arriving, Phone},
};
use data_encoding::BASE64;
use tauri::State;
use zhicha_domain::{geo::Fix, hash::Digest, ids::ProblemId, photo::Shot};
use zhicha_field::{
    capture::{Intake, NewPhoto},
    clock::SystemClock,
};

/// A part of a picture has at most this many bytes, so that no command's JSON grows large.
const PART_BYTES: usize = 512 * 1024;
/// A picture has at most this many.
const WHOLE_BYTES: usize = 64 * 1024 * 1024;

/// Begins a picture that comes in parts.
#[tauri::command]
pub(crate) async fn photo_open(phone: State<'_, Phone>) -> Done<String> {
    let phone = phone.inner().clone();
    apart(move || {
        let raw: [u8; 16] = rand::random();
        let key = data_encoding::HEXLOWER.encode(&raw);
        phone
            .arriving
            .lock()
            .insert(key.clone(), Arriving::default());
        Ok(key)
    })
    .await
}

/// One more part, base64.
#[tauri::command]
pub(crate) async fn photo_part(phone: State<'_, Phone>, key: String, part: String) -> Done<usize> {
    let phone = phone.inner().clone();
    apart(move || {
        let bytes = BASE64
            .decode(part.as_bytes())
            .ok()
            .filter(|b| b.len() <= PART_BYTES)
            .ok_or_else(|| {
                Failure::new(
                    "part",
                    "照片没有传完整，请重选",
                    "a part is damaged; choose the photo again",
                )
            })?;
        let mut arriving = phone.arriving.lock();
        let whole = arriving.get_mut(&key).ok_or_else(|| {
            Failure::new(
                "part",
                "照片没有传完整，请重选",
                "the photo is gone; choose it again",
            )
        })?;
        if whole.bytes.len() + bytes.len() > WHOLE_BYTES {
            arriving.remove(&key);
            return Err(Failure::new(
                "too_large",
                "照片超过 64 MB，请换一张",
                "the photo is over 64 MB",
            ));
        }
        whole.bytes.extend_from_slice(&bytes);
        Ok(whole.bytes.len())
    })
    .await
}

/// The last part is here: checked against the page's hash, stored, tied to the draft. Gives the
/// photo's id.
#[tauri::command]
pub(crate) async fn photo_close(
    phone: State<'_, Phone>,
    key: String,
    sha256: String,
    problem: String,
    shot: Shot,
    keep_as_attachment: bool,
    fix: Option<Fix>,
) -> Done<String> {
    let phone = phone.inner().clone();
    apart(move || {
        let problem: ProblemId = id(&problem)?;
        let whole = phone.arriving.lock().remove(&key).unwrap_or_default();
        if Digest::of(&whole.bytes).to_string() != sha256 {
            return Err(Failure::new(
                "part",
                "照片没有传完整，请重选",
                "the photo did not arrive whole; choose it again",
            ));
        }
        let photo = NewPhoto {
            bytes: &whole.bytes,
            intake: Intake::import(),
            shot,
            fix,
            keep_as_attachment,
        };
        phone.with(|v| {
            let photo = v.add_photo(problem, &photo, &SystemClock, &mut rand::rng())?;
            Ok(photo.to_string())
        })
    })
    .await
}
