//! Sessions of the office's people, by the hash of their cookie.

use super::{StoreError, Tx};
use rusqlite::{Connection, OptionalExtension as _, params};
use zhicha_domain::{
    ids::{AccountId, CityId},
    rights::{Actor, Preset},
};

/// A session ends after this long without a request, milliseconds: 15 minutes.
pub const IDLE_MS: i64 = 15 * 60_000;
/// A session ends after this long in any case, milliseconds: 8 hours.
pub const WHOLE_MS: i64 = 8 * 3_600_000;

/// What has to be known to check a password.
pub struct LoginRow {
    /// The account.
    pub account: AccountId,
    /// PHC text, empty where it has no password.
    pub password_hash: String,
}

/// A live session.
#[derive(Clone, Debug)]
pub struct WebSession {
    /// Who it is, with his rights.
    pub actor: Actor,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// The token that each write has to name.
    pub csrf: String,
    /// Its last noted request, server clock.
    pub seen_ms: i64,
}

/// The enabled account with this login.
///
/// # Errors
/// [`StoreError`].
pub fn login_row(
    db: &Connection,
    city: CityId,
    login: &str,
) -> Result<Option<LoginRow>, StoreError> {
    let row: Option<(String, String)> = db
        .query_row(
            "SELECT account_id, password_hash FROM accounts
             WHERE city_id = $1 AND login = $2 AND disabled = 0",
            params![city.to_string(), login],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
        .optional()?;
    row.map(|(account, password_hash)| {
        Ok(LoginRow {
            account: super::read(&account)?,
            password_hash,
        })
    })
    .transpose()
}

/// The session of a cookie, unless it ended or its account was closed.
///
/// # Errors
/// [`StoreError`].
pub fn web_session(
    db: &Connection,
    city: CityId,
    token_hash: &str,
    now_ms: i64,
) -> Result<Option<WebSession>, StoreError> {
    type Row = (String, String, String, String, Option<String>, String, i64);
    let row: Option<Row> = db
        .prepare_cached(
            "SELECT a.account_id, a.login, a.name, a.preset, a.unit_id, s.csrf, s.seen_ms
             FROM web_sessions s
             JOIN accounts a ON a.city_id = s.city_id AND a.account_id = s.account_id
             WHERE s.city_id = $1 AND s.token_hash = $2 AND s.seen_ms > $3 AND s.created_ms > $4
               AND a.disabled = 0",
        )?
        .query_row(
            params![
                city.to_string(),
                token_hash,
                now_ms - IDLE_MS,
                now_ms - WHOLE_MS
            ],
            |r| {
                Ok((
                    r.get(0)?,
                    r.get(1)?,
                    r.get(2)?,
                    r.get(3)?,
                    r.get(4)?,
                    r.get(5)?,
                    r.get(6)?,
                ))
            },
        )
        .optional()?;
    row.map(|(account, login, name, preset, unit, csrf, seen_ms)| {
        let preset = Preset::from_key(&preset)
            .ok_or_else(|| StoreError::Stored(format!("preset {preset}")))?;
        Ok(WebSession {
            actor: Actor {
                account: super::read(&account)?,
                preset,
                unit: super::read_some(unit.as_deref())?,
            },
            login,
            name,
            csrf,
            seen_ms,
        })
    })
    .transpose()
}

impl Tx<'_> {
    /// Opens a session and forgets those that have ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_web_session(
        &self,
        token_hash: &str,
        account: AccountId,
        csrf: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let city = self.city.to_string();
        self.db.execute(
            "DELETE FROM web_sessions
             WHERE city_id = $1 AND (seen_ms <= $2 OR created_ms <= $3)",
            params![city, now_ms - IDLE_MS, now_ms - WHOLE_MS],
        )?;
        self.db.execute(
            "INSERT INTO web_sessions (city_id, token_hash, account_id, csrf, created_ms, seen_ms)
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![city, token_hash, account.to_string(), csrf, now_ms, now_ms],
        )?;
        Ok(())
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn touch_web_session(&self, token_hash: &str, now_ms: i64) -> Result<(), StoreError> {
        self.db.execute(
            "UPDATE web_sessions SET seen_ms = $1 WHERE city_id = $2 AND token_hash = $3",
            params![now_ms, self.city.to_string(), token_hash],
        )?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn close_web_session(&self, token_hash: &str) -> Result<(), StoreError> {
        self.db.execute(
            "DELETE FROM web_sessions WHERE city_id = $1 AND token_hash = $2",
            params![self.city.to_string(), token_hash],
        )?;
        Ok(())
    }
}
