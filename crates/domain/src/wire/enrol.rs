//! Getting to know each other: hello, enrolment, sessions.

use crate::{
    ids::{AccountId, CityId, DeviceId},
    rights::Preset,
    seal::envelope::SealPublic,
};
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

/// An Ed25519 public key; base64 of 32 bytes in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String))]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(pub [u8; 32]);

/// The text is no Ed25519 public key.
#[derive(Debug, thiserror::Error)]
#[error("not an Ed25519 public key in base64")]
pub struct BadPublicKey;

impl PublicKey {
    /// The key to verify with.
    ///
    /// # Errors
    /// [`BadPublicKey`] when the bytes are no point of the curve.
    pub fn verifying(&self) -> Result<VerifyingKey, BadPublicKey> {
        VerifyingKey::from_bytes(&self.0).map_err(|_| BadPublicKey)
    }
}

impl From<&VerifyingKey> for PublicKey {
    fn from(key: &VerifyingKey) -> Self {
        Self(key.to_bytes())
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        data_encoding::BASE64.encode(&key.0)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = BadPublicKey;

    fn try_from(text: String) -> Result<Self, BadPublicKey> {
        let raw = data_encoding::BASE64
            .decode(text.as_bytes())
            .map_err(|_| BadPublicKey)?;
        let key = Self(raw.try_into().map_err(|_| BadPublicKey)?);
        key.verifying().map(|_| key)
    }
}

/// `GET /v1/hello`: the first thing a phone asks; needs no right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hello {
    /// `zhicha`
    pub service: String,
    /// Protocol version: 1.
    pub protocol: u32,
    /// The server program's version.
    pub version: String,
    /// Server clock, milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// Changes when the server was restored from a backup.
    pub epoch: String,
    /// Constant limits.
    pub limits: Limits,
}

/// Limits that never change within a protocol version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Bytes of one op.
    pub op_bytes: u64,
    /// Ops of one push.
    pub push_ops: u64,
    /// Bytes of one photo file.
    pub file_bytes: u64,
    /// Changes of one pull.
    pub pull_changes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            op_bytes: crate::ops::MAX_OP_BYTES as u64,
            push_ops: 500,
            file_bytes: 64 * 1024 * 1024,
            pull_changes: 500,
        }
    }
}

/// `POST /v1/enrol`: binds a phone to an account. The same code with the same key gives the same
/// answer again, so a reply lost on the way does no harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolRequest {
    /// The one-time code, `2345-WXYZ`.
    pub code: String,
    /// What the owner calls the phone.
    pub device_name: String,
    /// The phone's key, made on the phone.
    pub public_key: PublicKey,
    /// The phone this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_device: Option<DeviceId>,
}

/// What a phone keeps of its enrolment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Enrolled {
    /// The city.
    pub city: CityId,
    /// 满洲里市
    pub city_name: String,
    /// The account.
    pub account: AccountId,
    /// The account's name.
    pub account_name: String,
    /// What it may do.
    pub preset: Preset,
    /// This phone.
    pub device: DeviceId,
    /// Its short label, part of temporary numbers: `A7`.
    pub device_label: String,
    /// The city's CA certificate, PEM; empty on plain loopback.
    pub ca_pem: String,
    /// The server's key over log heads and the city log.
    pub server_key: PublicKey,
    /// Bundles are sealed to this.
    pub sealing_key: SealPublic,
    /// The vault's key is sealed to this; the private half lies with the office, offline.
    pub recovery_key: SealPublic,
    /// The server's epoch.
    pub epoch: String,
    /// Server clock, milliseconds since 1970 UTC.
    pub now_ms: i64,
}

/// `POST /v1/session/challenge`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChallengeRequest {
    /// Who wants a session.
    pub device: DeviceId,
}

/// A nonce to sign, good for a minute. A device that does not exist gets one too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Challenge {
    /// Opaque text.
    pub nonce: String,
    /// Server clock, milliseconds since 1970 UTC.
    pub now_ms: i64,
}

/// `POST /v1/session`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionRequest {
    /// Who wants a session.
    pub device: DeviceId,
    /// The nonce.
    pub nonce: String,
    /// Base64 of the device key's signature over [`session_message`].
    pub signature: String,
}

/// A token for one hour. There is no refresh: the key is the credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Goes into `Authorization: Bearer`.
    pub token: String,
    /// When it ends, server clock, milliseconds since 1970 UTC.
    pub expires_ms: i64,
    /// Server clock, milliseconds since 1970 UTC.
    pub now_ms: i64,
}

/// What the device signs for a session: `zhicha-session-v1`, NUL, the device id, newline, the nonce.
#[must_use]
pub fn session_message(device: DeviceId, nonce: &str) -> Vec<u8> {
    format!("zhicha-session-v1\0{device}\n{nonce}").into_bytes()
}
