//! What may honestly be shown: every word comes from what the server has confirmed.

use crate::{FieldError, Vault, clock::Clock};
use serde::Serialize;
use zhicha_domain::{
    sync::{PhotoSync, RecordSync, SyncStage, record},
    wire::{DutyNotice, TaskCard},
};

/// Duties and tasks.
#[derive(Debug, Serialize)]
pub struct Tasks {
    /// Dates with duty.
    pub duties: Vec<DutyNotice>,
    /// Sites, after departure.
    pub tasks: Vec<TaskCard>,
}

/// One file of a photo.
#[derive(Debug, Serialize)]
pub struct FileView {
    /// `original`, `preview`, `thumbnail`.
    pub rendition: String,
    /// How far it has come.
    pub stage: SyncStage,
    /// Its hash.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
}

/// One photo.
#[derive(Debug, Serialize)]
pub struct PhotoView {
    /// Its id.
    pub photo: String,
    /// Its files.
    pub files: Vec<FileView>,
}

/// One problem.
#[derive(Debug, Serialize)]
pub struct ProblemView {
    /// Its id.
    pub problem: String,
    /// 临-A7-0305-03
    pub temp_no: String,
    /// Official number, from dispatch on.
    pub no: String,
    /// State as the office has it.
    pub state: String,
    /// The reviewer's reason.
    pub reason: String,
    /// How far its text has come.
    pub text: SyncStage,
    /// The record as a whole.
    pub sync: RecordSync,
    /// Its photos.
    pub photos: Vec<PhotoView>,
}

/// Everything at a glance.
#[derive(Debug, Serialize)]
pub struct Status {
    /// Whose phone it is.
    pub account: String,
    /// The city.
    pub city: String,
    /// Problems handed over.
    pub problems: Vec<ProblemView>,
    /// Drafts not handed over.
    pub drafts: Vec<String>,
    /// Ops not confirmed.
    pub ops_waiting: u64,
    /// Bytes of photos not confirmed.
    pub bytes_waiting: u64,
    /// Age of the oldest unsent record, milliseconds.
    pub oldest_unsent_ms: Option<i64>,
}

impl Vault {
    /// Duties and tasks on this phone.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn tasks(&self) -> Result<Tasks, FieldError> {
        let duties: Vec<(String, String, bool)> = self
            .db
            .prepare("SELECT duty_id, date, lead FROM duties ORDER BY date, duty_id")?
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let cards: Vec<String> = self
            .db
            .prepare("SELECT card FROM tasks WHERE withdrawn = 0 ORDER BY task_id")?
            .query_map([], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(Tasks {
            duties: duties
                .into_iter()
                .filter_map(|(duty, date, lead)| {
                    Some(DutyNotice {
                        duty: duty.parse().ok()?,
                        date: date.try_into().ok()?,
                        lead,
                    })
                })
                .collect(),
            tasks: cards
                .iter()
                .filter_map(|text| serde_json::from_str(text).ok())
                .collect(),
        })
    }

