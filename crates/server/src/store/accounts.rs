//! Accounts and the sessions of the office's people.

use super::{StoreError, Tx};
use rusqlite::{OptionalExtension as _, params};
use zhicha_domain::{
    ids::{AccountId, UnitId},
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
