//! The city's own log: what the office decides, signed by the server.

use super::{StoreError, Tx};
use crate::city::CityKeys;
use rusqlite::params;
use zhicha_domain::{
    hash::Digest,
    ids::{AccountId, OpId},
    ops::{OpBody, SignedOp, Tip, chain::Author, cut},
    time::{CITY_OFFSET_MIN, Stamp},
};

/// The first row of a city.
///
/// # Errors
/// [`StoreError`].
pub fn ensure_city(
    db: &rusqlite::Connection,
    keys: &CityKeys,
    now_ms: i64,
) -> Result<(), StoreError> {
    let zero = Digest::ZERO.to_string();
    db.execute(
        "INSERT INTO cities (city_id, name, epoch, log_id, log_hash, change_hash, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (city_id) DO NOTHING",
        params![
            keys.city.to_string(),
            keys.name,
            keys.epoch,
            keys.log.to_string(),
            zero,
            zero,
            now_ms
        ],
    )?;
    Ok(())
}

impl Tx<'_> {
    /// Appends what `author` decided; it is applied by whoever calls, in the same transaction.
    ///
    /// # Errors
    /// [`StoreError`]; text too long for one op is `Stored`.
    pub fn append_city_op(
        &self,
        keys: &CityKeys,
        author: AccountId,
        op: OpId,
        body: &OpBody,
        now_ms: i64,
    ) -> Result<SignedOp, StoreError> {
        let city = self.city.to_string();
        let (seq, hash): (i64, String) = self.db.query_row(
            "SELECT log_seq, log_hash FROM cities WHERE city_id = $1",
            params![city],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        let tip = Tip {
            log: keys.log,
            seq: u64::try_from(seq).unwrap_or(0),
            hash: hash
                .parse()
                .map_err(|_| StoreError::Stored("city log hash".into()))?,
        };
        let at = Stamp {
            ms: now_ms,
            off_min: CITY_OFFSET_MIN,
            boot: String::new(),
            elapsed_ms: 0,
            server_off_ms: Some(0),
        };
        let author_of = Author {
            account: author,
            device: keys.city.0.into(),
            key: &keys.sign,
        };
        let (signed, next) =
            cut(tip, op, at, &author_of, body).map_err(|e| StoreError::Stored(e.to_string()))?;
        self.db.execute(
            "UPDATE cities SET log_seq = $1, log_hash = $2 WHERE city_id = $3",
            params![
                i64::try_from(next.seq).unwrap_or(i64::MAX),
                next.hash.to_string(),
                city
            ],
        )?;
        self.db.execute(
            "INSERT INTO ops (city_id, op_id, log_id, seq, head, body, sig, hash, author_id,
                              device_id, kind, received_ms, verdict)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'applied')",
            params![
                city,
                op.to_string(),
                keys.log.to_string(),
                i64::try_from(next.seq).unwrap_or(i64::MAX),
                signed.head,
                signed.body,
                signed.sig,
                next.hash.to_string(),
                author.to_string(),
                keys.city.to_string(),
                body.kind(),
                now_ms
            ],
        )?;
        Ok(signed)
    }
}
