//! The routes: thin shells that read a request, call a plain function and write the answer.

pub mod guard;
pub mod refusal;

pub use refusal::{Answer, Refusal};
