//! The index of letters behind search, and how it is asked.

use crate::{FieldError, Vault, problem::Draft};
use rusqlite::{OptionalExtension as _, Transaction, params};
use zhicha_domain::catalog::category;

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
pub(super) fn phrases(words: &str) -> String {
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
}
