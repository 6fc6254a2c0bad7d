//! Push, pull, have, and setting out.

use super::Change;
use crate::{
    hash::Digest,
    ids::OpId,
    ops::{Received, SignedLogHead, SignedOp},
};
use serde::{Deserialize, Serialize};

/// `POST /v1/sync/push`; the body may be zstd (`Content-Encoding: zstd`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushRequest {
    /// In the order of their logs.
    pub ops: Vec<SignedOp>,
}

/// One answer per op in the same order, and how far each touched log reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushAnswer {
    /// One per op.
    pub results: Vec<Received>,
    /// Signed heads of the logs the ops belong to.
    pub heads: Vec<SignedLogHead>,
    /// Server clock, milliseconds since 1970 UTC.
    pub now_ms: i64,
}

/// A page of `GET /v1/sync/pull?after=…&limit=…`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullPage {
    /// In order.
    pub changes: Vec<Change>,
    /// The cursor to ask with next; opaque.
    pub next: String,
    /// There is more right now.
    pub more: bool,
    /// Server clock, milliseconds since 1970 UTC.
    pub now_ms: i64,
}

/// `POST /v1/sync/have`: what does the server hold durably?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HaveRequest {
    /// Op ids asked about, at most 1,000.
    #[serde(default)]
    pub ops: Vec<OpId>,
    /// Hashes of photo files asked about, at most 1,000.
    #[serde(default)]
    pub files: Vec<Digest>,
}

/// Of what was asked, what is held, as far as this account sent it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HaveAnswer {
    /// Ops held.
    pub ops: Vec<OpId>,
    /// Files held, complete, with matching hash.
    pub files: Vec<Digest>,
    /// Of those, what a backup holds as well. Absent: no backup, so free nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backed_up: Option<BackedUp>,
    /// The server's epoch.
    pub epoch: String,
}

/// What the last good backup holds of what was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BackedUp {
    /// Ops.
    pub ops: Vec<OpId>,
    /// Files.
    pub files: Vec<Digest>,
}

/// `POST /v1/duties/{id}/depart`: the team has set out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Departed {
    /// The tasks, now open; they also come by pull to the whole team.
    pub tasks: Vec<super::TaskCard>,
    /// When it was first pressed, server clock, milliseconds since 1970 UTC.
    pub departed_ms: i64,
}
