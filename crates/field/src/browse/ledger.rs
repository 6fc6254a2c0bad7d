//! What is stored and what waits: one line above every screen, and the ledger behind it.

use crate::{FieldError, Vault, clock::Clock, view::ProblemView};
use rusqlite::params;
use serde::Serialize;

/// Ids of problems with an op, or a file of a photo, that the server has not confirmed. Both halves
/// go by an index, so that fifty thousand confirmed ones cost nothing.
pub(super) const WAITING: &str =
    "SELECT subject FROM ops WHERE stage < 'confirmed' OR stage > 'confirmed'
     UNION
     SELECT p.problem_id FROM photo_files f JOIN photos p ON p.photo_id = f.photo_id
     WHERE (f.stage < 'confirmed' OR f.stage > 'confirmed') AND f.stage <> 'local'";

/// The line above every screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Strip {
    /// When something was last stored, milliseconds since 1970 UTC by this phone's clock.
    pub stored_ms: Option<i64>,
    /// Problems handed over that the server has not wholly confirmed.
    pub waiting: u64,
    /// Drafts.
    pub drafts: u64,
}

/// The honest ledger of what has left the phone.
#[derive(Debug, Serialize)]
pub struct Ledger {
    /// Problems handed over.
    pub records: u64,
    /// Of these, wholly confirmed.
    pub records_synced: u64,
    /// Their photos.
    pub photos: u64,
    /// Of these, with every file confirmed.
    pub photos_confirmed: u64,
    /// Ops not confirmed, visits' and observations' too.
    pub ops_waiting: u64,
    /// Bytes of photos not confirmed.
    pub bytes_waiting: u64,
    /// Age of the oldest unsent record, milliseconds.
    pub oldest_unsent_ms: Option<i64>,
    /// What waits, the oldest first, at most [`Ledger::SHOWN`].
    pub waiting: Vec<ProblemView>,
}

impl Ledger {
    /// So many waiting records are shown one by one.
    pub const SHOWN: u32 = 100;
}

impl Vault {
    /// The line above every screen.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn strip(&self) -> Result<Strip, FieldError> {
        let changed: Option<i64> =
            self.db
                .query_row("SELECT max(changed_ms) FROM problems", [], |r| r.get(0))?;
        let op = crate::vault::log::last(&self.db)?;
        Ok(Strip {
            stored_ms: changed.max(op),
            waiting: self.waiting_count()?,
            drafts: self.number("SELECT count(*) FROM problems WHERE handed_over = 0")?,
        })
    }

    /// The honest ledger of what has left the phone.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn ledger(&self, clock: &dyn Clock) -> Result<Ledger, FieldError> {
        let records = self.number("SELECT count(*) FROM problems WHERE handed_over = 1")?;
        let photos = self.number(
            "SELECT count(*) FROM photos p JOIN problems r ON r.problem_id = p.problem_id
             WHERE r.handed_over = 1",
        )?;
        let photos_waiting = self.number(
            "SELECT count(DISTINCT photo_id) FROM photo_files
             WHERE (stage < 'confirmed' OR stage > 'confirmed') AND stage <> 'local'",
        )?;
        let sql = format!(
            "SELECT problem_id, temp_no, no, state, reason FROM problems
             WHERE handed_over = 1 AND problem_id IN ({WAITING})
             ORDER BY changed_ms, problem_id LIMIT ?1"
        );
        let mut find = self.db.prepare_cached(&sql)?;
        let mut rows = find.query(params![Ledger::SHOWN])?;
        let mut waiting = Vec::new();
        while let Some(row) = rows.next()? {
            waiting.push(self.problem_view(
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            )?);
        }
        Ok(Ledger {
            records,
            records_synced: records.saturating_sub(self.waiting_count()?),
            photos,
            photos_confirmed: photos.saturating_sub(photos_waiting),
            ops_waiting: self.ops_waiting()?,
            bytes_waiting: self.bytes_waiting()?,
            oldest_unsent_ms: self.oldest_unsent(clock)?,
            waiting,
        })
    }

    fn waiting_count(&self) -> Result<u64, FieldError> {
        self.number(&format!(
            "SELECT count(*) FROM problems WHERE handed_over = 1 AND problem_id IN ({WAITING})"
        ))
    }
}
