//! A bundle: unsent ops and photo files in one file that only the server can read.
//!
//! ```text
//! offset  bytes
//! 0       4     "ZHB1"
//! 4       4     zero
//! 8       32    encapsulated key (HPKE, info "zhicha-bundle-v1", to the server's sealing key)
//! 40      …     a sealed file (see `stream`), purpose 2, under the exported secret; its header is
//!               the JSON of `Manifest`
//! end−32  32    SHA-256 of everything before it
//! ```
//!
//! Inside stand entries, one after the other: 4 bytes of length (big-endian), that many bytes of
//! JSON ([`Entry`]), and for a file its bytes. The last entry is `end` and counts the others. It
//! carries no account's right with it: what it holds goes through push like everything else, so a
//! bundle read twice, in halves or by two people does no harm.

use super::{
    SealError,
    envelope::{SealPrivate, SealPublic, new_secret, receive_secret},
    stream::{Purpose, SealReader, SealWriter},
};
use crate::{
    hash::Digest,
    ids::{AccountId, CityId, DeviceId, LogId, PhotoId},
    ops::SignedOp,
    photo::Rendition,
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io::{Read, Write};

const MAGIC: &[u8; 8] = b"ZHB1\0\0\0\0";
const INFO: &[u8] = b"zhicha-bundle-v1";
const MAX_ENTRY: usize = 256 * 1024;
const DIGEST: usize = 32;

/// What a bundle says of itself, readable by the server alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this form: 1.
    pub v: u8,
    /// The city it is for.
    pub city: CityId,
    /// Whose work it is.
    pub account: AccountId,
    /// The phone it comes from.
    pub device: DeviceId,
    /// That phone's log.
    pub log: LogId,
    /// When it was made, device clock, milliseconds since 1970 UTC.
    pub made_ms: i64,
}

/// One thing in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Entry {
    /// An op.
    Op {
        /// As stored by the phone.
        op: SignedOp,
    },
    /// A photo's file; its bytes follow.
    File {
        /// The photo.
        photo: PhotoId,
        /// Which of its files.
        rendition: Rendition,
        /// Hash of the bytes.
        sha256: Digest,
        /// How many bytes follow.
        len: u64,
    },
    /// Nothing follows.
    End {
        /// Ops before it.
        ops: u64,
        /// Files before it.
        files: u64,
    },
}

