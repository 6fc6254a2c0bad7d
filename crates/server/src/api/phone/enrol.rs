//! `POST /v1/enrol`: a one-time code binds a phone to an account.

use crate::{
    api::{Answer, Refusal, secret},
    app::Shared,
    store::{StoreError, Tx, devices},
};
use axum::{Json, extract::State};
use rand::Rng as _;
use std::sync::Arc;
use zhicha_domain::{
    ids::{DeviceId, uuid_v7},
    numbers::normalize_code,
    wire::{EnrolRequest, Enrolled, PublicKey},
};

/// How long a device's name may be, characters.
const NAME_CHARS: usize = 40;

/// Binds a phone. The same code with the same key gives the same answer again.
#[utoipa::path(
    post, path = "/v1/enrol", tag = "phone", request_body = EnrolRequest,
    responses(
        (status = 200, body = Enrolled),
        (status = 400, description = "the code is wrong, used by another phone, or has ended"),
        (status = 429, description = "too many wrong codes"),
    )
)]
pub(super) async fn enrol(
    State(app): State<Shared>,
    Json(request): Json<EnrolRequest>,
) -> Answer<Json<Enrolled>> {
    // One door for the whole city: 40 random bits of code stand behind it, and an office enrols few
    // phones a day, so locking it for a quarter of an hour costs less than a guessed code.
    let now = app.now_ms();
    if let Some(wait) = app.guards.code.closed_for_s("enrol", now) {
        return Err(Refusal::too_many(wait));
    }
    let bad = || {
        app.guards.code.wrong("enrol", now);
        Refusal::bad_request(
            "bad_code",
            "绑定码不对、已用过或已过期，请核对；不行就请管理员重发",
            "the code is wrong, used or ended; check it or ask the administrator for a new one",
        )
    };
    let code = normalize_code(&request.code).ok_or_else(bad)?;
    let hash = secret::stored(&code);
    let mut random = [0u8; 10];
    rand::rng().fill_bytes(&mut random);
    let device: DeviceId = uuid_v7(now, random).into();
    let name: String = request.device_name.chars().take(NAME_CHARS).collect();
    let keys = Arc::clone(&app.city);
    let bound = app
        .writer
        .write(move |tx| bind(tx, &hash, device, &name, &request, now))
        .await?
        .ok_or_else(bad)?;
    app.guards.code.right("enrol");
    Ok(Json(Enrolled {
        city: keys.city,
        city_name: keys.name.clone(),
        account: bound.device.account,
        account_name: bound.account.name,
        preset: bound.account.preset,
        device: bound.device.device,
        device_label: bound.device.label,
        ca_pem: app.trust.ca_pem.clone(),
        server_key: PublicKey::from(&keys.sign.verifying_key()),
        sealing_key: keys
            .seal
            .public()
            .map_err(|e| StoreError::Stored(e.to_string()))?,
        recovery_key: keys.recovery,
        epoch: keys.epoch.clone(),
        now_ms: now,
    }))
}

struct Bound {
    device: devices::Device,
    account: devices::AccountCard,
}

fn bind(
    tx: &Tx<'_>,
    hash: &str,
    device: DeviceId,
    name: &str,
    request: &EnrolRequest,
    now_ms: i64,
) -> Result<Option<Bound>, StoreError> {
    let Some(code) = tx.code(hash)? else {
        return Ok(None);
    };
    let account = tx.account_card(code.account)?.filter(|a| !a.disabled);
    let Some(account) = account else {
        return Ok(None);
    };
    let device = match code.used_by {
        Some(used) => tx.device(used)?.filter(|d| d.key == request.public_key),
        None if code.expires_ms <= now_ms => None,
        None => {
            // Only a phone of the same account can be replaced.
            let previous = match request.previous_device {
                Some(old) => tx
                    .device(old)?
                    .filter(|d| d.account == code.account)
                    .map(|d| d.device),
                None => None,
            };
            let new = devices::NewDevice {
                code_hash: hash,
                device,
                account: code.account,
                name,
                key: &request.public_key,
                previous,
            };
            Some(tx.bind(&new, now_ms)?)
        }
    };
    Ok(device.map(|device| Bound { device, account }))
}
