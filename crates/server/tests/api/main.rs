//! Every route, asked in process: no socket, a clock that the test owns, a folder of its own.
//!
//! A file per group of routes; each names its routes in its first lines, and [`routes`] fails for a
//! route that no file names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "tests: a panic is how they fail, and the helpers are one crate with them"
)]

mod acts;
mod catalog;
mod common;
mod directory;
mod dispatches;
mod duties;
mod exports;
mod have;
mod hello;
mod idempotency;
mod live;
mod login;
mod people;
mod phone;
mod photos;
mod problems;
mod routes;
mod secrecy;
mod uploads;
