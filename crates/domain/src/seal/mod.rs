//! Sealed bytes: photo files in the vault, bundles on a stick, and keys wrapped to a public key.
//!
//! - [`stream`]: a sealed file, 64 KiB at a time, so that a range can be read without the rest;
//! - [`envelope`]: a secret sealed to somebody's public key (HPKE);
//! - [`bundle`]: unsent ops and photo files in one file that only the server can read.
//!
//! What fails to open was altered or is under another key; the two cannot be told apart, and
//! nothing of it is ever returned.

pub mod bundle;
pub mod envelope;
pub mod stream;

/// A sealed thing that does not open, or cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Not a file of this form at all.
    #[error("not a sealed file of this kind")]
    NotSealed,
    /// Altered, cut off, or under another key.
    #[error("the sealed data was altered, cut off or belongs to another key")]
    Broken,
    /// The file is longer than the form can count.
    #[error("too long to seal")]
    TooLong,
    /// The public or private key is none.
    #[error("not a valid key")]
    BadKey,
    /// Reading or writing below failed.
    #[error("reading or writing failed: {0}")]
    Io(#[from] std::io::Error),
}
