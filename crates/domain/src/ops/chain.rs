//! The chain: how the next op is cut, and how a run of ops is checked.

use super::{OpBody, OpError, OpHead, SignedOp, Suite};
use crate::{
    hash::Digest,
    ids::{AccountId, DeviceId, LogId, OpId},
    time::Stamp,
};
use ed25519_dalek::{SigningKey, VerifyingKey};

/// Where a log ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The log.
    pub log: LogId,
    /// Last sequence number; 0 for an empty log.
    pub seq: u64,
    /// Hash of the last head; [`Digest::ZERO`] for an empty log.
    pub hash: Digest,
}

impl Tip {
    /// The end of a log that has no entry yet.
    #[must_use]
    pub fn empty(log: LogId) -> Self {
        Self {
            log,
            seq: 0,
            hash: Digest::ZERO,
        }
    }
}

/// Who cuts an op, and with what.
pub struct Author<'a> {
    /// The acting account.
    pub account: AccountId,
    /// The signing phone, or the city's own id in the city log.
    pub device: DeviceId,
    /// The log's key.
    pub key: &'a SigningKey,
}

/// Cuts the op that follows `tip`, and gives it with the new tip.
///
/// # Errors
/// [`OpError::TooLarge`] when the text is too long for one op.
pub fn cut(
    tip: Tip,
    op: OpId,
    at: Stamp,
    author: &Author<'_>,
    body: &OpBody,
) -> Result<(SignedOp, Tip), OpError> {
    let text = body.to_json();
    let head = OpHead {
        v: 1,
        suite: Suite::Ed25519Sha256,
        log: tip.log,
        seq: tip.seq + 1,
        op,
        prev: tip.hash,
        author: author.account,
        device: author.device,
        at,
        kind: body.kind().to_owned(),
        kv: OpBody::VERSION,
        body: Digest::of(text.as_bytes()),
    };
    let signed = SignedOp::sign(&head, text, author.key)?;
    let next = Tip {
        log: tip.log,
        seq: head.seq,
        hash: signed.hash(),
    };
    Ok((signed, next))
}

/// What is wrong with a run of ops, and where.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChainFault {
    /// The op itself does not hold.
    #[error("op at seq {seq}: {fault}")]
    Op {
        /// Expected place.
        seq: u64,
        /// What is wrong.
        fault: OpError,
    },
    /// The op belongs to another log.
    #[error("op at seq {seq} belongs to another log")]
    OtherLog {
        /// Expected place.
        seq: u64,
    },
    /// A place in the log is empty, or filled out of order.
    #[error("op {found} stands where {expected} should")]
    Gap {
        /// The next number in order.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// The op does not name its predecessor.
    #[error("op at seq {seq} does not follow the one before it")]
    Link {
        /// Place of the op.
        seq: u64,
    },
}

/// Checks that `ops` follow `from` one by one: each signed by `key`, each the next number, each
/// naming the one before it. Gives the tip they reach.
///
/// # Errors
/// The first [`ChainFault`].
pub fn check_run<'a>(
    from: Tip,
    ops: impl IntoIterator<Item = &'a SignedOp>,
    key: &VerifyingKey,
) -> Result<Tip, ChainFault> {
    ops.into_iter().try_fold(from, |tip, op| {
        let seq = tip.seq + 1;
        let head = op
            .verify(key)
            .map_err(|fault| ChainFault::Op { seq, fault })?;
        follow(tip, &head, op.hash())
    })
}

/// Whether `head` follows `tip`; gives the new tip. The caller has checked the signature.
///
/// # Errors
/// [`ChainFault`] of the first rule it breaks.
pub fn follow(tip: Tip, head: &OpHead, hash: Digest) -> Result<Tip, ChainFault> {
    let seq = tip.seq + 1;
    if head.log != tip.log {
        return Err(ChainFault::OtherLog { seq });
    }
    if head.seq != seq {
        return Err(ChainFault::Gap {
            expected: seq,
            found: head.seq,
        });
    }
    if head.prev != tip.hash {
        return Err(ChainFault::Link { seq });
    }
    Ok(Tip {
        log: tip.log,
        seq,
        hash,
    })
}
