//! The rule of one step.

use super::{Event, State};
use crate::{
    ids::{AccountId, UnitId},
    rights::{Actor, Preset, Reach, reach},
};

/// How long an unsigned dispatch can be taken back: ten minutes.
pub const RECALL_MS: i64 = 10 * 60 * 1000;

/// What a step has to know of the case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFacts {
    /// Who recorded it.
    pub reporter: Option<AccountId>,
    /// The unit it is dispatched to.
    pub unit: Option<UnitId>,
    /// When it was dispatched, server clock, milliseconds since 1970 UTC.
    pub assigned_ms: Option<i64>,
    /// Who entered the last feedback, for the unit or as the unit.
    pub feedback_by: Option<AccountId>,
    /// The unit was already given more time once.
    pub extended: bool,
}

/// Why a step cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// From this state that event does not lead anywhere.
    #[error("「{}」的问题不能「{}」，请刷新后再看 (this step is not open from the present state)", .from.zh(), .event.zh())]
    NotFromHere {
        /// The state.
        from: State,
        /// The event.
        event: Event,
    },
    /// The actor has no right to it.
    #[error("没有这一条，或没有查看权限 (not there, or no access)")]
    NoRight,
    /// Whoever rectified or entered the feedback never rechecks.
    #[error(
        "录入反馈的人不能复查，请换一位复查 (whoever entered the feedback cannot recheck; ask somebody else)"
    )]
    SamePerson,
    /// A dispatch older than ten minutes cannot be taken back.
    #[error(
        "交办已超过 10 分钟，不能撤回；可以改派 (dispatched more than ten minutes ago; reassign instead)"
    )]
    TooLate,
    /// More time is given once.
    #[error("已经延期过一次，不能再延 (more time was already given once)")]
    AlreadyExtended,
}

impl Refusal {
    /// A stable word for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFromHere { .. } => "not_from_here",
            Self::NoRight => "not_found",
            Self::SamePerson => "same_person",
            Self::TooLate => "too_late",
            Self::AlreadyExtended => "already_extended",
        }
    }
}

/// Where `event` leads from `from`, whoever acts; `None`: nowhere.
fn target(from: State, event: Event) -> Option<State> {
    use Event as E;
    use State as S;
    Some(match (from, event) {
        (S::Draft | S::Returned, E::Submit) => S::Submitted,
        (S::Submitted | S::Returned, E::Withdraw) => S::Withdrawn,
        (S::Submitted, E::Accept) => S::Accepted,
        (S::Submitted, E::Return) => S::Returned,
        (S::Submitted, E::Reject) => S::Rejected,
        (S::Submitted, E::Merge) => S::Merged,
        (S::Submitted, E::OnsiteFixed) => S::Feedback,
        (S::Accepted | S::Returned | S::Rejected | S::Merged, E::Reopen) => S::Submitted,
        (S::Accepted, E::Assign) | (S::Refused, E::Reassign | E::Uphold) => S::Assigned,
        (S::Assigned, E::Recall) => S::Accepted,
        (S::Assigned, E::Refuse) => S::Refused,
        (S::Assigned, E::Sign) => S::Rectifying,
        // A unit that answers without signing has signed.
        (S::Assigned | S::Rectifying | S::LongTerm, E::Feedback) => S::Feedback,
        (S::Rectifying, E::ExtendRequest) => S::Extending,
        (S::Extending, E::Approve | E::Deny) => S::Rectifying,
        (S::Rectifying, E::Suspend) => S::Suspended,
        (S::Suspended, E::Resume) => S::Rectifying,
        (S::Feedback, E::Pass) => S::Closed,
        (S::Feedback, E::Fail) => S::Failed,
        (S::Feedback, E::Partial) => S::Rectifying,
        (S::Feedback, E::NotCheckable) => S::Feedback,
        (S::Feedback, E::KeepWatch) => S::LongTerm,
        (S::Failed, E::SendBack) | (S::LongTerm, E::Relapse) => S::Rectifying,
        (S::Closed | S::LongTerm, E::LookBack) => S::LookBack,
        (S::LookBack, E::StillGood | E::Relapse) => S::Closed,
        _ => return None,
    })
}

/// The events that lead somewhere from `from`.
#[must_use]
pub fn possible(from: State) -> Vec<Event> {
    Event::ALL
        .iter()
        .copied()
        .filter(|e| target(from, *e).is_some())
        .collect()
}

/// Makes one step.
///
/// `now_ms` is the server's clock, milliseconds since 1970 UTC.
///
/// # Errors
/// The first [`Refusal`] that applies. A missing right comes before everything else, so that its
/// answer tells nothing of the case.
pub fn step(
    from: State,
    event: Event,
    actor: &Actor,
    case: &CaseFacts,
    now_ms: i64,
) -> Result<State, Refusal> {
    if !may(event, actor, case) {
        return Err(Refusal::NoRight);
    }
    let to = target(from, event).ok_or(Refusal::NotFromHere { from, event })?;
    match event {
        Event::Recall => {
            let fresh = case
                .assigned_ms
                .is_some_and(|at| now_ms.saturating_sub(at) <= RECALL_MS);
            if !fresh {
                return Err(Refusal::TooLate);
            }
        }
        Event::ExtendRequest if case.extended => return Err(Refusal::AlreadyExtended),
        Event::Pass | Event::Fail | Event::Partial | Event::KeepWatch
            if case.feedback_by == Some(actor.account) =>
        {
            return Err(Refusal::SamePerson);
        }
        _ => {}
    }
    Ok(to)
}

fn may(event: Event, actor: &Actor, case: &CaseFacts) -> bool {
    match reach(actor.preset, event.act()) {
        // Nobody who only reads moves anything.
        Reach::Nowhere | Reach::Dispatched => false,
        Reach::City => true,
        Reach::Own => case.reporter == Some(actor.account),
        Reach::Unit => {
            actor.preset == Preset::Unit && actor.unit.is_some() && actor.unit == case.unit
        }
    }
}

#[cfg(test)]
#[path = "step_tests.rs"]
mod tests;
