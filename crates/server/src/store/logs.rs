//! Logs of phones and the ops in them.

use super::{StoreError, Tx};
use rusqlite::{OptionalExtension as _, params};
use zhicha_domain::{
    hash::Digest,
    ids::{DeviceId, LogId, OpId},
    ops::{OpHead, Receipt, SignedOp, Tip, Verdict, VerdictStatus},
};

/// A log as the server holds it.
pub struct LogRow {
    /// The end of the run without a gap.
    pub tip: Tip,
    /// Somebody went on from an older copy of the phone.
    pub forked: bool,
    /// The phone whose log it is.
    pub device: DeviceId,
}

/// An op kept for later: its own bytes and when they came.
pub struct KeptOp {
    /// The op.
    pub op: SignedOp,
    /// When it became durable, server clock.
    pub received_ms: i64,
}

impl Tx<'_> {
    /// The receipt of an op already held.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn receipt(&self, op: OpId) -> Result<Option<Receipt>, StoreError> {
        let row: Option<(String, i64)> = self
            .db
            .prepare_cached("SELECT hash, received_ms FROM ops WHERE city_id = $1 AND op_id = $2")?
            .query_row(params![self.city.to_string(), op.to_string()], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .optional()?;
        row.map(|(hash, received_ms)| {
            Ok(Receipt {
                op,
                hash: digest(&hash)?,
                received_ms,
            })
        })
        .transpose()
    }

    /// Stores an op's exact bytes; its verdict is `parked` until it is applied.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_op(
        &self,
        op: &SignedOp,
        head: &OpHead,
        now_ms: i64,
    ) -> Result<Receipt, StoreError> {
        let hash = op.hash();
        self.db
            .prepare_cached(
                "INSERT INTO ops (city_id, op_id, log_id, seq, head, body, sig, hash, author_id,
                                  device_id, kind, received_ms)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            )?
            .execute(params![
                self.city.to_string(),
                head.op.to_string(),
                head.log.to_string(),
                i64::try_from(head.seq).unwrap_or(i64::MAX),
                op.head,
                op.body,
                op.sig,
                hash.to_string(),
                head.author.to_string(),
                head.device.to_string(),
                head.kind,
                now_ms
            ])?;
        Ok(Receipt {
            op: head.op,
            hash,
            received_ms: now_ms,
        })
    }

    /// The log, made where it is new.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn log(&self, log: LogId, device: DeviceId) -> Result<LogRow, StoreError> {
        let city = self.city.to_string();
        self.db
            .prepare_cached(
                "INSERT INTO logs (city_id, log_id, device_id, hash) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (city_id, log_id) DO NOTHING",
            )?
            .execute(params![
                city,
                log.to_string(),
                device.to_string(),
                Digest::ZERO.to_string()
            ])?;
        let (seq, hash, forked, owner): (i64, String, bool, String) = self
            .db
            .prepare_cached(
                "SELECT seq, hash, forked, device_id FROM logs
                 WHERE city_id = $1 AND log_id = $2",
            )?
            .query_row(params![city, log.to_string()], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
            })?;
        Ok(LogRow {
            device: owner
                .parse()
                .map_err(|_| StoreError::Stored("log device".into()))?,
            tip: Tip {
                log,
                seq: u64::try_from(seq).unwrap_or(0),
                hash: digest(&hash)?,
            },
            forked,
        })
    }

    /// Moves a log's end.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_tip(&self, tip: Tip) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE logs SET seq = $1, hash = $2 WHERE city_id = $3 AND log_id = $4",
            )?
            .execute(params![
                i64::try_from(tip.seq).unwrap_or(i64::MAX),
                tip.hash.to_string(),
                self.city.to_string(),
                tip.log.to_string()
            ])?;
        Ok(())
    }

    /// Notes that a log has two continuations.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mark_forked(&self, log: LogId) -> Result<(), StoreError> {
        self.db.execute(
            "UPDATE logs SET forked = 1 WHERE city_id = $1 AND log_id = $2",
            params![self.city.to_string(), log.to_string()],
        )?;
        Ok(())
    }

    /// An op of `log` at `seq` that came before its turn.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn op_at(&self, log: LogId, seq: u64) -> Result<Option<SignedOp>, StoreError> {
        Ok(self
            .db
            .prepare_cached(
                "SELECT head, body, sig FROM ops
                 WHERE city_id = $1 AND log_id = $2 AND seq = $3
                 ORDER BY received_ms, op_id LIMIT 1",
            )?
            .query_row(
                params![
                    self.city.to_string(),
                    log.to_string(),
                    i64::try_from(seq).unwrap_or(i64::MAX)
                ],
                |r| {
                    Ok(SignedOp {
                        head: r.get(0)?,
                        body: r.get(1)?,
                        sig: r.get(2)?,
                    })
                },
            )
            .optional()?)
    }

    /// Writes down what an op led to, and what it waits for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_verdict(
        &self,
        verdict: &Verdict,
        waits_for: Option<&str>,
    ) -> Result<(), StoreError> {
        let status = match verdict.status {
            VerdictStatus::Applied => "applied",
            VerdictStatus::Parked => "parked",
        };
        self.db
            .prepare_cached(
                "UPDATE ops SET verdict = $1, code = $2, detail = $3, waits_for = $4
                 WHERE city_id = $5 AND op_id = $6",
            )?
            .execute(params![
                status,
                verdict.code,
                verdict.detail,
                waits_for,
                self.city.to_string(),
                verdict.op.to_string()
            ])?;
        Ok(())
    }

    /// Ops parked until `thing` arrives, in the order they came.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn waiting_for(&self, thing: &str) -> Result<Vec<KeptOp>, StoreError> {
        let rows = self
            .db
            .prepare_cached(
                "SELECT head, body, sig, received_ms FROM ops
                 WHERE city_id = $1 AND waits_for = $2 ORDER BY received_ms, log_id, seq",
            )?
            .query_map(params![self.city.to_string(), thing], |r| {
                Ok(KeptOp {
                    op: SignedOp {
                        head: r.get(0)?,
                        body: r.get(1)?,
                        sig: r.get(2)?,
                    },
                    received_ms: r.get(3)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }
}

/// Of `asked`, the ops that `account` sent and the server holds.
///
/// # Errors
/// [`StoreError`].
pub fn held_ops(
    db: &rusqlite::Connection,
    city: zhicha_domain::ids::CityId,
    account: zhicha_domain::ids::AccountId,
    asked: &[OpId],
) -> Result<Vec<OpId>, StoreError> {
    let mut find = db
        .prepare_cached("SELECT 1 FROM ops WHERE city_id = $1 AND op_id = $2 AND author_id = $3")?;
    let mut held = Vec::new();
    for op in asked {
        if find.exists(params![
            city.to_string(),
            op.to_string(),
            account.to_string()
        ])? {
            held.push(*op);
        }
    }
    Ok(held)
}

/// How far a log reaches without a gap.
///
/// # Errors
/// [`StoreError`].
pub fn tip(
    db: &rusqlite::Connection,
    city: zhicha_domain::ids::CityId,
    log: LogId,
) -> Result<Option<Tip>, StoreError> {
    let row: Option<(i64, String)> = db
        .prepare_cached("SELECT seq, hash FROM logs WHERE city_id = $1 AND log_id = $2")?
        .query_row(params![city.to_string(), log.to_string()], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .optional()?;
    row.map(|(seq, hash)| {
        Ok(Tip {
            log,
            seq: u64::try_from(seq).unwrap_or(0),
            hash: digest(&hash)?,
        })
    })
    .transpose()
}

fn digest(text: &str) -> Result<Digest, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Stored(format!("hash {text}")))
}
