//! A visit as the walk shows it.

use crate::{FieldError, Vault};
use rusqlite::OptionalExtension as _;
use serde::Serialize;
use zhicha_domain::{catalog::Item, ids::VisitId, ops::body::Outcome, wire::TaskCard};

/// An item of a visit with its latest answer.
#[derive(Clone, Debug, Serialize)]
pub struct ItemRow {
    /// The item.
    #[serde(flatten)]
    pub item: Item,
    /// The answer; none: 未观察.
    pub outcome: Option<Outcome>,
}

/// A visit as the walk shows it.
#[derive(Clone, Debug, Serialize)]
pub struct VisitView {
    /// The visit.
    pub visit: String,
    /// Its task; none for a free one.
    pub task: Option<TaskCard>,
    /// It has ended.
    pub finished: bool,
    /// Its items.
    pub items: Vec<ItemRow>,
    /// Problems recorded in it.
    pub problems: u32,
}

impl Vault {
    /// A visit with its items and answers.
    ///
    /// # Errors
    /// [`FieldError::NotHere`].
    pub fn visit(&self, visit: VisitId) -> Result<VisitView, FieldError> {
        let id = visit.to_string();
        let (task, finished): (Option<String>, bool) = self
            .db
            .query_row(
                "SELECT task_id, finished FROM visits WHERE visit_id = $1",
                [&id],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?
            .ok_or_else(|| FieldError::NotHere(format!("检查 {id}")))?;
        let task = task
            .and_then(|t| t.parse().ok())
            .map(|t| self.task(t))
            .transpose()?;
        let answers: Vec<(String, String)> = self
            .db
            .prepare_cached("SELECT item, outcome FROM observations WHERE visit_id = $1")?
            .query_map([&id], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let items = task.as_ref().map_or(&[][..], |t| &t.items);
        let items = items
            .iter()
            .map(|item| ItemRow {
                outcome: answers
                    .iter()
                    .find(|(code, _)| *code == item.code)
                    .and_then(|(_, outcome)| serde_json::from_str(outcome).ok()),
                item: item.clone(),
            })
            .collect();
        let problems = self.db.query_row(
            "SELECT count(*) FROM problems WHERE json_extract(draft, '$.visit') = $1",
            [&id],
            |r| r.get(0),
        )?;
        Ok(VisitView {
            visit: id,
            task,
            finished,
            items,
            problems,
        })
    }

    /// Tasks whose visit has ended.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn finished_tasks(&self) -> Result<Vec<String>, FieldError> {
        Ok(self
            .db
            .prepare_cached(
                "SELECT DISTINCT task_id FROM visits
                 WHERE finished = 1 AND task_id IS NOT NULL ORDER BY task_id",
            )?
            .query_map([], |r| r.get(0))?
            .collect::<Result<_, _>>()?)
    }

    /// Visits that have not ended, the latest first.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn open_visits(&self) -> Result<Vec<VisitView>, FieldError> {
        let ids: Vec<String> = self
            .db
            .prepare_cached(
                "SELECT visit_id FROM visits WHERE finished = 0 ORDER BY visit_id DESC",
            )?
            .query_map([], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        ids.iter()
            .filter_map(|id| id.parse().ok())
            .map(|id| self.visit(id))
            .collect()
    }
}
