//! Today: duties, tasks, visits under way, drafts.

use super::{id, sync::line};
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
    drafts: Vec<DraftRow>,
}

#[tauri::command(async)]
pub(crate) fn today(phone: State<'_, Phone>) -> Done<Today> {
    phone.with(|v| {
        Ok(Today {
            tasks: v.tasks()?,
            visits: v.open_visits()?,
            drafts: v.drafts()?,
        })
    })
}

#[tauri::command(async)]
pub(crate) fn pull(phone: State<'_, Phone>) -> Done<usize> {
    let mut transport = line(&phone)?;
    Ok(sync::pull_once(
        &mut phone.inner().clone(),
        &mut transport,
        &SystemClock,
    )?)
}

#[tauri::command(async)]
pub(crate) fn depart(phone: State<'_, Phone>, duty: String) -> Done<usize> {
    let mut transport = line(&phone)?;
    Ok(sync::depart(
        &mut phone.inner().clone(),
        id(&duty)?,
        &mut transport,
        &SystemClock,
    )?)
}
