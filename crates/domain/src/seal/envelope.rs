//! A secret sealed to a public key: HPKE (RFC 9180) base mode, DHKEM(X25519, HKDF-SHA256),
//! HKDF-SHA256, ChaCha20-Poly1305.
//!
//! The vault's key is sealed to the city's recovery key, a bundle to the server's sealing key.

use super::SealError;
use hpke::{
    Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _, aead::ChaCha20Poly1305,
    kdf::HkdfSha256, kem::X25519HkdfSha256,
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

type Kem = X25519HkdfSha256;

/// A public key somebody else seals to; 32 bytes, base64 in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String))]
#[serde(try_from = "String", into = "String")]
pub struct SealPublic(pub [u8; 32]);

/// The private half.
#[derive(Clone)]
pub struct SealPrivate(pub Zeroizing<[u8; 32]>);

impl From<SealPublic> for String {
    fn from(key: SealPublic) -> Self {
        data_encoding::BASE64.encode(&key.0)
    }
}

impl TryFrom<String> for SealPublic {
    type Error = SealError;

    fn try_from(text: String) -> Result<Self, SealError> {
        let raw = data_encoding::BASE64
            .decode(text.as_bytes())
            .map_err(|_| SealError::BadKey)?;
        raw.try_into().map(Self).map_err(|_| SealError::BadKey)
    }
}

impl SealPrivate {
    /// A new key from `rng`.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut ikm = Zeroizing::new([0u8; 32]);
        rng.fill_bytes(ikm.as_mut());
        let (private, _) = Kem::derive_keypair(ikm.as_ref());
        Self(Zeroizing::new(private.to_bytes().into()))
    }

    /// Its public half.
    ///
    /// # Errors
    /// [`SealError::BadKey`].
    pub fn public(&self) -> Result<SealPublic, SealError> {
        let private = self.hpke()?;
        Ok(SealPublic(Kem::sk_to_pk(&private).to_bytes().into()))
    }

    fn hpke(&self) -> Result<<Kem as hpke::Kem>::PrivateKey, SealError> {
        <Kem as hpke::Kem>::PrivateKey::from_bytes(self.0.as_ref()).map_err(|_| SealError::BadKey)
    }
}

/// Makes a fresh 32-byte secret that the holder of `to` can derive from the encapsulated key given
/// with it. `info` says what for and must be the same on both sides.
///
/// # Errors
/// [`SealError::BadKey`].
pub fn new_secret(
    to: &SealPublic,
    info: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<([u8; 32], Zeroizing<[u8; 32]>), SealError> {
    let to = <Kem as hpke::Kem>::PublicKey::from_bytes(&to.0).map_err(|_| SealError::BadKey)?;
    let (enc, ctx) = hpke::setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeS::Base,
        &to,
        info,
        rng,
    )
    .map_err(|_| SealError::BadKey)?;
    let mut secret = Zeroizing::new([0u8; 32]);
    ctx.export(b"secret", secret.as_mut())
        .map_err(|_| SealError::BadKey)?;
    Ok((enc.to_bytes().into(), secret))
}

/// The receiver's side of [`new_secret`].
///
/// # Errors
/// [`SealError::BadKey`].
pub fn receive_secret(
    key: &SealPrivate,
    enc: &[u8; 32],
    info: &[u8],
) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let ctx = receiver(key, enc, info)?;
    let mut secret = Zeroizing::new([0u8; 32]);
    ctx.export(b"secret", secret.as_mut())
        .map_err(|_| SealError::BadKey)?;
    Ok(secret)
}

/// Seals a short message; gives the encapsulated key and the ciphertext.
///
/// # Errors
/// [`SealError`].
pub fn seal(
    to: &SealPublic,
    info: &[u8],
    message: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<([u8; 32], Vec<u8>), SealError> {
    let to = <Kem as hpke::Kem>::PublicKey::from_bytes(&to.0).map_err(|_| SealError::BadKey)?;
    let (enc, mut ctx) = hpke::setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeS::Base,
        &to,
        info,
        rng,
    )
    .map_err(|_| SealError::BadKey)?;
    let sealed = ctx.seal(message, &[]).map_err(|_| SealError::TooLong)?;
    Ok((enc.to_bytes().into(), sealed))
}

/// Opens what [`seal`] made.
///
/// # Errors
/// [`SealError::Broken`] when altered or for another key.
pub fn open(
    key: &SealPrivate,
    enc: &[u8; 32],
    info: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut ctx = receiver(key, enc, info)?;
    ctx.open(sealed, &[])
        .map(Zeroizing::new)
        .map_err(|_| SealError::Broken)
}

fn receiver(
    key: &SealPrivate,
    enc: &[u8; 32],
    info: &[u8],
) -> Result<hpke::aead::AeadCtxR<ChaCha20Poly1305, HkdfSha256, Kem>, SealError> {
    let enc = <Kem as hpke::Kem>::EncappedKey::from_bytes(enc).map_err(|_| SealError::BadKey)?;
    hpke::setup_receiver(&OpModeR::Base, &key.hpke()?, &enc, info).map_err(|_| SealError::BadKey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng as _, rngs::StdRng};

    #[test]
    fn only_the_named_key_opens_and_only_for_the_named_purpose() {
        let mut rng = StdRng::seed_from_u64(1);
        let key = SealPrivate::generate(&mut rng);
        let other = SealPrivate::generate(&mut rng);
        let to = key.public().unwrap();
        let (enc, sealed) = seal(&to, b"vault", b"secret key", &mut rng).unwrap();
        assert_eq!(
            &**open(&key, &enc, b"vault", &sealed).unwrap(),
            b"secret key"
        );
        assert!(open(&other, &enc, b"vault", &sealed).is_err());
        assert!(open(&key, &enc, b"bundle", &sealed).is_err());

        let (enc, ours) = new_secret(&to, b"bundle", &mut rng).unwrap();
        assert_eq!(receive_secret(&key, &enc, b"bundle").unwrap(), ours);
        assert_ne!(receive_secret(&key, &enc, b"other").unwrap(), ours);
    }

    #[test]
    fn a_key_reads_back_from_json() {
        let key = SealPublic([3; 32]);
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<SealPublic>(&json).unwrap(), key);
        assert!(serde_json::from_str::<SealPublic>("\"AAAA\"").is_err());
    }
}
