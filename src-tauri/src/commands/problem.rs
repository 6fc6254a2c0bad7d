//! Problems: drafts stored at every change, photos in parts, hand-over, lists.

use super::id;
use crate::{
    failure::{Done, Failure},
    state::{Arriving, Phone},
};
use data_encoding::BASE64;
use serde::Serialize;
use tauri::State;
use zhicha_domain::{
    catalog::{Category, DeadlineClass, categories, deadline_classes},
    hash::Digest,
    ids::ProblemId,
    photo::Shot,
};
use zhicha_field::{
    browse::{DraftRow, ProblemRow, Turn},
    capture::{Intake, NewPhoto},
    clock::SystemClock,
    problem::{Draft, HandedOver},
};

/// A part of a picture has at most this many bytes, so that no command's JSON grows large.
const PART_BYTES: usize = 512 * 1024;
/// A picture has at most this many.
const WHOLE_BYTES: usize = 64 * 1024 * 1024;

#[derive(Serialize)]
pub(crate) struct Catalog {
    categories: &'static [Category],
    classes: &'static [DeadlineClass],
}

#[tauri::command(async)]
pub(crate) fn catalog() -> Catalog {
    Catalog {
        categories: categories(),
        classes: deadline_classes(),
    }
}

#[tauri::command(async)]
pub(crate) fn problem_begin(phone: State<'_, Phone>, mut draft: Draft) -> Done<String> {
    phone.with(|v| {
        if let Some(visit) = draft.visit {
            draft.site = v.site_of(visit)?;
        }
        let problem = v.begin_problem(&draft, &SystemClock, &mut rand::rng())?;
        Ok(problem.to_string())
    })
}

#[tauri::command(async)]
pub(crate) fn problem_change(phone: State<'_, Phone>, problem: String, draft: Draft) -> Done<()> {
    let problem = id(&problem)?;
    phone.with(|v| v.change_draft(problem, &draft, &SystemClock))
}

#[tauri::command(async)]
pub(crate) fn problem_hand_over(phone: State<'_, Phone>, problem: String) -> Done<HandedOver> {
    let problem = id(&problem)?;
    phone.with(|v| v.hand_over(problem, &SystemClock, &mut rand::rng()))
}

#[tauri::command(async)]
pub(crate) fn problem_withdraw(
    phone: State<'_, Phone>,
    problem: String,
    reason: String,
) -> Done<()> {
    let problem = id(&problem)?;
    phone.with(|v| v.withdraw_problem(problem, &reason, &SystemClock, &mut rand::rng()))
}

#[tauri::command(async)]
pub(crate) fn problem_amend(phone: State<'_, Phone>, problem: String, note: String) -> Done<()> {
    let problem = id(&problem)?;
    phone.with(|v| v.amend_problem(problem, &note, &SystemClock, &mut rand::rng()))
}

#[tauri::command(async)]
pub(crate) fn problems(
    phone: State<'_, Phone>,
    words: String,
    after: Option<Turn>,
) -> Done<Vec<ProblemRow>> {
    phone.with(|v| v.problem_page(&words, after.as_ref(), 40))
}

#[tauri::command(async)]
pub(crate) fn drafts(phone: State<'_, Phone>) -> Done<Vec<DraftRow>> {
    phone.with(|v| v.drafts())
}

/// Begins a picture that comes in parts.
#[tauri::command(async)]
pub(crate) fn photo_open(phone: State<'_, Phone>) -> String {
    let raw: [u8; 16] = rand::random();
    let key = data_encoding::HEXLOWER.encode(&raw);
    phone
        .arriving
        .lock()
        .insert(key.clone(), Arriving::default());
    key
}

/// One more part, base64.
#[tauri::command(async)]
pub(crate) fn photo_part(phone: State<'_, Phone>, key: String, part: String) -> Done<usize> {
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
}

/// The last part is here: checked against the page's hash, stored, tied to the draft. Gives the
/// photo's id.
#[tauri::command(async)]
pub(crate) fn photo_close(
    phone: State<'_, Phone>,
    key: String,
    sha256: String,
    problem: String,
    shot: Shot,
    keep_as_attachment: bool,
) -> Done<String> {
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
        fix: None,
        keep_as_attachment,
    };
    phone.with(|v| {
        let photo = v.add_photo(problem, &photo, &SystemClock, &mut rand::rng())?;
        Ok(photo.to_string())
    })
}
