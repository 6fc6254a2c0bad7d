//! The rows that phones' ops become: visits, observations, problems, photos.

use super::{StoreError, Tx};
use rusqlite::{OptionalExtension as _, params};
use serde::Serialize;
use zhicha_domain::{
    geo::{Fix, better},
    hash::Digest,
    ids::{AccountId, OpId, PhotoId, ProblemId, VisitId},
    ops::{
        OpHead,
        body::{ObservationRecorded, PhotoAdded, Place, ProblemFiled, VisitStarted},
    },
    photo::{PhotoSubject, Rendition, Shot},
    workflow::{Event, State},
};

/// What a later op has to know of a problem.
pub struct ProblemFacts {
    /// Its state.
    pub state: State,
    /// Who recorded it.
    pub reporter: AccountId,
    /// Official number, empty before dispatch.
    pub no: String,
    /// Category after review.
    pub category: String,
    /// The reviewer's reason.
    pub reason: String,
}

/// A line of a problem's timeline.
pub struct TimelineLine<'a> {
    /// The op that made it.
    pub op: OpId,
    /// The problem.
    pub problem: ProblemId,
    /// Who acted.
    pub actor: AccountId,
    /// `submit`, `comment` or a workflow event's key.
    pub event: &'a str,
    /// State before.
    pub from: State,
    /// State after.
    pub to: State,
    /// In words.
    pub note: &'a str,
    /// What it carries, as JSON; empty for nothing.
    pub detail: &'a str,
}

/// JSON of a value for a TEXT column.
fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Stored(e.to_string()))
}

/// A serde word without its quotes: `day`, `lead`, `near`.
fn word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    Ok(json(value)?.trim_matches('"').to_owned())
}

