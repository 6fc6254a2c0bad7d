//! Visits: a task's items, one answer at a time.

use crate::{FieldError, Vault, capture::json, clock::Clock, problem::random, vault::log};
use rand_core::CryptoRng;
use rusqlite::{OptionalExtension as _, params};
use zhicha_domain::{
    catalog::{Item, MANUAL_EDITION},
    ids::{OpId, TaskId, VisitId, uuid_v7},
    ops::{
        OpBody,
        body::{ObservationRecorded, Outcome, VisitFinished, VisitMode, VisitRole, VisitStarted},
    },
    wire::TaskCard,
};

impl Vault {
    /// The task's card, once departed.
    ///
    /// # Errors
    /// [`FieldError::NotHere`].
    pub fn task(&self, task: TaskId) -> Result<TaskCard, FieldError> {
        let text: Option<String> = self
            .db
            .query_row(
                "SELECT card FROM tasks WHERE task_id = $1",
                [task.to_string()],
                |r| r.get(0),
            )
            .optional()?;
        let text = text.ok_or_else(|| FieldError::NotHere(format!("任务 {task}")))?;
        serde_json::from_str(&text).map_err(|e| FieldError::Unfit(e.to_string()))
    }

    /// Begins a visit. No place is taken: a start is not a check-in.
    ///
    /// # Errors
    /// [`FieldError::NotHere`] for an unknown task.
    pub fn start_visit(
        &mut self,
        task: Option<TaskId>,
        mode: VisitMode,
        role: VisitRole,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<VisitId, FieldError> {
        let card = task.map(|t| self.task(t)).transpose()?;
        let at = self.stamp(clock)?;
        let visit: VisitId = uuid_v7(at.ms, random(rng)).into();
        let body = OpBody::VisitStarted(VisitStarted {
            visit,
            task,
            site: card.as_ref().map(|c| c.site.site),
            mode,
            role,
            manual: card.map_or_else(|| MANUAL_EDITION.to_owned(), |c| c.manual),
        });
        let word = json(&mode)?;
        self.record(visit, &body, clock, rng, |tx| {
            tx.execute(
                "INSERT INTO visits (visit_id, task_id, mode) VALUES ($1, $2, $3)",
                params![visit.to_string(), task.map(|t| t.to_string()), word],
            )?;
            Ok(())
        })?;
        Ok(visit)
    }

    /// Records what was seen of one item.
    ///
    /// # Errors
    /// [`FieldError::Unfit`] when the item is not on the task's list or the answer does not fit its
    /// scale.
    pub fn observe(
        &mut self,
        visit: VisitId,
        item: &str,
        outcome: Outcome,
        note: &str,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<(), FieldError> {
        let items = self.items(visit)?;
        let found = items.iter().find(|i| i.code == item).ok_or_else(|| {
            FieldError::Unfit(format!(
                "这次检查没有条目 {item} (no such item in this visit)"
            ))
        })?;
        if !outcome.fits(found.scale) {
            return Err(FieldError::Unfit(format!(
                "条目 {item}「{}」按 {:?} 记录，这个答案不合适 (the answer does not fit the item's scale)",
                found.content, found.scale
            )));
        }
        let text = json(&outcome)?;
        let body = OpBody::ObservationRecorded(ObservationRecorded {
            visit,
            item: item.to_owned(),
            outcome,
            note: note.to_owned(),
        });
        self.record(visit, &body, clock, rng, |tx| {
            tx.execute(
                "INSERT INTO observations (visit_id, item, outcome) VALUES ($1, $2, $3)
                 ON CONFLICT (visit_id, item) DO UPDATE SET outcome = excluded.outcome",
                params![visit.to_string(), item, text],
            )?;
            Ok(())
        })
    }

    /// Ends a visit; items nobody looked at are listed as 未观察. Gives their codes.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn finish_visit(
        &mut self,
        visit: VisitId,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<String>, FieldError> {
        let seen: Vec<String> = self
            .db
            .prepare("SELECT item FROM observations WHERE visit_id = $1")?
            .query_map([visit.to_string()], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        let unobserved: Vec<String> = self
            .items(visit)?
            .into_iter()
            .map(|i| i.code)
            .filter(|code| !seen.contains(code))
            .collect();
        let body = OpBody::VisitFinished(VisitFinished {
            visit,
            unobserved: unobserved.clone(),
        });
        self.record(visit, &body, clock, rng, |tx| {
            tx.execute(
                "UPDATE visits SET finished = 1 WHERE visit_id = $1",
                [visit.to_string()],
            )?;
            Ok(())
        })?;
        Ok(unobserved)
    }

    /// The items of a visit's task; empty for a free visit.
    fn items(&self, visit: VisitId) -> Result<Vec<Item>, FieldError> {
        let task: Option<Option<String>> = self
            .db
            .query_row(
                "SELECT task_id FROM visits WHERE visit_id = $1",
                [visit.to_string()],
                |r| r.get(0),
            )
            .optional()?;
        match task {
            None => Err(FieldError::NotHere(format!("检查 {visit}"))),
            Some(None) => Ok(Vec::new()),
            Some(Some(task)) => {
                let id = task
                    .parse()
                    .map_err(|_| FieldError::NotHere(format!("任务 {task}")))?;
                Ok(self.task(id)?.items)
            }
        }
    }

    /// The task's site, for a problem found in the visit.
    ///
    /// # Errors
    /// [`FieldError::NotHere`].
    pub fn site_of(
        &self,
        visit: VisitId,
    ) -> Result<Option<zhicha_domain::ids::SiteId>, FieldError> {
        let task: Option<String> = self
            .db
            .query_row(
                "SELECT task_id FROM visits WHERE visit_id = $1",
                [visit.to_string()],
                |r| r.get(0),
            )
            .optional()?
            .ok_or_else(|| FieldError::NotHere(format!("检查 {visit}")))?;
        match task.and_then(|t| t.parse().ok()) {
            Some(task) => Ok(Some(self.task(task)?.site.site)),
            None => Ok(None),
        }
    }

    fn record(
        &mut self,
        visit: VisitId,
        body: &OpBody,
        clock: &dyn Clock,
        rng: &mut impl CryptoRng,
        rows: impl Fn(&rusqlite::Transaction<'_>) -> Result<(), FieldError>,
    ) -> Result<(), FieldError> {
        let (who, key, at) = (self.who()?, self.signer(), self.stamp(clock)?);
        let op: OpId = uuid_v7(at.ms, random(rng)).into();
        self.transact(|tx| {
            rows(tx)?;
            log::append(tx, who, &key, op, at.clone(), &visit.to_string(), body)
        })
    }
}
