//! The keys of a vault, in `keys.json`.
//!
//! One random 256-bit vault key opens everything; database and photo files get keys of their own
//! from it (HKDF-SHA256). It is stored wrapped, never plain: under the PIN (Argon2id), and sealed to
//! the city's recovery public key, so that a forgotten PIN does not destroy unsent work. Wraps stand
//! apart from the data: a later way of wrapping rewrites nothing. The phone's signing key lies
//! sealed beside them, so that it survives a damaged database.

use crate::FieldError;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use data_encoding::BASE64;
use ed25519_dalek::SigningKey;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use std::{fs, path::Path};
use zeroize::Zeroizing;
use zhicha_domain::seal::envelope::{self, SealPublic};

/// What the vault key is sealed to the recovery key for.
pub const RECOVERY_INFO: &[u8] = b"zhicha-vault-key-v1";
const PIN_DIGITS: usize = 6;
/// Argon2id: memory in KiB, passes. About 0.1 s on a phone of 2020.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 3;

/// A 256-bit key.
pub(super) type Key = Zeroizing<[u8; 32]>;

#[derive(Serialize, Deserialize)]
struct Stored {
    v: i64,
    wraps: Vec<Wrap>,
    device_key: Sealed,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
enum Wrap {
    Pin {
        memory_kib: u32,
        passes: u32,
        salt: String,
        #[serde(flatten)]
        sealed: Sealed,
    },
    Recovery {
        enc: String,
        sealed: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    nonce: String,
    text: String,
}

/// The opened keys.
pub(super) struct Keys {
    vault: Key,
    /// Signs the log.
    pub(super) device: SigningKey,
}

impl Keys {
    /// New random keys, wrapped under the PIN.
    pub(super) fn create(
        folder: &Path,
        pin: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<Self, FieldError> {
        let digits = pin.iter().all(u8::is_ascii_digit);
        if !digits || pin.len() < PIN_DIGITS {
            return Err(FieldError::BadPin);
        }
        let mut vault = Key::default();
        let mut seed = Key::default();
        let mut salt = [0u8; 16];
        rng.fill_bytes(vault.as_mut());
        rng.fill_bytes(seed.as_mut());
        rng.fill_bytes(&mut salt);
        let under = stretch(pin, &salt, MEMORY_KIB, PASSES).ok_or(FieldError::BadPin)?;
        let keys = Self {
            device: SigningKey::from_bytes(&seed),
            vault,
        };
        let stored = Stored {
            v: 1,
            wraps: vec![Wrap::Pin {
                memory_kib: MEMORY_KIB,
                passes: PASSES,
                salt: BASE64.encode(&salt),
                sealed: seal(&under, b"pin", keys.vault.as_ref(), rng),
            }],
            device_key: seal(&keys.derived(b"device")?, b"device", seed.as_ref(), rng),
        };
        write(folder, &stored)?;
        Ok(keys)
    }

    /// Opens with the PIN.
    pub(super) fn open(folder: &Path, pin: &[u8]) -> Result<Self, FieldError> {
        let stored = read(folder)?;
        let mut vault = None;
        for wrap in &stored.wraps {
            if let Wrap::Pin {
                memory_kib,
                passes,
                salt,
                sealed,
            } = wrap
            {
                let salt = BASE64.decode(salt.as_bytes()).unwrap_or_default();
                let under = stretch(pin, &salt, *memory_kib, *passes);
                vault = under.and_then(|key| open(&key, b"pin", sealed));
            }
        }
        let keys = Self {
            vault: vault.ok_or(FieldError::WrongPin)?,
            device: SigningKey::from_bytes(&[0; 32]),
        };
        let seed = open(&keys.derived(b"device")?, b"device", &stored.device_key)
            .ok_or_else(|| damaged(folder, "device key"))?;
        Ok(Self {
            device: SigningKey::from_bytes(&seed),
            ..keys
        })
    }

    /// Seals the vault key to the city's recovery key as well; once is enough.
    pub(super) fn add_recovery(
        &self,
        folder: &Path,
        to: &SealPublic,
        rng: &mut impl CryptoRng,
    ) -> Result<(), FieldError> {
        let mut stored = read(folder)?;
        let (enc, sealed) = envelope::seal(to, RECOVERY_INFO, self.vault.as_ref(), rng)?;
        stored
            .wraps
            .retain(|wrap| !matches!(wrap, Wrap::Recovery { .. }));
        stored.wraps.push(Wrap::Recovery {
            enc: BASE64.encode(&enc),
            sealed: BASE64.encode(&sealed),
        });
        write(folder, &stored)
    }

    /// A key of its own for one use.
    pub(super) fn derived(&self, what: &[u8]) -> Result<Key, FieldError> {
        let mut out = Key::default();
        hkdf::Hkdf::<sha2::Sha256>::new(Some(b"zhicha vault v1"), self.vault.as_ref())
            .expand(what, out.as_mut())
            .map_err(|_| FieldError::WrongPin)?;
        Ok(out)
    }
}

fn stretch(pin: &[u8], salt: &[u8], memory_kib: u32, passes: u32) -> Option<Key> {
    let params = Params::new(memory_kib, passes, 1, Some(32)).ok()?;
    let mut key = Key::default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin, salt, key.as_mut())
        .ok()?;
    Some(key)
}

fn seal(key: &Key, what: &[u8], plain: &[u8], rng: &mut impl CryptoRng) -> Sealed {
    let mut nonce = [0u8; 24];
    rng.fill_bytes(&mut nonce);
    let payload = Payload {
        msg: plain,
        aad: what,
    };
    let text = XChaCha20Poly1305::new((&**key).into())
        .encrypt(&XNonce::from(nonce), payload)
        .unwrap_or_default();
    Sealed {
        nonce: BASE64.encode(&nonce),
        text: BASE64.encode(&text),
    }
}

fn open(key: &Key, what: &[u8], sealed: &Sealed) -> Option<Key> {
    let nonce: [u8; 24] = BASE64
        .decode(sealed.nonce.as_bytes())
        .ok()?
        .try_into()
        .ok()?;
    let text = BASE64.decode(sealed.text.as_bytes()).ok()?;
    let payload = Payload {
        msg: &text,
        aad: what,
    };
    let plain = XChaCha20Poly1305::new((&**key).into())
        .decrypt(&XNonce::from(nonce), payload)
        .ok()?;
    Some(Key::new(Zeroizing::new(plain).as_slice().try_into().ok()?))
}

fn damaged(folder: &Path, why: &str) -> FieldError {
    FieldError::Damaged(folder.join("keys.json"), why.to_owned())
}

fn read(folder: &Path) -> Result<Stored, FieldError> {
    let path = folder.join("keys.json");
    let text = match fs::read_to_string(&path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(FieldError::NoVault(folder.to_owned()));
        }
        text => text.map_err(|e| FieldError::io(&path, e))?,
    };
    let version: serde_json::Value =
        serde_json::from_str(&text).map_err(|e| damaged(folder, &e.to_string()))?;
    match version["v"].as_i64() {
        Some(1) => serde_json::from_value(version).map_err(|e| damaged(folder, &e.to_string())),
        Some(found) => Err(FieldError::Newer { path, found }),
        None => Err(damaged(folder, "no version")),
    }
}

fn write(folder: &Path, stored: &Stored) -> Result<(), FieldError> {
    let text = serde_json::to_vec_pretty(stored).map_err(|e| damaged(folder, &e.to_string()))?;
    super::files::write_durably(folder, "keys.json", &text)
}
