//! The phone without a screen.
//!
//! - [`vault`]: the encrypted folder: keys, database, sealed photo files, one door in;
//! - [`capture`]: photo bytes become sealed files and rows, in the one safe order;
//! - [`problem`], [`visit`]: what an inspector records; each hand-over is one transaction that also
//!   appends the signed ops;
//! - [`view`]: what may honestly be said of a record; [`browse`]: lists, search, drafts, pictures;
//! - [`net`]: the network as a trait, and over TLS with the city's pinned CA;
//! - [`sync`]: one pass: push, pull, photos. Everything passed in, nothing dropped whatever the answer.
#![forbid(unsafe_code)]

pub mod browse;
pub mod bundle;
pub mod capture;
pub mod clock;
pub mod enrol;
pub mod error;
pub mod net;
pub mod problem;
pub mod sync;
pub mod vault;
pub mod verify;
pub mod view;
pub mod visit;

pub use error::FieldError;
pub use vault::Vault;
