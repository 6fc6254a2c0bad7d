//! The log: ops are cut and appended in the transaction that stores what they say.

use super::Vault;
use crate::FieldError;
use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension as _, params};
use zhicha_domain::{
    hash::Digest,
    ids::{AccountId, DeviceId, LogId, OpId},
    ops::{OpBody, SignedOp, Tip, chain::Author, cut},
    time::Stamp,
};

/// Who this phone is; known once enrolled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who {
    pub(crate) account: AccountId,
    pub(crate) device: DeviceId,
    pub(crate) log: LogId,
}

impl Vault {
    /// Who this phone is.
    pub(crate) fn who(&self) -> Result<Who, FieldError> {
        let id = |key: &str| -> Result<uuid::Uuid, FieldError> {
            self.meta(key)?
                .and_then(|text| text.parse().ok())
                .ok_or_else(|| FieldError::NoVault(self.folder.clone()))
        };
        Ok(Who {
            account: id("account")?.into(),
            device: id("device")?.into(),
            log: id("log")?.into(),
        })
    }

    /// A copy of the signing key for use inside a transaction.
    pub(crate) fn signer(&self) -> SigningKey {
        self.keys.device.clone()
    }
}

/// Appends an op about `subject`; everything is kept with it in the same transaction.
pub(crate) fn append(
    db: &Connection,
    who: Who,
    key: &SigningKey,
    op: OpId,
    at: Stamp,
    subject: &str,
    body: &OpBody,
) -> Result<(), FieldError> {
    let author = Author {
        account: who.account,
        device: who.device,
        key,
    };
    let (signed, next) = cut(tip(db, who.log)?, op, at, &author, body)?;
    db.prepare_cached(
        "INSERT INTO ops (seq, op_id, head, body, sig, hash, kind, subject)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )?
    .execute(params![
        i64::try_from(next.seq).unwrap_or(i64::MAX),
        op.to_string(),
        signed.head,
        signed.body,
        signed.sig,
        next.hash.to_string(),
        body.kind(),
        subject
    ])?;
    Ok(())
}

/// Where the log ends.
pub(crate) fn tip(db: &Connection, log: LogId) -> Result<Tip, FieldError> {
    let last: Option<(i64, String)> = db
        .prepare_cached("SELECT seq, hash FROM ops ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    Ok(match last {
        Some((seq, hash)) => Tip {
            log,
            seq: u64::try_from(seq).unwrap_or(0),
            hash: hash.parse().unwrap_or(Digest::ZERO),
        },
        None => Tip::empty(log),
    })
}

/// When the last op was cut, milliseconds since 1970 UTC by this phone's clock.
pub(crate) fn last(db: &Connection) -> Result<Option<i64>, FieldError> {
    let head: Option<String> = db
        .prepare_cached("SELECT head FROM ops ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| r.get(0))
        .optional()?;
    let op = head.map(|head| SignedOp {
        head,
        body: None,
        sig: String::new(),
    });
    Ok(op.and_then(|op| op.read_head().ok()).map(|head| head.at.ms))
}

/// Ops from `after`, in order, at most `limit`; only those at `stage` where one is named.
pub(crate) fn ops(
    db: &Connection,
    after: u64,
    stage: Option<&str>,
    limit: usize,
) -> Result<Vec<(u64, SignedOp)>, FieldError> {
    let mut find = db.prepare_cached(
        "SELECT seq, head, body, sig FROM ops
         WHERE seq > $1 AND ($2 IS NULL OR stage = $2) ORDER BY seq LIMIT $3",
    )?;
    let rows = find
        .query_map(
            params![
                i64::try_from(after).unwrap_or(i64::MAX),
                stage,
                i64::try_from(limit).unwrap_or(i64::MAX)
            ],
            |r| {
                let seq: i64 = r.get(0)?;
                let op = SignedOp {
                    head: r.get(1)?,
                    body: r.get(2)?,
                    sig: r.get(3)?,
                };
                Ok((u64::try_from(seq).unwrap_or(0), op))
            },
        )?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
