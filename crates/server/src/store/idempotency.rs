//! Answers kept for writes that are sent again: a reply that got lost is given once more.

use super::{StoreError, Tx};
use rusqlite::{OptionalExtension as _, params};
use zhicha_domain::{hash::Digest, ids::AccountId};

/// How long an answer is kept, milliseconds: a week.
const KEPT_MS: i64 = 7 * 24 * 3_600_000;

/// An answer given before under a key.
pub struct Remembered {
    /// Hash of the request it answered.
    pub request: Digest,
    /// HTTP status.
    pub status: u16,
    /// JSON text.
    pub body: String,
}

impl Tx<'_> {
    /// The answer this account was given under `key`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remembered(
        &self,
        account: AccountId,
        key: &str,
    ) -> Result<Option<Remembered>, StoreError> {
        let row: Option<(String, u16, String)> = self
            .db
            .query_row(
                "SELECT request, status, body FROM idempotency
                 WHERE city_id = $1 AND account_id = $2 AND key = $3",
                params![self.city.to_string(), account.to_string(), key],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
            )
            .optional()?;
        row.map(|(request, status, body)| {
            Ok(Remembered {
                request: super::read(&request)?,
                status,
                body,
            })
        })
        .transpose()
    }

    /// Keeps an answer, and forgets this account's old ones.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remember(
        &self,
        account: AccountId,
        key: &str,
        answer: &Remembered,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let city = self.city.to_string();
        self.db.execute(
            "DELETE FROM idempotency WHERE city_id = $1 AND account_id = $2 AND created_ms < $3",
            params![city, account.to_string(), now_ms - KEPT_MS],
        )?;
        self.db.execute(
            "INSERT INTO idempotency (city_id, account_id, key, request, status, body, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                city,
                account.to_string(),
                key,
                answer.request.to_string(),
                answer.status,
                answer.body,
                now_ms
            ],
        )?;
        Ok(())
    }
}
