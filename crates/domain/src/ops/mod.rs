//! The signed log: every fact and every decision of 直查 is one entry, an *op*.
//!
//! A phone's vault has one log; the city has one of its own, signed by the server, for what the
//! office decides. An op is a *head* (JSON text, [`OpHead`]), a *body* (JSON text, [`OpBody`]) and
//! an Ed25519 signature over the exact bytes of the head. The head names the body by its SHA-256,
//! so that a body can later be erased by law while the log still verifies. Heads form a chain: each
//! names the SHA-256 of the one before it, and `seq` counts from 1 without gaps.
//!
//! Nothing here is canonicalised: whoever stores an op keeps the bytes he was given, and every
//! check is made on those bytes.
//!
//! - [`head`]: the head and how it is signed;
//! - [`body`]: what a phone records; [`office`]: what the office decides;
//! - [`mod@chain`]: cutting the next op and checking a run of them;
//! - [`receipt`]: what the server says of an op, and its signed word on how far a log reaches.

pub mod body;
pub mod chain;
pub mod head;
pub mod office;
pub mod receipt;

pub use body::{BodyError, OpBody};
pub use chain::{ChainFault, Tip, check_run, cut};
pub use head::{OpError, OpHead, SignedOp, Suite};
pub use receipt::{LogHead, Receipt, Received, SignedLogHead, Verdict, VerdictStatus};

/// The most bytes an op may have, head, body and signature text together; checked when it is cut,
/// so that a person hears of it while he can still shorten the text.
pub const MAX_OP_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests;
