//! What the server says of an op.
//!
//! A **receipt** says: these bytes are durable here and will not change. It is given once and
//! repeated word for word when the op is sent again. A **verdict** says what the op led to; it
//! arrives by pull and may change from parked to applied. A [`SignedLogHead`] is the server's
//! signed word on how far a log reaches, and what a verifier compares a log's end with.

use crate::{
    hash::Digest,
    ids::{CityId, LogId, OpId},
};
use data_encoding::BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// Precedes the text of a [`LogHead`] under the signature.
pub const HEAD_PREFIX: &[u8] = b"zhicha-head-v1\0";

/// These bytes are durable and immutable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The op.
    pub op: OpId,
    /// Hash of its head as held by the server.
    pub hash: Digest,
    /// Server clock when it first became durable, milliseconds since 1970 UTC.
    pub received_ms: i64,
}

/// The answer to one op of a push, in the order of the push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Received {
    /// Durable here.
    Received(Receipt),
    /// Not taken: it can never be taken as it is. The phone keeps it and offers what to do.
    Refused {
        /// The op, where its head could be read.
        op: Option<OpId>,
        /// `bad_signature`, `malformed`, `body_hash`, `too_large`, `unknown_device`.
        code: String,
        /// What happened and what to do, Chinese.
        zh: String,
        /// The same in English.
        en: String,
    },
}

/// What an op led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verdict {
    /// The op.
    pub op: OpId,
    /// Outcome so far.
    pub status: VerdictStatus,
    /// Why, for programs: `category_retired`, `landed_as_comment`, `waiting_for`, `unknown_kind`,
    /// `server_fault`; empty when plainly applied.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Detail of the code: the claimed category, what is waited for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// Outcome of an op.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VerdictStatus {
    /// It took effect.
    Applied,
    /// Kept, waiting for something that has not arrived.
    Parked,
}

/// How far a log reaches at the server: no gap up to `seq`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogHead {
    /// Version of this form: 1.
    pub v: u8,
    /// The city.
    pub city: CityId,
    /// The log.
    pub log: LogId,
    /// Highest number without a gap below it.
    pub seq: u64,
    /// Hash of the head at that number.
    pub hash: Digest,
    /// Server clock, milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// A [`LogHead`]'s exact text with the server's signature over it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedLogHead {
    /// JSON text of a [`LogHead`].
    pub text: String,
    /// Base64 of the Ed25519 signature over the prefix `zhicha-head-v1\0` and the text.
    pub sig: String,
}

/// A signed head that does not hold.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the server's signature over the log head does not match")]
pub struct BadLogHead;

impl SignedLogHead {
    /// Signs `head` with the server's key.
    #[must_use]
    pub fn sign(head: &LogHead, key: &SigningKey) -> Self {
        let text = serde_json::to_string(head).unwrap_or_default();
        let sig = key.sign(&[HEAD_PREFIX, text.as_bytes()].concat());
        Self {
            text,
            sig: BASE64.encode(&sig.to_bytes()),
        }
    }

    /// Checks the signature and gives the head.
    ///
    /// # Errors
    /// [`BadLogHead`].
    pub fn verify(&self, key: &VerifyingKey) -> Result<LogHead, BadLogHead> {
        let raw = BASE64.decode(self.sig.as_bytes()).map_err(|_| BadLogHead)?;
        let sig = Signature::from_slice(&raw).map_err(|_| BadLogHead)?;
        key.verify_strict(&[HEAD_PREFIX, self.text.as_bytes()].concat(), &sig)
            .map_err(|_| BadLogHead)?;
        serde_json::from_str(&self.text).map_err(|_| BadLogHead)
    }
}
