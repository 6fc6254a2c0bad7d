//! The product from outside: real programs, real sockets, real folders.
//!
//! - [`bins`]: where the built programs are;
//! - [`server`]: a server process that is awaited, stopped and killed;
//! - [`phone`]: a phone played by the command `zhicha`;
//! - [`office`]: a person of the office, over HTTP with cookie and CSRF token;
//! - [`city`]: the sample city, put in through the same routes;
//! - [`browser`]: a real browser without a screen;
//! - [`console`]: the office's pages, used by hand in it;
//! - [`window`]: the phone's own window on a display that is not there;
//! - [`wire`]: a phone's engine and a server's routes in one process, with a line between them that
//!   a test makes fail.
//!
//! The only crate that knows both the phone's side and the office's.
#![forbid(unsafe_code)]

pub mod bins;
pub mod browser;
pub mod city;
pub mod console;
pub mod office;
pub mod phone;
pub mod server;
pub mod window;
pub mod wire;