    /// Everything at a glance.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn status(&self, clock: &dyn Clock) -> Result<Status, FieldError> {
        let enrolled = self.enrolled()?;
        let rows: Vec<(String, String, String, String, String, bool)> = self
            .db
            .prepare(
                "SELECT problem_id, temp_no, no, state, reason, handed_over FROM problems
                 ORDER BY changed_ms, problem_id",
            )?
            .query_map([], |r| {
                Ok((
                    r.get(0)?,
                    r.get(1)?,
                    r.get(2)?,
                    r.get(3)?,
                    r.get(4)?,
                    r.get(5)?,
                ))
            })?
            .collect::<Result<_, _>>()?;
        let (mut problems, mut drafts) = (Vec::new(), Vec::new());
        for (problem, temp_no, no, state, reason, handed_over) in rows {
            if !handed_over {
                drafts.push(problem);
                continue;
            }
            problems.push(self.problem_view(problem, temp_no, no, state, reason)?);
        }
        Ok(Status {
            account: enrolled.account_name,
            city: enrolled.city_name,
            drafts,
            ops_waiting: self.ops_waiting()?,
            bytes_waiting: self.bytes_waiting()?,
            oldest_unsent_ms: self.oldest_unsent(clock)?,
            problems,
        })
    }

    pub(crate) fn problem_view(
        &self,
        problem: String,
        temp_no: String,
        no: String,
        state: String,
        reason: String,
    ) -> Result<ProblemView, FieldError> {
        Ok(ProblemView {
            temp_no,
            no,
            state,
            reason,
            text: self.text_stage(&problem)?,
            sync: self.record_sync(&problem)?,
            photos: self.photo_views(&problem)?,
            problem,
        })
    }

    /// One number.
    pub(crate) fn number(&self, sql: &str) -> Result<u64, FieldError> {
        let n: i64 = self.db.prepare_cached(sql)?.query_row([], |r| r.get(0))?;
        Ok(u64::try_from(n).unwrap_or(0))
    }

    pub(crate) fn ops_waiting(&self) -> Result<u64, FieldError> {
        self.number("SELECT count(*) FROM ops WHERE stage <> 'confirmed'")
    }

    pub(crate) fn bytes_waiting(&self) -> Result<u64, FieldError> {
        self.number(
            "SELECT coalesce(sum(len), 0) FROM photo_files
             WHERE stage NOT IN ('local', 'confirmed')",
        )
    }

    /// How far a record has come.
    pub(crate) fn record_sync(&self, problem: &str) -> Result<RecordSync, FieldError> {
        let photos = self.photo_views(problem)?;
        let stages: Vec<_> = photos.iter().map(photo_sync).collect();
        Ok(record(self.text_stage(problem)?, &stages))
    }

    /// A record is unsent while its text, or any file of its photos, is not confirmed.
    pub(crate) fn oldest_unsent(&self, clock: &dyn Clock) -> Result<Option<i64>, FieldError> {
        let waiting = crate::vault::log::ops(&self.db, 0, Some("queued"), 1)?;
        let op = waiting.first().and_then(|(_, op)| op.read_head().ok());
        let photo: Option<i64> = self.db.query_row(
            "SELECT min(r.changed_ms) FROM problems r
             JOIN photos p ON p.problem_id = r.problem_id
             JOIN photo_files f ON f.photo_id = p.photo_id
             WHERE f.stage NOT IN ('local', 'confirmed')",
            [],
            |r| r.get(0),
        )?;
        let made = [op.map(|head| head.at.ms), photo];
        let oldest = made.into_iter().flatten().min();
        Ok(oldest.map(|ms| clock.now_ms().saturating_sub(ms).max(0)))
    }

    /// The stage of a problem's text: the worst of its ops.
    fn text_stage(&self, problem: &str) -> Result<SyncStage, FieldError> {
        let stages: Vec<String> = self
            .db
            .prepare_cached("SELECT DISTINCT stage FROM ops WHERE subject = $1")?
            .query_map([problem], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        let has = |stage: SyncStage| stages.iter().any(|s| s == stage.key());
        Ok(if has(SyncStage::Refused) {
            SyncStage::Refused
        } else if has(SyncStage::Queued) || stages.is_empty() {
            SyncStage::Queued
        } else {
            SyncStage::Confirmed
        })
    }

    pub(crate) fn photo_views(&self, problem: &str) -> Result<Vec<PhotoView>, FieldError> {
        let rows: Vec<(String, String, String, String, i64)> = self
            .db
            .prepare_cached(
                "SELECT p.photo_id, f.rendition, f.stage, f.sha256, f.len
                 FROM photos p JOIN photo_files f ON f.photo_id = p.photo_id
                 WHERE p.problem_id = $1 ORDER BY p.position, f.rendition",
            )?
            .query_map([problem], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
            })?
            .collect::<Result<_, _>>()?;
        let mut photos: Vec<PhotoView> = Vec::new();
        for (photo, rendition, stage, sha256, len) in rows {
            if photos.last().is_none_or(|p| p.photo != photo) {
                photos.push(PhotoView {
                    photo,
                    files: Vec::new(),
                });
            }
            if let Some(last) = photos.last_mut() {
                last.files.push(FileView {
                    rendition,
                    // A stage this build does not know is never taken for confirmed.
                    stage: SyncStage::from_key(&stage).unwrap_or(SyncStage::Queued),
                    sha256,
                    bytes: u64::try_from(len).unwrap_or(0),
                });
            }
        }
        Ok(photos)
    }
}

fn photo_sync(photo: &PhotoView) -> PhotoSync {
    let (originals, others): (Vec<_>, Vec<_>) = photo
        .files
        .iter()
        .partition(|file| file.rendition == "original");
    PhotoSync {
        original: originals.first().map_or(SyncStage::Queued, |f| f.stage),
        renditions: others.iter().map(|f| f.stage).collect(),
    }
}
