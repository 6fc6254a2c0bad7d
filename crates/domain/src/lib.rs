//! What a spot check is: the words, the rules and the evidence of 直查, and nothing else.
//!
//! This crate does no I/O, reads no clock and draws no randomness but what it is handed. The phone
//! (`field`) and the office (`server`) share their rules through it alone, so a rule that both need
//! is written here once.
//!
//! The rooms:
//!
//! - [`ids`], [`hash`], [`time`], [`geo`]: the small values everything else is made of;
//! - [`catalog`]: site types, problem categories and the manual's items, read from `data/`;
//! - [`ops`]: the signed log that carries every fact, its hash chain, receipts and verification;
//! - [`seal`]: sealed streams for photo files and bundles, and keys wrapped to a public key;
//! - [`workflow`]: the states of a problem and who may move it;
//! - [`rights`]: presets of rights and what each may do;
//! - [`sync`]: what a record may honestly say of itself while it travels;
//! - [`wire`]: the messages of protocol v1.
#![forbid(unsafe_code)]

pub mod catalog;
pub mod geo;
pub mod hash;
pub mod ids;
pub mod numbers;
pub mod ops;
pub mod photo;
pub mod rights;
pub mod seal;
pub mod sync;
pub mod time;
pub mod wire;
pub mod workflow;
