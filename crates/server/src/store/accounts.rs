//! Accounts: who may do what.

use super::{StoreError, Tx, read, read_some};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use utoipa::ToSchema;
use zhicha_domain::{
    ids::{AccountId, CityId, UnitId},
    rights::Preset,
};

/// A new account.
pub struct NewAccount {
    /// Its id.
    pub account: AccountId,
    /// Login, unique in the city.
    pub login: String,
    /// Name.
    pub name: String,
    /// What it may do.
    pub preset: Preset,
    /// Its unit, for [`Preset::Unit`].
    pub unit: Option<UnitId>,
    /// PHC text; empty: cannot sign in by password.
    pub password_hash: String,
}

impl Tx<'_> {
    /// Adds an account; `false` when the login is taken.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_account(&self, a: &NewAccount, now_ms: i64) -> Result<bool, StoreError> {
        let added = self.db.execute(
            "INSERT INTO accounts (city_id, account_id, login, name, preset, unit_id,
                                   password_hash, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (city_id, login) DO NOTHING",
            params![
                self.city.to_string(),
                a.account.to_string(),
                a.login,
                a.name,
                a.preset.key(),
                a.unit.map(|u| u.to_string()),
                a.password_hash,
                now_ms
            ],
        )?;
        Ok(added == 1)
    }

    /// The account with this login.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn account_by_login(&self, login: &str) -> Result<Option<AccountId>, StoreError> {
        let found: Option<String> = self
            .db
            .query_row(
                "SELECT account_id FROM accounts
                 WHERE city_id = $1 AND login = $2 AND disabled = 0",
                params![self.city.to_string(), login],
                |r| r.get(0),
            )
            .optional()?;
        found
            .map(|text| {
                text.parse()
                    .map_err(|_| StoreError::Stored("account id".into()))
            })
            .transpose()
    }
}

/// A person as whoever manages people sees them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonCard {
    /// Account.
    pub account: AccountId,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Preset.
    pub preset: Preset,
    /// Its unit.
    pub unit: Option<UnitId>,
    /// May no longer sign in.
    pub disabled: bool,
    /// Labels of its phones in use.
    pub phones: Vec<String>,
}

/// All people, by login.
///
/// # Errors
/// [`StoreError`].
pub fn people(db: &Connection, city: CityId) -> Result<Vec<PersonCard>, StoreError> {
    let snapshot = db.unchecked_transaction()?;
    let mut phones = snapshot.prepare_cached(
        "SELECT label FROM devices
         WHERE city_id = $1 AND account_id = $2 AND revoked_ms IS NULL ORDER BY enrolled_ms",
    )?;
    let mut find = snapshot.prepare_cached(
        "SELECT account_id, login, name, preset, unit_id, disabled FROM accounts
         WHERE city_id = $1 ORDER BY login",
    )?;
    let mut rows = find.query(params![city.to_string()])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let account: String = r.get(0)?;
        let preset: String = r.get(3)?;
        let labels = phones
            .query_map(params![city.to_string(), account], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        found.push(PersonCard {
            account: read(&account)?,
            login: r.get(1)?,
            name: r.get(2)?,
            preset: Preset::from_key(&preset)
                .ok_or_else(|| StoreError::Stored(format!("preset {preset}")))?,
            unit: read_some(r.get::<_, Option<String>>(4)?.as_deref())?,
            disabled: r.get(5)?,
            phones: labels,
        });
    }
    Ok(found)
}