impl Tx<'_> {
    /// A visit began. The same visit twice is one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_visit(&self, head: &OpHead, v: &VisitStarted) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO visits (city_id, visit_id, task_id, site_id, author_id, mode, role,
                                     manual, started_ms)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 ON CONFLICT (city_id, visit_id) DO NOTHING",
            )?
            .execute(params![
                self.city.to_string(),
                v.visit.to_string(),
                v.task.map(|t| t.to_string()),
                v.site.map(|s| s.to_string()),
                head.author.to_string(),
                word(&v.mode)?,
                word(&v.role)?,
                v.manual,
                head.at.best_ms()
            ])?;
        Ok(())
    }

    /// Whether the visit has arrived.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has_visit(&self, visit: VisitId) -> Result<bool, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT 1 FROM visits WHERE city_id = $1 AND visit_id = $2")?
            .exists(params![self.city.to_string(), visit.to_string()])?)
    }

    /// What was seen of one item.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_observation(
        &self,
        head: &OpHead,
        o: &ObservationRecorded,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO observations (city_id, op_id, visit_id, item, outcome, note,
                                           observed_ms)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (city_id, op_id) DO NOTHING",
            )?
            .execute(params![
                self.city.to_string(),
                head.op.to_string(),
                o.visit.to_string(),
                o.item,
                json(&o.outcome)?,
                o.note,
                head.at.best_ms()
            ])?;
        Ok(())
    }

    /// A visit ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn finish_visit(&self, visit: VisitId, at_ms: i64) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE visits SET finished_ms = $1 WHERE city_id = $2 AND visit_id = $3",
            )?
            .execute(params![at_ms, self.city.to_string(), visit.to_string()])?;
        Ok(())
    }

    /// A photo and the files it names. A file whose bytes this account has already shown to have is
    /// complete at once; those are given back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_photo(
        &self,
        head: &OpHead,
        p: &PhotoAdded,
        now_ms: i64,
    ) -> Result<Vec<(Rendition, Digest)>, StoreError> {
        let city = self.city.to_string();
        let (problem, visit) = match p.of {
            PhotoSubject::Problem(id) => (Some(id.to_string()), None),
            PhotoSubject::Visit(id) => (None, Some(id.to_string())),
        };
        let side = if p.shot == Shot::After {
            "after"
        } else {
            "before"
        };
        self.db
            .prepare_cached(
                "INSERT INTO photos (city_id, photo_id, problem_id, visit_id, author_id, shot,
                                     origin, side, facts, added_ms)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                 ON CONFLICT (city_id, photo_id) DO NOTHING",
            )?
            .execute(params![
                city,
                p.photo.to_string(),
                problem,
                visit,
                head.author.to_string(),
                word(&p.shot)?,
                word(&p.origin)?,
                side,
                json(p)?,
                now_ms
            ])?;
        let named = [
            (Rendition::Original, Some(&p.original)),
            (Rendition::Preview, p.preview.as_ref()),
            (Rendition::Thumbnail, p.thumbnail.as_ref()),
        ];
        let mut complete = Vec::new();
        for (rendition, file) in named {
            let Some(file) = file else { continue };
            let held: bool = self
                .db
                .prepare_cached(
                    "SELECT 1 FROM holdings
                     WHERE city_id = $1 AND account_id = $2 AND sha256 = $3",
                )?
                .exists(params![
                    city,
                    head.author.to_string(),
                    file.sha256.to_string()
                ])?;
            self.db
                .prepare_cached(
                    "INSERT INTO photo_files (city_id, photo_id, rendition, sha256, len, mime,
                                              complete_ms)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)
                     ON CONFLICT (city_id, photo_id, rendition) DO NOTHING",
                )?
                .execute(params![
                    city,
                    p.photo.to_string(),
                    rendition.key(),
                    file.sha256.to_string(),
                    i64::try_from(file.len).unwrap_or(i64::MAX),
                    file.mime,
                    held.then_some(now_ms)
                ])?;
            if held {
                complete.push((rendition, file.sha256));
            }
        }
        Ok(complete)
    }

    /// A problem was handed over; `category` is the one it lands under.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_problem(
        &self,
        head: &OpHead,
        p: &ProblemFiled,
        category: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let claimed = if category == p.category {
            ""
        } else {
            p.category.as_str()
        };
        self.db
            .prepare_cached(
                "INSERT INTO problems (city_id, problem_id, temp_no, state, reporter_id, visit_id,
                    site_id, item, source, category, claimed_category, severity, place, fix,
                    by_hand, note, missing_shot, suggested_unit, suggested_class, found_ms,
                    clock_checked, received_ms)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                    $17, $18, $19, $20, $21, $22)
                 ON CONFLICT (city_id, problem_id) DO NOTHING",
            )?
            .execute(params![
                self.city.to_string(),
                p.problem.to_string(),
                p.temp_no,
                State::Submitted.key(),
                head.author.to_string(),
                p.visit.map(|v| v.to_string()),
                p.site.map(|s| s.to_string()),
                p.item,
                word(&p.source)?,
                category,
                claimed,
                word(&p.severity)?,
                p.place.text,
                good_fix(&p.place, |place| place.fix.as_ref())?,
                good_fix(&p.place, |place| place.by_hand.as_ref())?,
                p.note,
                p.missing_shot,
                p.suggested_unit.map(|u| u.to_string()),
                p.suggested_class,
                head.at.best_ms(),
                head.at.server_off_ms.is_some(),
                now_ms
            ])?;
        Ok(())
    }

    /// What a later op has to know of a problem.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn problem_facts(&self, problem: ProblemId) -> Result<Option<ProblemFacts>, StoreError> {
        let row: Option<(String, String, String, String, String)> = self
            .db
            .prepare_cached(
                "SELECT state, reporter_id, no, category, reason FROM problems
                 WHERE city_id = $1 AND problem_id = $2",
            )?
            .query_row(params![self.city.to_string(), problem.to_string()], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
            })
            .optional()?;
        row.map(|(state, reporter, no, category, reason)| {
            Ok(ProblemFacts {
                state: State::from_key(&state)
                    .ok_or_else(|| StoreError::Stored(format!("state {state}")))?,
                reporter: reporter
                    .parse()
                    .map_err(|_| StoreError::Stored("reporter".into()))?,
                no,
                category,
                reason,
            })
        })
        .transpose()
    }

    /// Moves a problem's state as a phone's op allows; its revision rises.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_state(&self, problem: ProblemId, to: State) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE problems SET state = $1, rev = rev + 1
                 WHERE city_id = $2 AND problem_id = $3",
            )?
            .execute(params![
                to.key(),
                self.city.to_string(),
                problem.to_string()
            ])?;
        Ok(())
    }

    /// Flags that something was added after review.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn flag_amended(&self, problem: ProblemId) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE problems SET amended = 1, rev = rev + 1
                 WHERE city_id = $1 AND problem_id = $2",
            )?
            .execute(params![self.city.to_string(), problem.to_string()])?;
        Ok(())
    }

    /// A better place came with a 补充: words where there were none, the better of two fixes, the later
    /// of two places pointed out by hand. What was said before stays in its op.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn amend_place(&self, problem: ProblemId, place: &Place) -> Result<(), StoreError> {
        let (city, problem) = (self.city.to_string(), problem.to_string());
        let had: Option<String> = self.db.query_row(
            "SELECT fix FROM problems WHERE city_id = $1 AND problem_id = $2",
            params![city, problem],
            |r| r.get(0),
        )?;
        let had: Option<Fix> = had
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|e| StoreError::Stored(e.to_string()))?;
        let came = place.fix.as_ref().filter(|fix| fix.check().is_ok());
        let best = match (had.as_ref(), came) {
            (Some(a), Some(b)) => Some(better(a, b)),
            (one, other) => one.or(other),
        };
        self.db.execute(
            "UPDATE problems SET place = CASE WHEN place = '' THEN $1 ELSE place END, fix = $2,
                                 by_hand = COALESCE($3, by_hand)
             WHERE city_id = $4 AND problem_id = $5",
            params![
                place.text,
                best.map(json).transpose()?,
                good_fix(place, |place| place.by_hand.as_ref())?,
                city,
                problem
            ],
        )?;
        Ok(())
    }

    /// Ties photos that came with a 补充 to the problem.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tie_photos(&self, problem: ProblemId, photos: &[PhotoId]) -> Result<(), StoreError> {
        for photo in photos {
            self.db
                .prepare_cached(
                    "UPDATE photos SET problem_id = $1
                     WHERE city_id = $2 AND photo_id = $3 AND problem_id IS NULL",
                )?
                .execute(params![
                    problem.to_string(),
                    self.city.to_string(),
                    photo.to_string()
                ])?;
        }
        Ok(())
    }

    /// Adds a line to a problem's timeline.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_line(&self, line: &TimelineLine<'_>, now_ms: i64) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO problem_events (city_id, op_id, problem_id, at_ms, actor_id, event,
                                             from_state, to_state, note, detail)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                 ON CONFLICT (city_id, op_id) DO NOTHING",
            )?
            .execute(params![
                self.city.to_string(),
                line.op.to_string(),
                line.problem.to_string(),
                now_ms,
                line.actor.to_string(),
                line.event,
                line.from.key(),
                line.to.key(),
                line.note,
                line.detail
            ])?;
        Ok(())
    }
}

/// The timeline's word for a fact that came too late to move anything.
pub const COMMENT: &str = "comment";

/// The timeline's word for a hand-over.
#[must_use]
pub fn submit() -> &'static str {
    Event::Submit.key()
}

/// A fix as JSON; one that no place on Earth has stays in the op and is left out of the row.
fn good_fix<'a>(
    place: &'a Place,
    pick: impl Fn(&'a Place) -> Option<&'a Fix>,
) -> Result<Option<String>, StoreError> {
    pick(place)
        .filter(|fix| fix.check().is_ok())
        .map(json)
        .transpose()
}
