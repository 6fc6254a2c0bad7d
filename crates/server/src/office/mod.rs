//! What the office decides: plain functions on a transaction, with keys, clock and ids passed in.
//!
//! Each decision is checked (right, revision, workflow, input), written into the city's log as an
//! op signed by the server, and only then applied to the rows, all in one transaction. So the rows
//! can be rebuilt from the log, and nothing is decided that no log shows.
//!
//! - [`directory`], [`people`]: areas, units, sites, accounts, enrolment codes;
//! - [`duty`]: planning, and 出发;
//! - [`act`]: every step of a problem after it arrived; [`dispatch`]: 交办, many at once;
//! - [`photo`]: after-photos; [`rendition`]: what may be shown to whom may not have originals;
//! - [`export`]: rows of the lists.

pub mod act;
pub mod directory;
pub mod dispatch;
pub mod duty;
pub mod export;
pub mod people;
pub mod photo;
pub mod rendition;

use crate::store::StoreError;
use zhicha_domain::workflow;

/// Why the office's wish was not carried out; nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Not there, or not to be seen by whoever asks: the two are never told apart.
    #[error("not there, or no access")]
    NotFound,
    /// The workflow says no.
    #[error(transparent)]
    Step(#[from] workflow::Refusal),
    /// Somebody changed it since it was read.
    #[error("changed meanwhile")]
    Stale,
    /// The input is wrong.
    #[error("{0:?}")]
    Invalid(Words),
    /// It does not fit what is there.
    #[error("{0:?}")]
    Conflict(Words),
}

/// A reason in words, with one for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// For programs.
    pub code: &'static str,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Fault {
    /// Wrong input.
    pub fn invalid(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(Words {
            code,
            zh: zh.into(),
            en: en.into(),
        })
    }

    /// Input that does not fit what is there.
    pub fn conflict(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Conflict(Words {
            code,
            zh: zh.into(),
            en: en.into(),
        })
    }
}

/// The most characters of a name.
const NAME_CHARS: usize = 60;
/// The most characters of a text in a form.
const TEXT_CHARS: usize = 4000;

/// A name: trimmed, not empty, not endless.
fn name(text: &str, what_zh: &str, what_en: &str) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > NAME_CHARS {
        return Err(Fault::invalid(
            "name",
            format!("{what_zh}要填写，最多 {NAME_CHARS} 个字"),
            format!("{what_en}: 1 to {NAME_CHARS} characters"),
        ));
    }
    Ok(text.to_owned())
}

/// A free text: trimmed, not endless.
fn text(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    if text.chars().count() > TEXT_CHARS {
        return Err(Fault::invalid(
            "too_long",
            format!("文字太长，最多 {TEXT_CHARS} 个字"),
            format!("at most {TEXT_CHARS} characters"),
        ));
    }
    Ok(text.to_owned())
}

/// A text that has to say something.
fn said(given: &str, what_zh: &str, what_en: &str) -> Result<String, Fault> {
    let kept = text(given)?;
    if kept.is_empty() {
        return Err(Fault::invalid(
            "empty",
            format!("请填写{what_zh}"),
            format!("{what_en} is missing"),
        ));
    }
    Ok(kept)
}
