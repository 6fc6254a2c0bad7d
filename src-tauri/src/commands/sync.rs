//! Sync, and what may be said of it.

use super::apart;
use crate::{
    failure::{Done, Failure},
    state::Phone,
};
use tauri::State;
use zhicha_field::{
    browse::{Ledger, Strip},
    clock::SystemClock,
    net::Https,
    sync::{SyncOptions, SyncReport, sync_once},
};

/// A line to the office this phone is bound to.
pub(super) fn line(phone: &Phone) -> Done<Https> {
    let (address, ca_pem) = phone.with(|v| v.server())?;
    Ok(Https::new(&address, &ca_pem)?)
}

#[tauri::command]
pub(crate) async fn sync(phone: State<'_, Phone>) -> Done<SyncReport> {
    let phone = phone.inner().clone();
    apart(move || {
        let Some(_one) = phone.syncing.try_lock() else {
            return Err(Failure::new("busy", "正在同步", "syncing already"));
        };
        let mut transport = line(&phone)?;
        Ok(sync_once(
            &mut phone.clone(),
            &mut transport,
            &SystemClock,
            &SyncOptions::default(),
        )?)
    })
    .await
}

/// The line above every screen.
#[tauri::command]
pub(crate) async fn strip(phone: State<'_, Phone>) -> Done<Strip> {
    let phone = phone.inner().clone();
    apart(move || phone.with(|v| v.strip())).await
}

/// The honest ledger of what has left the phone.
#[tauri::command]
pub(crate) async fn ledger(phone: State<'_, Phone>) -> Done<Ledger> {
    let phone = phone.inner().clone();
    apart(move || phone.with(|v| v.ledger(&SystemClock))).await
}
