//! A sealed file.
//!
//! ```text
//! offset  bytes
//! 0       4      "ZSF1"
//! 4       1      purpose (1 photo file, 2 bundle)
//! 5       3      zero
//! 8       16     salt
//! 24      4      length of the sealed header, big-endian, its 16-byte tag included
//! 28      h      sealed header
//! 28+h           chunks: 65,536 bytes of plaintext + 16-byte tag each; the last may be shorter,
//!                down to an empty plaintext, and there is always a last one
//! ```
//!
//! Key and nonce prefix come from the secret by HKDF-SHA256 (RFC 5869): salt as above, info
//! `"zhicha sealed file v1"` followed by the purpose byte; 51 bytes: 32 of key, 19 of prefix. Each
//! piece is XChaCha20-Poly1305 with the nonce prefix ‖ counter (4 bytes, big-endian) ‖ last (1
//! byte), the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015): the header has
//! counter 0 and last 0 with the first 28 bytes as associated data; chunk *i* (from 0) has counter
//! *i* + 1, last 1 on the last chunk only, and no associated data. So a dropped, swapped or added
//! chunk does not open, nor does a file cut at a chunk's end.

use super::SealError;
use chacha20poly1305::{KeyInit as _, Tag, XChaCha20Poly1305, XNonce, aead::AeadInOut as _};
use hkdf::Hkdf;
use sha2::Sha256;
use std::io::{Read, Seek, SeekFrom, Write};
use zeroize::Zeroizing;

/// Plaintext bytes per chunk.
pub const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
const MAGIC: &[u8; 4] = b"ZSF1";
const FIXED: usize = 28;
/// The longest sealed header that is believed.
const MAX_HEADER: usize = 64 * 1024;

/// What a sealed file is for; part of its key, so that one kind never opens as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// A file of a photo in the vault.
    Photo = 1,
    /// The inside of a bundle.
    Bundle = 2,
}

struct Keys {
    cipher: XChaCha20Poly1305,
    prefix: [u8; 19],
}

impl Keys {
    fn derive(secret: &[u8; 32], salt: &[u8; 16], purpose: Purpose) -> Result<Self, SealError> {
        let mut out = Zeroizing::new([0u8; 51]);
        let info = [b"zhicha sealed file v1".as_slice(), &[purpose as u8]].concat();
        Hkdf::<Sha256>::new(Some(salt), secret)
            .expand(&info, out.as_mut())
            .map_err(|_| SealError::TooLong)?;
        let (key, rest) = out.split_at(32);
        let mut prefix = [0u8; 19];
        prefix.copy_from_slice(rest);
        let cipher = XChaCha20Poly1305::new_from_slice(key).map_err(|_| SealError::BadKey)?;
        Ok(Self { cipher, prefix })
    }

    fn nonce(&self, counter: u32, last: bool) -> XNonce {
        let mut nonce = [0u8; 24];
        nonce[..19].copy_from_slice(&self.prefix);
        nonce[19..23].copy_from_slice(&counter.to_be_bytes());
        nonce[23] = u8::from(last);
        XNonce::from(nonce)
    }

    /// Seals `buf` in place and appends the tag.
    fn seal(
        &self,
        counter: u32,
        last: bool,
        aad: &[u8],
        buf: &mut Vec<u8>,
    ) -> Result<(), SealError> {
        let tag = self
            .cipher
            .encrypt_inout_detached(&self.nonce(counter, last), aad, buf.as_mut_slice().into())
            .map_err(|_| SealError::TooLong)?;
        buf.extend_from_slice(&tag);
        Ok(())
    }

    /// Opens `buf` (ciphertext and tag) in place.
    fn open(
        &self,
        counter: u32,
        last: bool,
        aad: &[u8],
        buf: &mut Vec<u8>,
    ) -> Result<(), SealError> {
        let body = buf.len().checked_sub(TAG).ok_or(SealError::Broken)?;
        let tag: [u8; TAG] = buf[body..].try_into().map_err(|_| SealError::Broken)?;
        buf.truncate(body);
        self.cipher
            .decrypt_inout_detached(
                &self.nonce(counter, last),
                aad,
                buf.as_mut_slice().into(),
                &Tag::from(tag),
            )
            .map_err(|_| SealError::Broken)
    }
}

