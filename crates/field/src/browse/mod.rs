//! What a screen shows of the vault: pages of problems, search, drafts, one visit, one picture, what waits.
//!
//! A page is read by where the last one ended, never by counting rows, so the last page of fifty
//! thousand costs what the first does. Search looks through letters: it finds 灯 as well as 路灯不亮,
//! a piece of a number as well as the whole.

mod detail;
mod draft;
mod ledger;
mod search;
mod visit;

pub use detail::{PhotoDetail, ProblemDetail};
pub use draft::DraftRow;
pub use ledger::{Ledger, Strip};
pub(crate) use search::index;
pub use visit::{ItemRow, VisitView};

use crate::{FieldError, Vault, problem::Draft};
use rusqlite::{Row, params};
use search::phrases;
use serde::Serialize;
use zhicha_domain::sync::RecordSync;

/// A problem in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemRow {
    /// Its id.
    pub problem: String,
    /// Temporary number.
    pub temp_no: String,
    /// Official number, from dispatch on.
    pub no: String,
    /// State as the office has it.
    pub state: String,
    /// The reviewer's reason.
    pub reason: String,
    /// Category's code.
    pub category: String,
    /// Place in words.
    pub place: String,
    /// In words.
    pub note: String,
    /// When it was handed over, milliseconds since 1970 UTC by this phone's clock.
    pub changed_ms: i64,
    /// The photo to show beside it.
    pub photo: Option<String>,
    /// How far it has come.
    pub sync: RecordSync,
}

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Turn {
    /// Time of the last row.
    pub changed_ms: i64,
    /// Its id.
    pub problem: String,
}

/// What a row of a list is read from.
const ROW: &str = "SELECT problem_id, temp_no, no, state, reason, draft, changed_ms,
           (SELECT photo_id FROM photos p WHERE p.problem_id = r.problem_id
            ORDER BY position LIMIT 1)
    FROM problems r WHERE handed_over = 1";

/// The problems the letters of `?1` are found in.
const FOUND: &str = "AND problem_id IN (
    SELECT problem_id FROM problem_numbers
    WHERE n IN (SELECT rowid FROM problem_words WHERE letters MATCH ?1))";

impl Vault {
    /// A page of problems handed over, the latest first; with `words`, those that hold them all;
    /// with `waiting`, those the server has not wholly confirmed.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn problem_page(
        &self,
        words: &str,
        waiting: bool,
        after: Option<&Turn>,
        limit: usize,
    ) -> Result<Vec<ProblemRow>, FieldError> {
        let asked = phrases(words);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (ms, id) = after.map_or((i64::MAX, ""), |t| (t.changed_ms, t.problem.as_str()));
        let found = if asked.is_empty() { "" } else { FOUND };
        let waits = if waiting {
            format!("AND problem_id IN ({})", ledger::WAITING)
        } else {
            String::new()
        };
        let sql = format!(
            "{ROW} AND (changed_ms, problem_id) < (?2, ?3) {found} {waits}
             ORDER BY changed_ms DESC, problem_id DESC LIMIT ?4"
        );
        let mut find = self.db.prepare_cached(&sql)?;
        let mut rows = find.query(params![asked, ms, id, limit])?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(self.problem_row(row)?);
        }
        Ok(page)
    }

    /// A row of [`ROW`].
    fn problem_row(&self, row: &Row<'_>) -> Result<ProblemRow, FieldError> {
        let problem: String = row.get(0)?;
        let draft: String = row.get(5)?;
        let draft: Draft = serde_json::from_str(&draft).unwrap_or_default();
        Ok(ProblemRow {
            temp_no: row.get(1)?,
            no: row.get(2)?,
            state: row.get(3)?,
            reason: row.get(4)?,
            category: draft.category,
            place: draft.place,
            note: draft.note,
            changed_ms: row.get(6)?,
            photo: row.get(7)?,
            sync: self.record_sync(&problem)?,
            problem,
        })
    }
}

#[cfg(feature = "audit")]
impl Vault {
    /// Puts rows of `count` problems in without their photos and ops, for measuring lists and search.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn fill_for_measuring(
        &mut self,
        count: u32,
        note: impl Fn(u32) -> String,
    ) -> Result<(), FieldError> {
        self.transact(|tx| {
            for n in 0..count {
                let draft = Draft {
                    category: "B01".into(),
                    note: note(n),
                    place: format!("三道街{}号", n % 500),
                    ..Draft::default()
                };
                let problem = format!("measured-{n}");
                tx.prepare_cached(
                    "INSERT INTO problems (problem_id, temp_no, handed_over, draft, changed_ms)
                     VALUES ($1, $2, 1, $3, $4)",
                )?
                .execute(params![
                    problem,
                    format!("临-A7-0305-{n}"),
                    crate::capture::json(&draft)?,
                    n
                ])?;
                search::index(tx, &problem)?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests;
