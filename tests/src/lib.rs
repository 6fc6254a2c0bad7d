//! The product from outside: real programs, real sockets, real folders.
//!
//! - [`bins`]: where the built programs are;
//! - [`server`]: a server process that is awaited, stopped and killed;
//! - [`phone`]: a phone played by the command `zhicha`.
//!
//! The only crate that knows both the phone's side and the office's.
#![forbid(unsafe_code)]

pub mod bins;
pub mod phone;
pub mod server;
