//! Problems: a draft from the first touch, handed over by 完成, added to by 补充 and 撤回.
//!
//! A draft is rows outside the log, written at every change. Handing over appends one op per photo
//! and one for the problem in a single transaction; from then on nothing of it is rewritten.

use crate::{
    FieldError, Vault,
    browse::index,
    capture::json,
    clock::Clock,
    vault::{log, set_meta},
};
use rand_core::CryptoRng;
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use zhicha_domain::{
    catalog::category,
    geo::{Fix, better},
    ids::{OpId, PhotoId, ProblemId, SiteId, VisitId, uuid_v7},
    numbers::temporary,
    ops::{
        OpBody,
        body::{
            PhotoAdded, Place, ProblemAmended, ProblemFiled, ProblemWithdrawn, Severity, Source,
        },
    },
    time::city_date,
};

/// What a form holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Category code.
    pub category: String,
    /// In words.
    pub note: String,
    /// Place in words.
    pub place: String,
    /// A place pointed out by hand.
    pub by_hand: Option<Fix>,
    /// Item it breaks.
    pub item: String,
    /// Visit it was found in.
    pub visit: Option<VisitId>,
    /// Site it was found at.
    pub site: Option<SiteId>,
    /// How grave.
    pub severity: Severity,
    /// Suggested class of deadline.
    pub class: String,
    /// Why 近景 or 远景 is missing.
    pub missing_shot: String,
}

/// A problem handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandedOver {
    /// The problem.
    pub problem: ProblemId,
    /// 临-A7-0305-03
    pub temp_no: String,
}

impl Vault {
    /// Begins a draft, on disk before anything else happens.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn begin_problem(
        &mut self,
        draft: &Draft,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<ProblemId, FieldError> {
        let id: ProblemId = uuid_v7(clock.now_ms(), random(rng)).into();
        let (text, now) = (json(draft)?, clock.now_ms());
        self.transact(|tx| {
            tx.execute(
                "INSERT INTO problems (problem_id, draft, changed_ms) VALUES ($1, $2, $3)",
                params![id.to_string(), text, now],
            )?;
            index(tx, &id.to_string())
        })?;
        Ok(id)
    }

    /// Stores a change of a draft.
    ///
    /// # Errors
    /// [`FieldError::NotHere`] when it is no draft any more.
    pub fn change_draft(
        &mut self,
        problem: ProblemId,
        draft: &Draft,
        clock: &dyn Clock,
    ) -> Result<(), FieldError> {
        let (text, now) = (json(draft)?, clock.now_ms());
        let changed = self.transact(|tx| {
            let changed = tx.execute(
                "UPDATE problems SET draft = $1, changed_ms = $2
                 WHERE problem_id = $3 AND handed_over = 0",
                params![text, now, problem.to_string()],
            )?;
            index(tx, &problem.to_string())?;
            Ok(changed)
        })?;
        if changed == 0 {
            return Err(FieldError::NotHere(format!("草稿 {problem}")));
        }
        Ok(())
    }

    /// What a draft holds.
    ///
    /// # Errors
    /// [`FieldError::NotHere`].
    pub fn draft(&self, problem: ProblemId) -> Result<Draft, FieldError> {
        let text: Option<String> = self
            .db
            .query_row(
                "SELECT draft FROM problems WHERE problem_id = $1 AND handed_over = 0",
                [problem.to_string()],
                |r| r.get(0),
            )
            .optional()?;
        let text = text.ok_or_else(|| FieldError::NotHere(format!("草稿 {problem}")))?;
        serde_json::from_str(&text).map_err(|e| FieldError::Unfit(e.to_string()))
    }

