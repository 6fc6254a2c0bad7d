//! Phones: codes, keys, sessions.

use super::{StoreError, Tx, read};
use rusqlite::{Connection, OptionalExtension as _, params};
use zhicha_domain::{
    ids::{AccountId, CityId, DeviceId},
    rights::Preset,
    wire::PublicKey,
};

/// A phone.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its id.
    pub device: DeviceId,
    /// Whose it is.
    pub account: AccountId,
    /// `A7`
    pub label: String,
    /// Its key.
    pub key: PublicKey,
    /// When it was taken out of use, server clock.
    pub revoked_ms: Option<i64>,
}

/// A phone to be bound.
pub struct NewDevice<'a> {
    /// Hash of the code that is spent.
    pub code_hash: &'a str,
    /// Its id.
    pub device: DeviceId,
    /// Whose it becomes.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: &'a str,
    /// Its key.
    pub key: &'a PublicKey,
    /// The phone it replaces.
    pub previous: Option<DeviceId>,
}

/// A code as stored.
pub struct CodeRow {
    /// Whom it binds to.
    pub account: AccountId,
    /// When it ends, server clock.
    pub expires_ms: i64,
    /// The phone that used it.
    pub used_by: Option<DeviceId>,
}

/// The account a phone is bound to.
pub struct AccountCard {
    /// Its name.
    pub name: String,
    /// Its preset.
    pub preset: Preset,
    /// It may no longer sign in.
    pub disabled: bool,
}

impl Tx<'_> {
    /// Stores a new code for an account by its hash.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_code(
        &self,
        code_hash: &str,
        account: AccountId,
        expires_ms: i64,
    ) -> Result<(), StoreError> {
        self.db.execute(
            "INSERT INTO enrol_codes (city_id, code_hash, account_id, expires_ms)
             VALUES ($1, $2, $3, $4)",
            params![
                self.city.to_string(),
                code_hash,
                account.to_string(),
                expires_ms
            ],
        )?;
        Ok(())
    }

    /// A code by its hash.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn code(&self, code_hash: &str) -> Result<Option<CodeRow>, StoreError> {
        let row: Option<(String, i64, Option<String>)> = self
            .db
            .query_row(
                "SELECT account_id, expires_ms, device_id FROM enrol_codes
                 WHERE city_id = $1 AND code_hash = $2",
                params![self.city.to_string(), code_hash],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
            )
            .optional()?;
        row.map(|(account, expires_ms, used_by)| {
            Ok(CodeRow {
                account: read(&account)?,
                expires_ms,
                used_by: used_by.map(|d| read(&d)).transpose()?,
            })
        })
        .transpose()
    }

    /// Binds a phone and uses the code up; the label counts the city's phones: A1 … A99, B1 …
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn bind(&self, new: &NewDevice<'_>, now_ms: i64) -> Result<Device, StoreError> {
        let NewDevice {
            code_hash,
            device,
            account,
            name,
            key,
            previous,
        } = *new;
        let city = self.city.to_string();
        let nth: i64 = self.db.query_row(
            "UPDATE cities SET device_seq = device_seq + 1 WHERE city_id = $1
             RETURNING device_seq",
            params![city],
            |r| r.get(0),
        )?;
        let label = label(nth);
        self.db.execute(
            "INSERT INTO devices (city_id, device_id, account_id, name, label, public_key,
                                  enrolled_ms, replaces)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![
                city,
                device.to_string(),
                account.to_string(),
                name,
                label,
                String::from(*key),
                now_ms,
                previous.map(|d| d.to_string())
            ],
        )?;
        self.db.execute(
            "UPDATE enrol_codes SET device_id = $1 WHERE city_id = $2 AND code_hash = $3",
            params![device.to_string(), city, code_hash],
        )?;
        Ok(Device {
            device,
            account,
            label,
            key: *key,
            revoked_ms: None,
        })
    }

    /// Stores a session by its token's hash, and forgets those that have ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_session(
        &self,
        token_hash: &str,
        device: DeviceId,
        expires_ms: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let city = self.city.to_string();
        self.db.execute(
            "DELETE FROM device_sessions WHERE city_id = $1 AND expires_ms <= $2",
            params![city, now_ms],
        )?;
        self.db.execute(
            "INSERT INTO device_sessions (city_id, token_hash, device_id, expires_ms)
             VALUES ($1, $2, $3, $4)",
            params![city, token_hash, device.to_string(), expires_ms],
        )?;
        Ok(())
    }
}

