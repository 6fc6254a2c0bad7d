//! A problem as something to be moved: read within somebody's reach, changed whole, written back.

use super::{StoreError, Tx, read, read_some};
use rusqlite::{OptionalExtension as _, Row, params};
use zhicha_domain::{
    ids::{AccountId, DispatchId, ProblemId, UnitId},
    rights::{Act, Actor, Reach, reach},
    workflow::{CaseFacts, State},
};

/// Whose problems a query may touch; part of each query's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Only those of this unit.
    pub(super) unit: Option<String>,
    /// Only those this account recorded.
    pub(super) reporter: Option<String>,
    /// Only those dispatched.
    pub(super) dispatched: bool,
}

impl Scope {
    /// How far `act` reaches for `actor`; `None`: nowhere.
    #[must_use]
    pub fn of(actor: &Actor, act: Act) -> Option<Self> {
        let all = Self {
            unit: None,
            reporter: None,
            dispatched: false,
        };
        match reach(actor.preset, act) {
            Reach::Nowhere => None,
            Reach::City => Some(all),
            Reach::Dispatched => Some(Self {
                dispatched: true,
                ..all
            }),
            Reach::Own => Some(Self {
                reporter: Some(actor.account.to_string()),
                ..all
            }),
            // A unit account without a unit reaches nothing.
            Reach::Unit => actor.unit.map(|unit| Self {
                unit: Some(unit.to_string()),
                ..all
            }),
        }
    }
}

/// What of a problem changes through the office's steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The problem.
    pub problem: ProblemId,
    /// Who recorded it.
    pub reporter: AccountId,
    /// Its revision as read.
    pub rev: i64,
    /// Its state.
    pub state: State,
    /// Category after review.
    pub category: String,
    /// The reviewer's reason for sending back or not filing.
    pub reason: String,
    /// The problem it was joined to.
    pub merged_into: Option<ProblemId>,
    /// Official number, empty before dispatch.
    pub no: String,
    /// Its notice.
    pub dispatch: Option<DispatchId>,
    /// Who is to act.
    pub unit: Option<UnitId>,
    /// Until when, milliseconds since 1970 UTC.
    pub deadline_ms: Option<i64>,
    /// Class of the deadline.
    pub class: String,
    /// When it was dispatched.
    pub assigned_ms: Option<i64>,
    /// When the unit signed for it.
    pub signed_ms: Option<i64>,
    /// More time was given once.
    pub extended: bool,
    /// When feedback was entered.
    pub feedback_ms: Option<i64>,
    /// By whom.
    pub feedback_by: Option<AccountId>,
    /// 整改措施
    pub measure: String,
    /// 整改结果
    pub result: String,
    /// When it was rechecked.
    pub recheck_ms: Option<i64>,
    /// By whom.
    pub recheck_by: Option<AccountId>,
    /// Key of the recheck's event.
    pub recheck_result: String,
    /// When it was closed.
    pub closed_ms: Option<i64>,
}

impl Case {
    /// What the workflow has to know.
    #[must_use]
    pub fn facts(&self) -> CaseFacts {
        CaseFacts {
            reporter: Some(self.reporter),
            unit: self.unit,
            assigned_ms: self.assigned_ms,
            feedback_by: self.feedback_by,
            extended: self.extended,
        }
    }
}

fn case(r: &Row<'_>) -> Result<Case, StoreError> {
    let text = |n: usize| r.get::<_, String>(n);
    let some = |n: usize| r.get::<_, Option<String>>(n);
    let state = text(3)?;
    Ok(Case {
        problem: read(&text(0)?)?,
        reporter: read(&text(1)?)?,
        rev: r.get(2)?,
        state: State::from_key(&state)
            .ok_or_else(|| StoreError::Stored(format!("state {state}")))?,
        category: text(4)?,
        reason: text(5)?,
        merged_into: read_some(some(6)?.as_deref())?,
        no: text(7)?,
        dispatch: read_some(some(8)?.as_deref())?,
        unit: read_some(some(9)?.as_deref())?,
        deadline_ms: r.get(10)?,
        class: text(11)?,
        assigned_ms: r.get(12)?,
        signed_ms: r.get(13)?,
        extended: r.get(14)?,
        feedback_ms: r.get(15)?,
        feedback_by: read_some(some(16)?.as_deref())?,
        measure: text(17)?,
        result: text(18)?,
        recheck_ms: r.get(19)?,
        recheck_by: read_some(some(20)?.as_deref())?,
        recheck_result: text(21)?,
        closed_ms: r.get(22)?,
    })
}

impl Tx<'_> {
    /// A problem within a scope.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn case(&self, problem: ProblemId, scope: &Scope) -> Result<Option<Case>, StoreError> {
        self.db
            .prepare_cached(
                "SELECT problem_id, reporter_id, rev, state, category, reason, merged_into, no,
                        dispatch_id, unit_id, deadline_ms, class, assigned_ms, signed_ms, extended,
                        feedback_ms, feedback_by, measure, result, recheck_ms, recheck_by,
                        recheck_result, closed_ms
                 FROM problems
                 WHERE city_id = $1 AND ($2 IS NULL OR unit_id = $2)
                   AND ($3 IS NULL OR reporter_id = $3) AND (NOT $4 OR unit_id IS NOT NULL)
                   AND problem_id = $5",
            )?
            .query_row(
                params![
                    self.city.to_string(),
                    scope.unit,
                    scope.reporter,
                    scope.dispatched,
                    problem.to_string()
                ],
                |r| Ok(case(r)),
            )
            .optional()?
            .transpose()
    }

    /// Writes a changed case back if nobody changed it meanwhile; gives its new revision.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_case(&self, c: &Case) -> Result<Option<i64>, StoreError> {
        let rev = self
            .db
            .prepare_cached(
                "UPDATE problems SET state = $1, category = $2, reason = $3, merged_into = $4,
                    no = $5, dispatch_id = $6, unit_id = $7, deadline_ms = $8, class = $9,
                    assigned_ms = $10, signed_ms = $11, extended = $12, feedback_ms = $13,
                    feedback_by = $14, measure = $15, result = $16, recheck_ms = $17,
                    recheck_by = $18, recheck_result = $19, closed_ms = $20, rev = rev + 1
                 WHERE city_id = $21 AND problem_id = $22 AND rev = $23
                 RETURNING rev",
            )?
            .query_row(
                params![
                    c.state.key(),
                    c.category,
                    c.reason,
                    c.merged_into.map(|p| p.to_string()),
                    c.no,
                    c.dispatch.map(|d| d.to_string()),
                    c.unit.map(|u| u.to_string()),
                    c.deadline_ms,
                    c.class,
                    c.assigned_ms,
                    c.signed_ms,
                    c.extended,
                    c.feedback_ms,
                    c.feedback_by.map(|a| a.to_string()),
                    c.measure,
                    c.result,
                    c.recheck_ms,
                    c.recheck_by.map(|a| a.to_string()),
                    c.recheck_result,
                    c.closed_ms,
                    self.city.to_string(),
                    c.problem.to_string(),
                    c.rev
                ],
                |r| r.get(0),
            )
            .optional()?;
        Ok(rev)
    }
}
