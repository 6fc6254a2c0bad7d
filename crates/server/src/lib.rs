//! The office's service: it accepts what phones recorded, and lets the office review, dispatch,
//! close and export.
//!
//! - [`store`]: SQL, and nothing else speaks it;
//! - [`accept`]: what an op leads to; [`office`]: what the office decides: plain functions on a
//!   transaction;
//! - [`objects`]: photo files on disk, published only when length and hash match;
//! - [`city`]: the city's keys and identity; [`tls`]: its certificate authority;
//! - [`api`]: the routes, thin shells around the above.
#![forbid(unsafe_code)]

pub mod accept;
pub mod api;
pub mod app;
pub mod boot;
pub mod bundle;
pub mod city;
pub mod objects;
pub mod office;
pub mod password;
pub mod store;
pub mod tls;
