//! A visit: begun, walked, ended.

use super::{apart, id};
use crate::{failure::Done, state::Phone};
use tauri::State;
use zhicha_domain::{
    ids::TaskId,
    ops::body::{Outcome, VisitMode, VisitRole},
};
use zhicha_field::{browse::VisitView, clock::SystemClock};

#[tauri::command]
pub(crate) async fn visit_start(
    phone: State<'_, Phone>,
    task: String,
    night: bool,
) -> Done<String> {
    let phone = phone.inner().clone();
    apart(move || {
        let task: TaskId = id(&task)?;
        let mode = if night {
            VisitMode::Night
        } else {
            VisitMode::Day
        };
        phone.with(|v| {
            let visit = v.start_visit(
                Some(task),
                mode,
                VisitRole::Lead,
                &SystemClock,
                &mut rand::rng(),
            )?;
            Ok(visit.to_string())
        })
    })
    .await
}

#[tauri::command]
pub(crate) async fn visit(phone: State<'_, Phone>, visit: String) -> Done<VisitView> {
    let phone = phone.inner().clone();
    apart(move || {
        let visit = id(&visit)?;
        phone.with(|v| v.visit(visit))
    })
    .await
}

#[tauri::command]
pub(crate) async fn visit_observe(
    phone: State<'_, Phone>,
    visit: String,
    item: String,
    outcome: Outcome,
) -> Done<()> {
    let phone = phone.inner().clone();
    apart(move || {
        let visit = id(&visit)?;
        phone.with(|v| v.observe(visit, &item, outcome, "", &SystemClock, &mut rand::rng()))
    })
    .await
}

/// Ends the visit; gives the codes of what nobody looked at.
#[tauri::command]
pub(crate) async fn visit_finish(phone: State<'_, Phone>, visit: String) -> Done<Vec<String>> {
    let phone = phone.inner().clone();
    apart(move || {
        let visit = id(&visit)?;
        phone.with(|v| v.finish_visit(visit, &SystemClock, &mut rand::rng()))
    })
    .await
}
