//! What can go wrong on a phone, in words for whoever holds it. Each says what happened to the data.

use std::path::PathBuf;

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum FieldError {
    /// No vault in the folder.
    #[error("{0} 里没有绑定过的手机数据，请先绑定 (no vault here; enrol first)")]
    NoVault(PathBuf),
    /// There is one already.
    #[error("{0} 已经绑定过，没有改动 (already enrolled; nothing was changed)")]
    AlreadyEnrolled(PathBuf),
    /// Open elsewhere.
    #[error(
        "{0} 正被另一个程序打开，请先关掉它；数据没有改动 (open in another program; close it first)"
    )]
    InUse(PathBuf),
    /// Wrong PIN.
    #[error("PIN 不对，数据没有改动 (wrong PIN; nothing was changed)")]
    WrongPin,
    /// The PIN cannot be one.
    #[error("PIN 至少 6 位数字 (a PIN has at least 6 digits)")]
    BadPin,
    /// Written by a newer program.
    #[error(
        "{path} 由更新的版本写成（第 {found} 版），没有改动，请更新程序 (written by a newer version; nothing was changed)"
    )]
    Newer {
        /// Where.
        path: PathBuf,
        /// Version found.
        found: i64,
    },
    /// Keys or database do not read.
    #[error("{0} 读不出：{1}。文件没有改动 (cannot be read; nothing was changed)")]
    Damaged(PathBuf, String),
    /// No room.
    #[error(
        "空间不足，这一步没有保存，已保存的都在。请释放空间后再试 (no room: this step was not saved, everything saved before is)"
    )]
    DiskFull,
    /// The file system said no.
    #[error("{path}：{source}（已保存的都在）(file error; everything saved is there)")]
    Io {
        /// Where.
        path: PathBuf,
        /// What.
        source: std::io::Error,
    },
    /// SQLite said no.
    #[error("本机数据库出错：{0}（已保存的都在）(database error)")]
    Sql(rusqlite::Error),
    /// A sealed file does not open.
    #[error("照片文件打不开：{0} (a sealed file does not open)")]
    Seal(#[from] zhicha_domain::seal::SealError),
    /// A picture that cannot be kept at all.
    #[error("{0}")]
    UnusablePhoto(String),
    /// A picture without preview; it can be kept untouched if asked for.
    #[error("{zh} ({en})")]
    NeedsAttachment {
        /// The code of `zhicha_photo::NoPreview`.
        code: String,
        /// Chinese.
        zh: String,
        /// English.
        en: String,
    },
    /// Something is missing; what was entered stays a draft.
    #[error("已存草稿，还差：{0} (kept as a draft; still missing)")]
    StillMissing(String),
    /// Coordinates.
    #[error(transparent)]
    Fix(#[from] zhicha_domain::geo::BadFix),
    /// The text is too long, or the op cannot be made.
    #[error("写得太长，一条最多 64 KiB，请缩短：{0} (too long)")]
    Op(#[from] zhicha_domain::ops::OpError),
    /// Nothing of that name here.
    #[error("本机没有 {0} (not on this phone)")]
    NotHere(String),
    /// The answer does not fit the item.
    #[error("{0}")]
    Unfit(String),
    /// The network or the server.
    #[error(transparent)]
    Net(#[from] crate::net::NetError),
}

impl From<rusqlite::Error> for FieldError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            _ => Self::Sql(error),
        }
    }
}

impl FieldError {
    /// A file error, told apart from a full disk.
    pub(crate) fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io {
                path: path.into(),
                source,
            },
        }
    }
}
