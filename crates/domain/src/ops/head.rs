//! An op's head, and the signature over it.

use super::MAX_OP_BYTES;
use crate::{
    hash::Digest,
    ids::{AccountId, DeviceId, LogId, OpId},
    time::Stamp,
};
use data_encoding::BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// What is signed is this, then the head's bytes. It keeps a signature over a head from ever being
/// taken for a signature over something else.
pub const SIGN_PREFIX: &[u8] = b"zhicha-op-v1\0";

/// The algorithms of an op. A later suite (SM2/SM3) gets a name of its own; old ops keep theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Suite {
    /// Ed25519 signatures (RFC 8032), SHA-256 hashes.
    #[serde(rename = "ed25519-sha256")]
    Ed25519Sha256,
}

/// What an op says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpHead {
    /// Version of the head's form: 1.
    pub v: u8,
    /// Algorithms.
    pub suite: Suite,
    /// The log it belongs to.
    pub log: LogId,
    /// Place in that log: 1, 2, 3 … without gaps.
    pub seq: u64,
    /// Its own name, UUIDv7.
    pub op: OpId,
    /// Hash of the previous head's bytes; [`Digest::ZERO`] at seq 1.
    pub prev: Digest,
    /// Who acted.
    pub author: AccountId,
    /// The phone whose key signs; in the city log the city's own id.
    pub device: DeviceId,
    /// When, as the device knew it.
    pub at: Stamp,
    /// What kind of fact, for instance `problem.filed`.
    pub kind: String,
    /// Version of that kind's body.
    pub kv: u16,
    /// Hash of the body's bytes.
    pub body: Digest,
}

/// An op as it is stored and sent: the exact texts and the signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedOp {
    /// The head's JSON text, byte for byte as signed.
    pub head: String,
    /// The body's JSON text; `None` once lawfully erased.
    pub body: Option<String>,
    /// Base64 of the 64-byte signature.
    pub sig: String,
}

/// Why an op cannot be taken.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OpError {
    /// Head is not JSON of the known form.
    #[error("malformed head: {0}")]
    Head(String),
    /// The body's hash is not the one the head names.
    #[error("the body is not the one the head names")]
    BodyHash,
    /// Signature text or value is wrong.
    #[error("the signature does not match")]
    Signature,
    /// Larger than [`MAX_OP_BYTES`].
    #[error("{bytes} bytes, over the limit of {MAX_OP_BYTES}")]
    TooLarge {
        /// Size found.
        bytes: usize,
    },
}

impl OpError {
    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Head(_) => "malformed",
            Self::BodyHash => "body_hash",
            Self::Signature => "bad_signature",
            Self::TooLarge { .. } => "too_large",
        }
    }
}

impl SignedOp {
    /// Signs `head` over `body`. The head's text is made here, once, and never again.
    ///
    /// # Errors
    /// [`OpError::TooLarge`] when the whole is over the limit; [`OpError::Head`] if the head cannot
    /// be written as JSON (it always can).
    pub fn sign(head: &OpHead, body: String, key: &SigningKey) -> Result<Self, OpError> {
        let head = serde_json::to_string(head).map_err(|e| OpError::Head(e.to_string()))?;
        let sig = key.sign(&signed_bytes(&head));
        let op = Self {
            head,
            body: Some(body),
            sig: BASE64.encode(&sig.to_bytes()),
        };
        op.check_size().map(|()| op)
    }

    /// The hash that the next op names as `prev`: SHA-256 of the head's bytes.
    #[must_use]
    pub fn hash(&self) -> Digest {
        Digest::of(self.head.as_bytes())
    }

    /// Bytes of head, body and signature text.
    #[must_use]
    pub fn size(&self) -> usize {
        self.head.len() + self.body.as_ref().map_or(0, String::len) + self.sig.len()
    }

    fn check_size(&self) -> Result<(), OpError> {
        let bytes = self.size();
        if bytes > MAX_OP_BYTES {
            return Err(OpError::TooLarge { bytes });
        }
        Ok(())
    }

    /// Reads the head without checking anything else.
    ///
    /// # Errors
    /// [`OpError::Head`].
    pub fn read_head(&self) -> Result<OpHead, OpError> {
        let head: OpHead =
            serde_json::from_str(&self.head).map_err(|e| OpError::Head(e.to_string()))?;
        if head.v != 1 {
            return Err(OpError::Head(format!("version {} is unknown", head.v)));
        }
        Ok(head)
    }

    /// Checks size, body hash and signature, and gives the head.
    ///
    /// # Errors
    /// The first of [`OpError`] found; an erased body is no error.
    pub fn verify(&self, key: &VerifyingKey) -> Result<OpHead, OpError> {
        self.check_size()?;
        let head = self.read_head()?;
        if let Some(body) = &self.body
            && Digest::of(body.as_bytes()) != head.body
        {
            return Err(OpError::BodyHash);
        }
        let raw = BASE64
            .decode(self.sig.as_bytes())
            .map_err(|_| OpError::Signature)?;
        let sig = Signature::from_slice(&raw).map_err(|_| OpError::Signature)?;
        key.verify_strict(&signed_bytes(&self.head), &sig)
            .map_err(|_| OpError::Signature)?;
        Ok(head)
    }
}

fn signed_bytes(head: &str) -> Vec<u8> {
    [SIGN_PREFIX, head.as_bytes()].concat()
}
