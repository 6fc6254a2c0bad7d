//! Sync, and what may be said of it.

use crate::{
    failure::{Done, Failure},
    state::Phone,
};
use tauri::State;
use zhicha_field::{
    clock::SystemClock,
    net::Https,
    sync::{SyncOptions, SyncReport, sync_once},
    view::Status,
};

/// A line to the office this phone is bound to.
pub(super) fn line(phone: &Phone) -> Done<Https> {
    let (address, ca_pem) = phone.with(|v| v.server())?;
    Ok(Https::new(&address, &ca_pem)?)
}

#[tauri::command(async)]
pub(crate) fn sync(phone: State<'_, Phone>) -> Done<SyncReport> {
    let Some(_one) = phone.syncing.try_lock() else {
        return Err(Failure::new("busy", "正在同步", "syncing already"));
    };
    let mut transport = line(&phone)?;
    Ok(sync_once(
        &mut phone.inner().clone(),
        &mut transport,
        &SystemClock,
        &SyncOptions::default(),
    )?)
}

#[tauri::command(async)]
pub(crate) fn status(phone: State<'_, Phone>) -> Done<Status> {
    phone.with(|v| v.status(&SystemClock))
}
