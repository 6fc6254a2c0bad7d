//! The messages of protocol v1 between a phone and its office (docs/PROTOCOL.md tells the story).
//!
//! All are JSON. Keys and signatures are base64, hashes 64 hex digits, times milliseconds since 1970
//! UTC by the server's clock. Fields are only added; a reader ignores those it does not know.

mod change;
mod enrol;
mod failure;
mod sync;

pub use change::{
    Change, ChangeBody, DutyNotice, ProblemNotice, SiteCard, TaskCard, TaskWithdrawn, Tombstone,
};
pub use enrol::{
    Challenge, ChallengeRequest, EnrolRequest, Enrolled, Hello, Limits, PublicKey, Session,
    SessionRequest, session_message,
};
pub use failure::Failure;
pub use sync::{BackedUp, Departed, HaveAnswer, HaveRequest, PullPage, PushAnswer, PushRequest};

#[cfg(test)]
mod tests;