    /// 完成: hands a draft over. What is missing is named and the draft stays.
    ///
    /// # Errors
    /// [`FieldError::StillMissing`], [`FieldError::Op`], [`FieldError::DiskFull`].
    pub fn hand_over(
        &mut self,
        problem: ProblemId,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<HandedOver, FieldError> {
        let draft = self.draft(problem)?;
        if category(&draft.category).is_none() {
            return Err(FieldError::StillMissing("类别".into()));
        }
        let facts = self.photo_facts(problem)?;
        if facts.is_empty() {
            return Err(FieldError::StillMissing("照片".into()));
        }
        let (who, key) = (self.who()?, self.signer());
        let at = self.stamp(clock)?;
        let label = self.meta("device_label")?.unwrap_or_default();
        let today = city_date(at.best_ms());
        let ids: Vec<OpId> = (0..=facts.len())
            .map(|_| uuid_v7(at.ms, random(rng)).into())
            .collect();
        let fix = facts
            .iter()
            .filter_map(|p| p.fix.as_ref())
            .reduce(|a, b| better(a, b))
            .cloned();
        self.transact(|tx| {
            let nth = next_of_day(tx, &today)?;
            let temp_no = temporary(&label, at.best_ms(), nth);
            for (fact, op) in facts.iter().zip(&ids) {
                let body = OpBody::PhotoAdded(fact.clone());
                log::append(tx, who, &key, *op, at.clone(), &problem.to_string(), &body)?;
            }
            let body = OpBody::ProblemFiled(ProblemFiled {
                problem,
                temp_no: temp_no.clone(),
                visit: draft.visit,
                site: draft.site,
                item: draft.item.clone(),
                source: Source::Inspection,
                category: draft.category.clone(),
                severity: draft.severity,
                place: Place {
                    text: draft.place.clone(),
                    fix: fix.clone(),
                    by_hand: draft.by_hand.clone(),
                },
                note: draft.note.clone(),
                photos: facts.iter().map(|p| p.photo).collect(),
                missing_shot: draft.missing_shot.clone(),
                suggested_unit: None,
                suggested_class: draft.class.clone(),
            });
            let last = ids.last().copied().unwrap_or(OpId(problem.0));
            log::append(tx, who, &key, last, at.clone(), &problem.to_string(), &body)?;
            tx.execute(
                "UPDATE problems SET handed_over = 1, temp_no = $1, state = 'submitted',
                                     changed_ms = $2
                 WHERE problem_id = $3",
                params![temp_no, at.ms, problem.to_string()],
            )?;
            tx.execute(
                "UPDATE photo_files SET stage = 'queued'
                 WHERE stage = 'local'
                   AND photo_id IN (SELECT photo_id FROM photos WHERE problem_id = $1)",
                [problem.to_string()],
            )?;
            index(tx, &problem.to_string())?;
            Ok(HandedOver { problem, temp_no })
        })
    }

    /// 撤回
    ///
    /// # Errors
    /// [`FieldError::NotHere`].
    pub fn withdraw_problem(
        &mut self,
        problem: ProblemId,
        reason: &str,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<(), FieldError> {
        let body = OpBody::ProblemWithdrawn(ProblemWithdrawn {
            problem,
            reason: reason.to_owned(),
        });
        self.append_about(problem, &body, clock, rng)
    }

    /// 补充
    ///
    /// # Errors
    /// [`FieldError::NotHere`].
    pub fn amend_problem(
        &mut self,
        problem: ProblemId,
        note: &str,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<(), FieldError> {
        let body = OpBody::ProblemAmended(ProblemAmended {
            problem,
            note: note.to_owned(),
            photos: Vec::<PhotoId>::new(),
            place: None,
        });
        self.append_about(problem, &body, clock, rng)
    }

    fn append_about(
        &mut self,
        problem: ProblemId,
        body: &OpBody,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<(), FieldError> {
        let there: bool = self
            .db
            .prepare("SELECT 1 FROM problems WHERE problem_id = $1 AND handed_over = 1")?
            .exists([problem.to_string()])?;
        if !there {
            return Err(FieldError::NotHere(format!("问题 {problem}")));
        }
        let (who, key, at) = (self.who()?, self.signer(), self.stamp(clock)?);
        let op: OpId = uuid_v7(at.ms, random(rng)).into();
        self.transact(|tx| log::append(tx, who, &key, op, at.clone(), &problem.to_string(), body))
    }

    pub(crate) fn photo_facts(&self, problem: ProblemId) -> Result<Vec<PhotoAdded>, FieldError> {
        let texts: Vec<String> = self
            .db
            .prepare_cached("SELECT fact FROM photos WHERE problem_id = $1 ORDER BY position")?
            .query_map([problem.to_string()], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        texts
            .iter()
            .map(|t| serde_json::from_str(t).map_err(|e| FieldError::Unfit(e.to_string())))
            .collect()
    }
}

/// The day's next number.
fn next_of_day(tx: &rusqlite::Transaction<'_>, day: &str) -> Result<u32, FieldError> {
    let key = format!("count {day}");
    let last: Option<String> = tx
        .query_row("SELECT value FROM meta WHERE key = $1", [&key], |r| {
            r.get(0)
        })
        .optional()?;
    let next = last.and_then(|v| v.parse::<u32>().ok()).unwrap_or(0) + 1;
    set_meta(tx, &key, &next.to_string())?;
    Ok(next)
}

pub(crate) fn random(rng: &mut impl CryptoRng) -> [u8; 10] {
    let mut bytes = [0u8; 10];
    rng.fill_bytes(&mut bytes);
    bytes
}