impl Tx<'_> {
    /// See [`device`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn device(&self, id: DeviceId) -> Result<Option<Device>, StoreError> {
        device(self.db, self.city, id)
    }

    /// See [`account_card`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn account_card(&self, id: AccountId) -> Result<Option<AccountCard>, StoreError> {
        account_card(self.db, self.city, id)
    }
}

/// The phone with this id.
///
/// # Errors
/// [`StoreError`].
pub fn device(
    db: &Connection,
    city: CityId,
    device: DeviceId,
) -> Result<Option<Device>, StoreError> {
    let row: Option<(String, String, String, Option<i64>)> = db
        .prepare_cached(
            "SELECT account_id, label, public_key, revoked_ms FROM devices
             WHERE city_id = $1 AND device_id = $2",
        )?
        .query_row(params![city.to_string(), device.to_string()], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
        })
        .optional()?;
    row.map(|(account, label, key, revoked_ms)| {
        Ok(Device {
            device,
            account: read(&account)?,
            label,
            key: PublicKey::try_from(key).map_err(|e| StoreError::Stored(e.to_string()))?,
            revoked_ms,
        })
    })
    .transpose()
}

/// The phone whose session this is, unless the session ended, the phone was revoked or its account
/// was closed.
///
/// # Errors
/// [`StoreError`].
pub fn session(
    db: &Connection,
    city: CityId,
    token_hash: &str,
    now_ms: i64,
) -> Result<Option<Device>, StoreError> {
    let found: Option<String> = db
        .prepare_cached(
            "SELECT s.device_id FROM device_sessions s
             JOIN devices d ON d.city_id = s.city_id AND d.device_id = s.device_id
             JOIN accounts a ON a.city_id = d.city_id AND a.account_id = d.account_id
             WHERE s.city_id = $1 AND s.token_hash = $2 AND s.expires_ms > $3
               AND d.revoked_ms IS NULL AND a.disabled = 0",
        )?
        .query_row(params![city.to_string(), token_hash, now_ms], |r| r.get(0))
        .optional()?;
    match found {
        Some(text) => device(db, city, read(&text)?),
        None => Ok(None),
    }
}

/// Name and preset of an account.
///
/// # Errors
/// [`StoreError`].
pub fn account_card(
    db: &Connection,
    city: CityId,
    account: AccountId,
) -> Result<Option<AccountCard>, StoreError> {
    let row: Option<(String, String, bool)> = db
        .query_row(
            "SELECT name, preset, disabled FROM accounts WHERE city_id = $1 AND account_id = $2",
            params![city.to_string(), account.to_string()],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
        )
        .optional()?;
    row.map(|(name, preset, disabled)| {
        Ok(AccountCard {
            name,
            preset: Preset::from_key(&preset)
                .ok_or_else(|| StoreError::Stored(format!("preset {preset}")))?,
            disabled,
        })
    })
    .transpose()
}

fn label(nth: i64) -> String {
    let letter = u8::try_from((nth - 1) / 99 % 26).unwrap_or(0);
    format!("{}{}", char::from(b'A' + letter), (nth - 1) % 99 + 1)
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn labels_stay_short() {
        assert_eq!(label(1), "A1");
        assert_eq!(label(99), "A99");
        assert_eq!(label(100), "B1");
    }
}
