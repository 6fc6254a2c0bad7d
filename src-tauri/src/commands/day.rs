//! Today: duties, tasks, visits under way, drafts.

use super::{apart, id, sync::line};
use crate::{failure::Done, state::Phone};
use serde::Serialize;
use tauri::State;
use zhicha_field::{
    browse::{DraftRow, VisitView},
    clock::SystemClock,
    sync,
    view::Tasks,
};

/// What there is to do.
#[derive(Serialize)]
pub(crate) struct Today {
    #[serde(flatten)]
    tasks: Tasks,
    visits: Vec<VisitView>,
    /// Tasks whose visit has ended.
    finished: Vec<String>,
    drafts: Vec<DraftRow>,
}

#[tauri::command]
pub(crate) async fn today(phone: State<'_, Phone>) -> Done<Today> {
    let phone = phone.inner().clone();
    apart(move || {
        phone.with(|v| {
            Ok(Today {
                tasks: v.tasks()?,
                visits: v.open_visits()?,
                finished: v.finished_tasks()?,
                drafts: v.drafts()?,
            })
        })
    })
    .await
}

#[tauri::command]
pub(crate) async fn pull(phone: State<'_, Phone>) -> Done<usize> {
    let phone = phone.inner().clone();
    apart(move || {
        let mut transport = line(&phone)?;
        Ok(sync::pull_once(
            &mut phone.clone(),
            &mut transport,
            &SystemClock,
        )?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn depart(phone: State<'_, Phone>, duty: String) -> Done<usize> {
    let phone = phone.inner().clone();
    apart(move || {
        let mut transport = line(&phone)?;
        Ok(sync::depart(
            &mut phone.clone(),
            id(&duty)?,
            &mut transport,
            &SystemClock,
        )?)
    })
    .await
}
