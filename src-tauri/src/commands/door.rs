//! Enrolment, PIN, lock.

use super::apart;
use crate::{
    failure::{Done, Failure},
    state::Phone,
};
use serde::Serialize;
use tauri::State;
use zhicha_field::{
    Vault,
    clock::SystemClock,
    enrol::Ticket,
    net::{Https, fetch_ca, fingerprint_at, fingerprint_of},
};

/// How the window begins.
#[derive(Serialize)]
pub(crate) struct DoorView {
    /// A vault lies on this phone.
    enrolled: bool,
    /// It is open.
    open: bool,
}

#[tauri::command]
pub(crate) async fn door(phone: State<'_, Phone>) -> Done<DoorView> {
    let phone = phone.inner().clone();
    apart(move || {
        Ok(DoorView {
            enrolled: phone.folder().join("keys.json").exists(),
            open: phone.is_open(),
        })
    })
    .await
}

/// The fingerprint of the server's certificate, to be compared with the office's paper.
#[tauri::command]
pub(crate) async fn fingerprint(address: String) -> Done<String> {
    apart(move || {
        let found = fingerprint_at(&address)?;
        Ok(found.map(|f| f.to_string()).unwrap_or_default())
    })
    .await
}

/// Who this phone now belongs to.
#[derive(Serialize)]
pub(crate) struct Bound {
    city: String,
    account: String,
    label: String,
}

#[tauri::command]
pub(crate) async fn enrol(
    phone: State<'_, Phone>,
    address: String,
    code: String,
    fingerprint: String,
    pin: String,
) -> Done<Bound> {
    let phone = phone.inner().clone();
    apart(move || {
        // Plain loopback has no certificate and so no fingerprint.
        let expected = match fingerprint.as_str() {
            "" => None,
            text => Some(fingerprint_of(text)?),
        };
        let ca_pem = fetch_ca(&address, expected)?;
        let rng = &mut rand::rng();
        // A vault begun and not bound is taken up again with its PIN.
        let mut vault = if phone.folder().join("keys.json").exists() {
            Vault::open(phone.folder(), pin.as_bytes())?
        } else {
            Vault::create(phone.folder(), pin.as_bytes(), rng)?
        };
        let ticket = Ticket {
            server: &address,
            ca_pem: &ca_pem,
            code: &code,
            device_name: "巡查手机",
        };
        let mut line = Https::new(&address, &ca_pem)?;
        let bound = vault.enrol(&ticket, &mut line, &SystemClock, rng)?;
        phone.set(Some(vault));
        Ok(Bound {
            city: bound.city_name,
            account: bound.account_name,
            label: bound.device_label,
        })
    })
    .await
}

#[tauri::command]
pub(crate) async fn unlock(phone: State<'_, Phone>, pin: String) -> Done<()> {
    let phone = phone.inner().clone();
    apart(move || {
        if phone.is_open() {
            return Ok(());
        }
        let vault = Vault::open(phone.folder(), pin.as_bytes())?;
        if !vault.is_enrolled()? {
            return Err(Failure::new(
                "not_enrolled",
                "这台手机还没有绑定完，请重新绑定",
                "this phone is not bound yet; bind it again",
            ));
        }
        phone.set(Some(vault));
        Ok(())
    })
    .await
}

#[tauri::command]
pub(crate) async fn lock(phone: State<'_, Phone>) -> Done<()> {
    let phone = phone.inner().clone();
    apart(move || {
        phone.set(None);
        Ok(())
    })
    .await
}

/// Whose phone it is.
#[derive(Serialize)]
pub(crate) struct Me {
    account: String,
    city: String,
    label: String,
    server: String,
    version: &'static str,
}

#[tauri::command]
pub(crate) async fn me(phone: State<'_, Phone>) -> Done<Me> {
    let phone = phone.inner().clone();
    apart(move || {
        phone.with(|v| {
            let (bound, (server, _)) = (v.enrolled()?, v.server()?);
            Ok(Me {
                account: bound.account_name,
                city: bound.city_name,
                label: bound.device_label,
                server,
                version: env!("CARGO_PKG_VERSION"),
            })
        })
    })
    .await
}
