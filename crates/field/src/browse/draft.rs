//! Drafts, as they are offered back.

use crate::{FieldError, Vault, problem::Draft};
use rusqlite::{OptionalExtension as _, Row};
use serde::Serialize;
use zhicha_domain::{ids::ProblemId, ops::body::PhotoAdded};

/// A draft, as it is offered back.
#[derive(Clone, Debug, Serialize)]
pub struct DraftRow {
    /// Its id.
    pub problem: ProblemId,
    /// What it holds.
    pub draft: Draft,
    /// When it was last stored, milliseconds since 1970 UTC by this phone's clock.
    pub changed_ms: i64,
    /// Its photos, in order.
    pub photos: Vec<PhotoAdded>,
}

/// What the table holds of one: id, text, time.
type Raw = (String, String, i64);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

impl Vault {
    /// Drafts, the latest first.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn drafts(&self) -> Result<Vec<DraftRow>, FieldError> {
        let rows: Vec<Raw> = self
            .db
            .prepare_cached(
                "SELECT problem_id, draft, changed_ms FROM problems WHERE handed_over = 0
                 ORDER BY changed_ms DESC, problem_id DESC",
            )?
            .query_map([], raw)?
            .collect::<Result<_, _>>()?;
        rows.into_iter().map(|row| self.draft_row(row)).collect()
    }

    /// One draft.
    ///
    /// # Errors
    /// [`FieldError::NotHere`] when it is none, or none any more.
    pub fn draft_of(&self, problem: ProblemId) -> Result<DraftRow, FieldError> {
        let row = self
            .db
            .prepare_cached(
                "SELECT problem_id, draft, changed_ms FROM problems
                 WHERE problem_id = $1 AND handed_over = 0",
            )?
            .query_row([problem.to_string()], raw)
            .optional()?
            .ok_or_else(|| FieldError::NotHere(format!("草稿 {problem}")))?;
        self.draft_row(row)
    }

    fn draft_row(&self, (problem, draft, changed_ms): Raw) -> Result<DraftRow, FieldError> {
        let problem: ProblemId = problem
            .parse()
            .map_err(|_| FieldError::NotHere(format!("草稿 {problem}")))?;
        Ok(DraftRow {
            problem,
            // What no longer reads is offered empty, with its photos, and not hidden.
            draft: serde_json::from_str(&draft).unwrap_or_default(),
            changed_ms,
            photos: self.photo_facts(problem)?,
        })
    }
}