/// Seals what is written into it. Nothing is complete until [`SealWriter::finish`].
pub struct SealWriter<W: Write> {
    inner: W,
    keys: Keys,
    buf: Vec<u8>,
    counter: u32,
}

impl<W: Write> SealWriter<W> {
    /// Writes the fixed part and the sealed `header` (at most 64 KiB less 16 bytes).
    ///
    /// # Errors
    /// [`SealError::TooLong`] or [`SealError::Io`].
    pub fn new(
        mut inner: W,
        secret: &[u8; 32],
        purpose: Purpose,
        salt: [u8; 16],
        header: &[u8],
    ) -> Result<Self, SealError> {
        let keys = Keys::derive(secret, &salt, purpose)?;
        let sealed_len = header.len() + TAG;
        if sealed_len > MAX_HEADER {
            return Err(SealError::TooLong);
        }
        let len = u32::try_from(sealed_len).map_err(|_| SealError::TooLong)?;
        let fixed = fixed_part(purpose, &salt, len);
        let mut sealed = header.to_vec();
        keys.seal(0, false, &fixed, &mut sealed)?;
        inner.write_all(&fixed)?;
        inner.write_all(&sealed)?;
        Ok(Self {
            inner,
            keys,
            buf: Vec::with_capacity(CHUNK + TAG),
            counter: 1,
        })
    }

    fn flush_chunk(&mut self, last: bool) -> Result<(), SealError> {
        self.keys.seal(self.counter, last, &[], &mut self.buf)?;
        self.inner.write_all(&self.buf)?;
        self.buf.clear();
        self.counter = self.counter.checked_add(1).ok_or(SealError::TooLong)?;
        Ok(())
    }

    /// Seals the last chunk and gives the writer back, unflushed.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn finish(mut self) -> Result<W, SealError> {
        self.flush_chunk(true)?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        if self.buf.len() == CHUNK {
            self.flush_chunk(false).map_err(std::io::Error::other)?;
        }
        let take = data.len().min(CHUNK - self.buf.len());
        self.buf.extend_from_slice(&data[..take]);
        Ok(take)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

fn fixed_part(purpose: Purpose, salt: &[u8; 16], header_len: u32) -> [u8; FIXED] {
    let mut fixed = [0u8; FIXED];
    fixed[..4].copy_from_slice(MAGIC);
    fixed[4] = purpose as u8;
    fixed[8..24].copy_from_slice(salt);
    fixed[24..].copy_from_slice(&header_len.to_be_bytes());
    fixed
}

struct Opened {
    keys: Keys,
    header: Vec<u8>,
    body_at: u64,
}

fn open_header(
    inner: &mut impl Read,
    secret: &[u8; 32],
    purpose: Purpose,
) -> Result<Opened, SealError> {
    let mut fixed = [0u8; FIXED];
    read_full(inner, &mut fixed)?;
    if &fixed[..4] != MAGIC || fixed[4] != purpose as u8 {
        return Err(SealError::NotSealed);
    }
    let mut salt = [0u8; 16];
    salt.copy_from_slice(&fixed[8..24]);
    let mut len = [0u8; 4];
    len.copy_from_slice(&fixed[24..]);
    let len = u32::from_be_bytes(len) as usize;
    if !(TAG..=MAX_HEADER).contains(&len) {
        return Err(SealError::Broken);
    }
    let keys = Keys::derive(secret, &salt, purpose)?;
    let mut header = vec![0u8; len];
    read_full(inner, &mut header)?;
    keys.open(0, false, &fixed, &mut header)?;
    Ok(Opened {
        keys,
        header,
        body_at: (FIXED + len) as u64,
    })
}

/// Reads a sealed file from front to back.
pub struct SealReader<R: Read> {
    inner: R,
    keys: Keys,
    header: Vec<u8>,
    counter: u32,
    /// Sealed bytes read ahead: the next chunk, needed to know whether this one is the last.
    ahead: Vec<u8>,
    plain: Vec<u8>,
    at: usize,
    done: bool,
}

impl<R: Read> SealReader<R> {
    /// Opens the header.
    ///
    /// # Errors
    /// [`SealError::NotSealed`], [`SealError::Broken`], [`SealError::Io`].
    pub fn new(mut inner: R, secret: &[u8; 32], purpose: Purpose) -> Result<Self, SealError> {
        let opened = open_header(&mut inner, secret, purpose)?;
        let mut reader = Self {
            inner,
            keys: opened.keys,
            header: opened.header,
            counter: 1,
            ahead: Vec::new(),
            plain: Vec::new(),
            at: 0,
            done: false,
        };
        reader.ahead = reader.next_sealed()?;
        Ok(reader)
    }

