//! A failure as the page can branch on it: a word, and a sentence in each language.

use serde::Serialize;
use zhicha_field::{FieldError, net::NetError};

/// Why a command did nothing.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Failure {
    /// For the page's code.
    code: String,
    /// Chinese.
    zh: String,
    /// English.
    en: String,
}

/// What commands give.
pub(crate) type Done<T> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(code: &str, zh: &str, en: &str) -> Self {
        Self {
            code: code.into(),
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The vault is closed: the PIN first.
    pub(crate) fn locked() -> Self {
        Self::new("locked", "请先输入 PIN", "enter the PIN first")
    }
}

fn code(error: &FieldError) -> &str {
    match error {
        FieldError::NoVault(_) => "no_vault",
        FieldError::AlreadyEnrolled(_) => "already_enrolled",
        FieldError::InUse(_) => "in_use",
        FieldError::WrongPin => "wrong_pin",
        FieldError::BadPin => "bad_pin",
        FieldError::Newer { .. } => "newer",
        FieldError::Damaged(..) | FieldError::Seal(_) => "damaged",
        FieldError::DiskFull => "disk_full",
        FieldError::UnusablePhoto(_) => "unusable_photo",
        FieldError::NeedsAttachment { .. } => "needs_attachment",
        FieldError::StillMissing(_) => "still_missing",
        FieldError::Fix(_) => "bad_fix",
        FieldError::Op(_) => "too_long",
        FieldError::NotHere(_) => "not_here",
        FieldError::Net(NetError::Unreachable(_)) => "unreachable",
        FieldError::Net(NetError::Certificate(_)) => "certificate",
        FieldError::Net(NetError::Address(_)) => "address",
        FieldError::Net(NetError::NotOurs(_)) => "not_ours",
        FieldError::Net(NetError::Answer { code, .. }) => code,
        _ => "failed",
    }
}

impl From<FieldError> for Failure {
    fn from(error: FieldError) -> Self {
        // Texts of the field carry both languages: 「中文 (English)」.
        let text = error.to_string();
        let (zh, en) = text.rsplit_once(" (").unwrap_or((&text, &text));
        Self::new(code(&error), zh, en.trim_end_matches(')'))
    }
}

impl From<NetError> for Failure {
    fn from(error: NetError) -> Self {
        FieldError::from(error).into()
    }
}
