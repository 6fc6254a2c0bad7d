//! Tokens, codes, nonces and cursors: what the server hands out and recognises again.
//!
//! Of tokens and codes only the hash is stored. Nonces and cursors are not stored at all: they are
//! sealed with the server's own key, so whoever alters one gets the answer for one that never was.

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use data_encoding::BASE64URL_NOPAD;
use rand::Rng as _;
use zhicha_domain::hash::Digest;

/// A fresh token of 256 random bits, base64url.
#[must_use]
pub fn token() -> String {
    let mut raw = [0u8; 32];
    rand::rng().fill_bytes(&mut raw);
    BASE64URL_NOPAD.encode(&raw)
}

/// What is stored of a token or a code.
#[must_use]
pub fn stored(secret: &str) -> String {
    Digest::of_parts(&[b"zhicha-token-v1\0", secret.as_bytes()]).to_string()
}

/// Seals `plain` under `key` for one purpose; the text differs every time.
#[must_use]
pub fn seal(key: &[u8; 32], purpose: &str, plain: &[u8]) -> String {
    let mut nonce = [0u8; 24];
    rand::rng().fill_bytes(&mut nonce);
    let cipher = XChaCha20Poly1305::new(key.into());
    let payload = Payload {
        msg: plain,
        aad: purpose.as_bytes(),
    };
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), payload)
        .unwrap_or_default();
    BASE64URL_NOPAD.encode(&[nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] made; `None` for anything else.
#[must_use]
pub fn open(key: &[u8; 32], purpose: &str, text: &str) -> Option<Vec<u8>> {
    let raw = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    let (nonce, sealed) = raw.split_at_checked(24)?;
    let nonce: [u8; 24] = nonce.try_into().ok()?;
    let payload = Payload {
        msg: sealed,
        aad: purpose.as_bytes(),
    };
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(nonce), payload)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_for_its_purpose_alone() {
        let key = [4; 32];
        let text = seal(&key, "cursor", b"17");
        assert_eq!(open(&key, "cursor", &text).as_deref(), Some(&b"17"[..]));
        assert_eq!(open(&key, "nonce", &text), None);
        assert_eq!(open(&[5; 32], "cursor", &text), None);
        assert_eq!(open(&key, "cursor", "zzz"), None);
        assert_ne!(seal(&key, "cursor", b"17"), text);
    }
}
