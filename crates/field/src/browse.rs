//! What a screen shows of the vault: pages of problems, search, drafts, one visit, one picture.
//!
//! A page is read by where the last one ended, never by counting rows, so the last page of fifty
//! thousand costs what the first does. Search looks through letters: it finds 灯 as well as 路灯不亮,
//! a piece of a number as well as the whole.

use crate::{FieldError, Vault, problem::Draft};
use rusqlite::{OptionalExtension as _, Transaction, params};
use serde::Serialize;
use zhicha_domain::{
    catalog::{Item, category},
    ids::{PhotoId, ProblemId, VisitId},
    ops::body::{Outcome, PhotoAdded},
    photo::Rendition,
    sync::RecordSync,
    wire::TaskCard,
};

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

/// Letters and digits of a text, a space between any two.
fn letters(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() * 2);
    for letter in text.chars().filter(|c| c.is_alphanumeric()) {
        spaced.extend(letter.to_lowercase());
        spaced.push(' ');
    }
    spaced
}

/// What is asked of the index: every word as a phrase of its letters, all of them.
fn phrases(words: &str) -> String {
    words
        .split_whitespace()
        .map(letters)
        .filter(|word| !word.is_empty())
        .map(|word| format!("\"{}\"", word.trim_end()))
        .collect::<Vec<_>>()
        .join(" AND ")
}

/// Writes a problem's letters anew; part of each transaction that changes them.
pub(crate) fn index(tx: &Transaction<'_>, problem: &str) -> Result<(), FieldError> {
    let row: Option<(String, String, String)> = tx
        .prepare_cached("SELECT temp_no, no, draft FROM problems WHERE problem_id = $1")?
        .query_row([problem], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    let Some((temp_no, no, draft)) = row else {
        return Ok(());
    };
    tx.prepare_cached(
        "INSERT INTO problem_numbers (problem_id) VALUES ($1) ON CONFLICT (problem_id) DO NOTHING",
    )?
    .execute([problem])?;
    let n: i64 = tx
        .prepare_cached("SELECT n FROM problem_numbers WHERE problem_id = $1")?
        .query_row([problem], |r| r.get(0))?;
    tx.prepare_cached("DELETE FROM problem_words WHERE rowid = $1")?
        .execute([n])?;
    let draft: Draft = serde_json::from_str(&draft).unwrap_or_default();
    let kind = category(&draft.category).map_or("", |c| c.zh.as_str());
    // A word nobody can ask for between the parts, so that no phrase runs from one into the next.
    let all = [
        &temp_no,
        &no,
        kind,
        &draft.category,
        &draft.place,
        &draft.note,
    ]
    .map(letters)
    .join("zz ");
    tx.prepare_cached("INSERT INTO problem_words (rowid, letters) VALUES ($1, $2)")?
        .execute(params![n, all])?;
    Ok(())
}

impl Vault {
    /// Makes the index where a vault of an earlier version has none.
    pub(crate) fn index_missing(&mut self) -> Result<(), FieldError> {
        let missing: Vec<String> = self
            .db
            .prepare(
                "SELECT problem_id FROM problems
                 WHERE problem_id NOT IN (SELECT problem_id FROM problem_numbers)",
            )?
            .query_map([], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        if missing.is_empty() {
            return Ok(());
        }
        self.transact(|tx| missing.iter().try_for_each(|problem| index(tx, problem)))
    }

    /// A page of problems handed over, the latest first; with `words`, those that hold them all.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn problem_page(
        &self,
        words: &str,
        after: Option<&Turn>,
        limit: usize,
    ) -> Result<Vec<ProblemRow>, FieldError> {
        let asked = phrases(words);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (ms, id) = after.map_or((i64::MAX, ""), |t| (t.changed_ms, t.problem.as_str()));
        let sql = if asked.is_empty() {
            "SELECT problem_id, temp_no, no, state, reason, draft, changed_ms,
                    (SELECT photo_id FROM photos p WHERE p.problem_id = r.problem_id
                     ORDER BY position LIMIT 1)
             FROM problems r
             WHERE $1 = '' AND handed_over = 1 AND (changed_ms, problem_id) < ($2, $3)
             ORDER BY changed_ms DESC, problem_id DESC LIMIT $4"
        } else {
            "SELECT problem_id, temp_no, no, state, reason, draft, changed_ms,
                    (SELECT photo_id FROM photos p WHERE p.problem_id = r.problem_id
                     ORDER BY position LIMIT 1)
             FROM problems r
             WHERE problem_id IN (
                       SELECT problem_id FROM problem_numbers
                       WHERE n IN (SELECT rowid FROM problem_words WHERE letters MATCH $1))
               AND handed_over = 1 AND (changed_ms, problem_id) < ($2, $3)
             ORDER BY changed_ms DESC, problem_id DESC LIMIT $4"
        };
        let mut find = self.db.prepare_cached(sql)?;
        let mut rows = find.query(params![asked, ms, id, limit])?;
        let mut found = Vec::new();
        while let Some(r) = rows.next()? {
            let problem: String = r.get(0)?;
            let draft: String = r.get(5)?;
            let draft: Draft = serde_json::from_str(&draft).unwrap_or_default();
            found.push(ProblemRow {
                temp_no: r.get(1)?,
                no: r.get(2)?,
                state: r.get(3)?,
                reason: r.get(4)?,
                category: draft.category,
                place: draft.place,
                note: draft.note,
                changed_ms: r.get(6)?,
                photo: r.get(7)?,
                sync: self.record_sync(&problem)?,
                problem,
            });
        }
        Ok(found)
    }

    /// Drafts, the latest first.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn drafts(&self) -> Result<Vec<DraftRow>, FieldError> {
        let rows: Vec<(String, String, i64)> = self
            .db
            .prepare_cached(
                "SELECT problem_id, draft, changed_ms FROM problems WHERE handed_over = 0
                 ORDER BY changed_ms DESC, problem_id DESC",
            )?
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
            .collect::<Result<_, _>>()?;
        rows.into_iter()
            .map(|(problem, draft, changed_ms)| {
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
            })
            .collect()
    }

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

    /// A file of a photo, opened and checked against its hash, with its media type.
    ///
    /// # Errors
    /// [`FieldError::NotHere`]; [`FieldError::Damaged`], [`FieldError::Seal`] when it no longer reads.
    pub fn picture(
        &self,
        photo: PhotoId,
        rendition: Rendition,
    ) -> Result<(Vec<u8>, String), FieldError> {
        let row: Option<(String, String, String)> = self
            .db
            .prepare_cached(
                "SELECT f.file, f.sha256, p.fact FROM photo_files f
                 JOIN photos p ON p.photo_id = f.photo_id
                 WHERE f.photo_id = $1 AND f.rendition = $2",
            )?
            .query_row(params![photo.to_string(), rendition.key()], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?))
            })
            .optional()?;
        let missing = || FieldError::NotHere(format!("照片 {photo}"));
        let (file, sha256, fact) = row.ok_or_else(missing)?;
        let sha256 = sha256.parse().map_err(|_| missing())?;
        let mime = match rendition {
            Rendition::Original => serde_json::from_str::<PhotoAdded>(&fact)
                .map_or_else(|_| "application/octet-stream".into(), |p| p.original.mime),
            _ => "image/jpeg".to_owned(),
        };
        Ok((self.read_file(&file, sha256)?, mime))
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
                index(tx, &problem)?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests;
