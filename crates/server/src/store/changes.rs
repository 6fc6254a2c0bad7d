//! The feed that phones pull.
//!
//! Numbers are taken inside the writing transaction from the city's one row, so a reader who has
//! seen number n has seen everything below it. The running hash lets a cursor notice that it
//! belongs to another history.

use super::{StoreError, Tx};
use rusqlite::{Connection, OptionalExtension as _, params};
use zhicha_domain::{
    hash::Digest,
    ids::{AccountId, CityId},
    wire::{Change, ChangeBody},
};

/// The audience of one account.
#[must_use]
pub fn account(id: AccountId) -> String {
    format!("account:{id}")
}

/// Where a reader stands in the city's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Number of the last change seen; 0 before the first.
    pub seq: i64,
    /// Running hash at that number.
    pub hash: Digest,
}

/// A page for some audiences.
pub struct Page {
    /// In order.
    pub changes: Vec<Change>,
    /// Where the page ends: also past changes meant for others.
    pub mark: Mark,
    /// There is more right now.
    pub more: bool,
}

impl Tx<'_> {
    /// Publishes a change to one audience; gives its number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn publish(
        &self,
        audience: &str,
        body: &ChangeBody,
        now_ms: i64,
    ) -> Result<i64, StoreError> {
        let city = self.city.to_string();
        let text = serde_json::to_string(body).map_err(|e| StoreError::Stored(e.to_string()))?;
        let (seq, prev): (i64, String) = self.db.query_row(
            "UPDATE cities SET change_seq = change_seq + 1 WHERE city_id = $1
             RETURNING change_seq, change_hash",
            params![city],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        let hash =
            Digest::of_parts(&[prev.as_bytes(), audience.as_bytes(), b"\0", text.as_bytes()])
                .to_string();
        self.db
            .prepare_cached("UPDATE cities SET change_hash = $1 WHERE city_id = $2")?
            .execute(params![hash, city])?;
        self.db
            .prepare_cached(
                "INSERT INTO changes (city_id, seq, audience, at_ms, body, hash)
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )?
            .execute(params![city, seq, audience, now_ms, text, hash])?;
        Ok(seq)
    }
}

/// The running hash at `seq`, or `None` where this history has no such number.
///
/// # Errors
/// [`StoreError`].
pub fn hash_at(db: &Connection, city: CityId, seq: i64) -> Result<Option<Digest>, StoreError> {
    if seq == 0 {
        return Ok(Some(Digest::ZERO));
    }
    let text: Option<String> = db
        .query_row(
            "SELECT hash FROM changes WHERE city_id = $1 AND seq = $2",
            params![city.to_string(), seq],
            |r| r.get(0),
        )
        .optional()?;
    text.map(|t| parse(&t)).transpose()
}

/// Changes after `after` for `audience`, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub fn pull(
    db: &Connection,
    city: CityId,
    audience: &str,
    after: i64,
    limit: usize,
) -> Result<Page, StoreError> {
    // One snapshot: the end and the rows belong together.
    let tx = db.unchecked_transaction()?;
    let end: i64 = tx.query_row(
        "SELECT change_seq FROM cities WHERE city_id = $1",
        params![city.to_string()],
        |r| r.get(0),
    )?;
    let ask = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let rows: Vec<(i64, i64, String)> = tx
        .prepare_cached(
            "SELECT seq, at_ms, body FROM changes
             WHERE city_id = $1 AND audience = $2 AND seq > $3
             ORDER BY seq LIMIT $4",
        )?
        .query_map(params![city.to_string(), audience, after, ask], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    let more = rows.len() > limit;
    let kept = &rows[..rows.len().min(limit)];
    let seq = match kept.last() {
        Some((seq, ..)) if more => *seq,
        _ => end,
    };
    let changes = kept
        .iter()
        .map(|(_, at_ms, body)| {
            Ok(Change {
                at_ms: *at_ms,
                body: serde_json::from_str(body).map_err(|e| StoreError::Stored(e.to_string()))?,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    let hash = hash_at(&tx, city, seq)?.unwrap_or(Digest::ZERO);
    tx.commit()?;
    Ok(Page {
        changes,
        mark: Mark { seq, hash },
        more,
    })
}

fn parse(text: &str) -> Result<Digest, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Stored(format!("hash {text}")))
}
