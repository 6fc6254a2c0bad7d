//! Problems: drafts stored at every change, hand-over, lists.

use super::{apart, id};
use crate::{failure::Done, state::Phone};
use serde::Serialize;
use tauri::State;
use zhicha_domain::catalog::{Category, DeadlineClass, categories, deadline_classes};
use zhicha_field::{
    browse::{DraftRow, ProblemDetail, ProblemRow, Turn},
    clock::SystemClock,
    problem::{Draft, HandedOver},
};

/// Rows of a page of the list.
const PAGE: usize = 40;

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

#[tauri::command]
pub(crate) async fn problem_begin(phone: State<'_, Phone>, mut draft: Draft) -> Done<String> {
    let phone = phone.inner().clone();
    apart(move || {
        phone.with(|v| {
            if let Some(visit) = draft.visit {
                draft.site = v.site_of(visit)?;
            }
            let problem = v.begin_problem(&draft, &SystemClock, &mut rand::rng())?;
            Ok(problem.to_string())
        })
    })
    .await
}

#[tauri::command]
pub(crate) async fn problem_change(
    phone: State<'_, Phone>,
    problem: String,
    draft: Draft,
) -> Done<()> {
    let phone = phone.inner().clone();
    apart(move || {
        let problem = id(&problem)?;
        phone.with(|v| v.change_draft(problem, &draft, &SystemClock))
    })
    .await
}

#[tauri::command]
pub(crate) async fn problem_hand_over(
    phone: State<'_, Phone>,
    problem: String,
) -> Done<HandedOver> {
    let phone = phone.inner().clone();
    apart(move || {
        let problem = id(&problem)?;
        phone.with(|v| v.hand_over(problem, &SystemClock, &mut rand::rng()))
    })
    .await
}

#[tauri::command]
pub(crate) async fn problem_withdraw(
    phone: State<'_, Phone>,
    problem: String,
    reason: String,
) -> Done<()> {
    let phone = phone.inner().clone();
    apart(move || {
        let problem = id(&problem)?;
        phone.with(|v| v.withdraw_problem(problem, &reason, &SystemClock, &mut rand::rng()))
    })
    .await
}

#[tauri::command]
pub(crate) async fn problem_amend(
    phone: State<'_, Phone>,
    problem: String,
    note: String,
) -> Done<()> {
    let phone = phone.inner().clone();
    apart(move || {
        let problem = id(&problem)?;
        phone.with(|v| v.amend_problem(problem, &note, &SystemClock, &mut rand::rng()))
    })
    .await
}

#[tauri::command]
pub(crate) async fn problems(
    phone: State<'_, Phone>,
    words: String,
    waiting: bool,
    after: Option<Turn>,
) -> Done<Vec<ProblemRow>> {
    let phone = phone.inner().clone();
    apart(move || phone.with(|v| v.problem_page(&words, waiting, after.as_ref(), PAGE))).await
}

#[tauri::command]
pub(crate) async fn problem(phone: State<'_, Phone>, problem: String) -> Done<ProblemDetail> {
    let phone = phone.inner().clone();
    apart(move || {
        let problem = id(&problem)?;
        phone.with(|v| v.problem_detail(problem))
    })
    .await
}

#[tauri::command]
pub(crate) async fn draft(phone: State<'_, Phone>, problem: String) -> Done<DraftRow> {
    let phone = phone.inner().clone();
    apart(move || {
        let problem = id(&problem)?;
        phone.with(|v| v.draft_of(problem))
    })
    .await
}

#[tauri::command]
pub(crate) async fn drafts(phone: State<'_, Phone>) -> Done<Vec<DraftRow>> {
    let phone = phone.inner().clone();
    apart(move || phone.with(|v| v.drafts())).await
}