/// Hashes what passes through.
struct Hashing<T> {
    inner: T,
    hasher: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(buf)?;
        self.hasher.update(&buf[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

/// Writes a bundle.
pub struct BundleWriter<W: Write> {
    seal: SealWriter<Hashing<W>>,
    ops: u64,
    files: u64,
}

impl<W: Write> BundleWriter<W> {
    /// Begins a bundle sealed to the server's key.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn new(
        out: W,
        to: &SealPublic,
        manifest: &Manifest,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, SealError> {
        let mut out = Hashing {
            inner: out,
            hasher: Sha256::new(),
        };
        let (enc, secret) = new_secret(to, INFO, rng)?;
        let mut salt = [0u8; 16];
        rng.fill_bytes(&mut salt);
        out.write_all(MAGIC)?;
        out.write_all(&enc)?;
        let header = serde_json::to_vec(manifest).map_err(std::io::Error::other)?;
        let seal = SealWriter::new(out, &secret, Purpose::Bundle, salt, &header)?;
        Ok(Self {
            seal,
            ops: 0,
            files: 0,
        })
    }

    fn entry(&mut self, entry: &Entry) -> Result<(), SealError> {
        let json = serde_json::to_vec(entry).map_err(std::io::Error::other)?;
        if json.len() > MAX_ENTRY {
            return Err(SealError::TooLong);
        }
        let len = u32::try_from(json.len()).map_err(|_| SealError::TooLong)?;
        self.seal.write_all(&len.to_be_bytes())?;
        self.seal.write_all(&json)?;
        Ok(())
    }

    /// Adds an op.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn op(&mut self, op: &SignedOp) -> Result<(), SealError> {
        self.ops += 1;
        self.entry(&Entry::Op { op: op.clone() })
    }

    /// Adds a photo's file; exactly `len` bytes are taken from `bytes`.
    ///
    /// # Errors
    /// [`SealError`]; [`SealError::Broken`] when `bytes` ends early.
    pub fn file(
        &mut self,
        photo: PhotoId,
        rendition: Rendition,
        sha256: Digest,
        len: u64,
        bytes: &mut impl Read,
    ) -> Result<(), SealError> {
        self.files += 1;
        self.entry(&Entry::File {
            photo,
            rendition,
            sha256,
            len,
        })?;
        let copied = std::io::copy(&mut bytes.take(len), &mut self.seal)?;
        if copied == len {
            Ok(())
        } else {
            Err(SealError::Broken)
        }
    }

    /// Writes the end and the digest, and gives the writer back for its owner to sync.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn finish(mut self) -> Result<W, SealError> {
        let end = Entry::End {
            ops: self.ops,
            files: self.files,
        };
        self.entry(&end)?;
        let Hashing { mut inner, hasher } = self.seal.finish()?;
        inner.write_all(&hasher.finalize())?;
        Ok(inner)
    }
}

/// Checks the digest over the whole file, which anybody can do without a key.
///
/// # Errors
/// [`SealError::NotSealed`] for another kind of file, [`SealError::Broken`] for a damaged one.
pub fn check_digest(mut file: impl Read) -> Result<(), SealError> {
    let mut hasher = Sha256::new();
    let mut tail: Vec<u8> = Vec::new();
    let mut buf = vec![0u8; 64 * 1024];
    let mut first = true;
    loop {
        let n = file.read(&mut buf)?;
        if n == 0 {
            break;
        }
        tail.extend_from_slice(&buf[..n]);
        if first && tail.len() >= MAGIC.len() {
            if &tail[..MAGIC.len()] != MAGIC {
                return Err(SealError::NotSealed);
            }
            first = false;
        }
        let keep = tail.len().min(DIGEST);
        let settled = tail.len() - keep;
        hasher.update(&tail[..settled]);
        tail.drain(..settled);
    }
    if first {
        return Err(SealError::NotSealed);
    }
    if tail.len() == DIGEST && tail[..] == hasher.finalize()[..] {
        Ok(())
    } else {
        Err(SealError::Broken)
    }
}

/// Reads a bundle whose digest was checked. `len` is the whole file's length in bytes.
pub struct BundleReader<R: Read> {
    seal: SealReader<std::io::Take<R>>,
    manifest: Manifest,
    ops: u64,
    files: u64,
    ended: bool,
}

impl<R: Read> BundleReader<R> {
    /// Opens a bundle with the server's private key.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn new(mut file: R, len: u64, key: &SealPrivate) -> Result<Self, SealError> {
        let mut magic = [0u8; 8];
        let mut enc = [0u8; 32];
        file.read_exact(&mut magic)?;
        if &magic != MAGIC {
            return Err(SealError::NotSealed);
        }
        file.read_exact(&mut enc)?;
        let secret = receive_secret(key, &enc, INFO)?;
        let inside = len
            .checked_sub((8 + 32 + DIGEST) as u64)
            .ok_or(SealError::Broken)?;
        let seal = SealReader::new(file.take(inside), &secret, Purpose::Bundle)?;
        let manifest = serde_json::from_slice(seal.header()).map_err(|_| SealError::Broken)?;
        Ok(Self {
            seal,
            manifest,
            ops: 0,
            files: 0,
            ended: false,
        })
    }

    /// What the bundle says of itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The next entry, or `None` after the end. A file's bytes must be read through
    /// [`BundleReader::bytes`] before the next call.
    ///
    /// # Errors
    /// [`SealError::Broken`] when altered, cut off, or the counts at the end do not agree.
    pub fn next_entry(&mut self) -> Result<Option<Entry>, SealError> {
        if self.ended {
            return Ok(None);
        }
        let mut len = [0u8; 4];
        self.read_exact(&mut len)?;
        let len = u32::from_be_bytes(len) as usize;
        if len > MAX_ENTRY {
            return Err(SealError::Broken);
        }
        let mut json = vec![0u8; len];
        self.read_exact(&mut json)?;
        let entry: Entry = serde_json::from_slice(&json).map_err(|_| SealError::Broken)?;
        match &entry {
            Entry::Op { .. } => self.ops += 1,
            Entry::File { .. } => self.files += 1,
            Entry::End { ops, files } => {
                self.ended = true;
                if (*ops, *files) != (self.ops, self.files) {
                    return Err(SealError::Broken);
                }
                return Ok(None);
            }
        }
        Ok(Some(entry))
    }

    /// The bytes of the file entry just read, `len` as stated there.
    pub fn bytes(&mut self, len: u64) -> impl Read + '_ {
        (&mut self.seal).take(len)
    }

    fn read_exact(&mut self, buf: &mut [u8]) -> Result<(), SealError> {
        self.seal.read_exact(buf).map_err(|_| SealError::Broken)
    }
}

#[cfg(test)]
#[path = "bundle_tests.rs"]
mod tests;