    /// The header's plaintext.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    fn next_sealed(&mut self) -> Result<Vec<u8>, SealError> {
        let mut buf = Vec::with_capacity(CHUNK + TAG);
        (&mut self.inner)
            .take((CHUNK + TAG) as u64)
            .read_to_end(&mut buf)?;
        Ok(buf)
    }

    fn advance(&mut self) -> Result<(), SealError> {
        let next = if self.ahead.len() == CHUNK + TAG {
            self.next_sealed()?
        } else {
            Vec::new()
        };
        let last = next.is_empty();
        let mut chunk = std::mem::replace(&mut self.ahead, next);
        self.keys.open(self.counter, last, &[], &mut chunk)?;
        self.counter = self.counter.checked_add(1).ok_or(SealError::TooLong)?;
        self.plain = chunk;
        self.at = 0;
        self.done = last;
        Ok(())
    }
}

impl<R: Read> Read for SealReader<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.plain.len() {
            if self.done {
                return Ok(0);
            }
            self.advance()
                .map_err(|e| std::io::Error::new(std::io::ErrorKind::InvalidData, e))?;
        }
        let take = out.len().min(self.plain.len() - self.at);
        out[..take].copy_from_slice(&self.plain[self.at..self.at + take]);
        self.at += take;
        Ok(take)
    }
}

/// Reads `len` bytes of plaintext from `offset`, opening only the chunks they lie in. Shorter than
/// asked at the end of the file.
///
/// # Errors
/// [`SealError`].
pub fn read_range<R: Read + Seek>(
    mut inner: R,
    secret: &[u8; 32],
    purpose: Purpose,
    offset: u64,
    len: usize,
) -> Result<Vec<u8>, SealError> {
    let opened = open_header(&mut inner, secret, purpose)?;
    let sealed = inner.seek(SeekFrom::End(0))?.saturating_sub(opened.body_at);
    let step = (CHUNK + TAG) as u64;
    let chunks = sealed.div_ceil(step).max(1);
    let mut out = Vec::with_capacity(len);
    let mut index = offset / CHUNK as u64;
    let mut skip = usize::try_from(offset % CHUNK as u64).map_err(|_| SealError::TooLong)?;
    while out.len() < len && index < chunks {
        inner.seek(SeekFrom::Start(opened.body_at + index * step))?;
        let mut chunk = Vec::with_capacity(CHUNK + TAG);
        (&mut inner).take(step).read_to_end(&mut chunk)?;
        let counter = u32::try_from(index + 1).map_err(|_| SealError::TooLong)?;
        opened
            .keys
            .open(counter, index + 1 == chunks, &[], &mut chunk)?;
        let from = skip.min(chunk.len());
        let to = chunk.len().min(from + (len - out.len()));
        out.extend_from_slice(&chunk[from..to]);
        skip = 0;
        index += 1;
    }
    Ok(out)
}

/// Opens the header alone: what is needed to rebuild when the database is gone.
///
/// # Errors
/// [`SealError`].
pub fn read_header(
    mut inner: impl Read,
    secret: &[u8; 32],
    purpose: Purpose,
) -> Result<Vec<u8>, SealError> {
    open_header(&mut inner, secret, purpose).map(|opened| opened.header)
}

fn read_full(inner: &mut impl Read, buf: &mut [u8]) -> Result<(), SealError> {
    inner.read_exact(buf).map_err(|e| match e.kind() {
        std::io::ErrorKind::UnexpectedEof => SealError::Broken,
        _ => SealError::Io(e),
    })
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
