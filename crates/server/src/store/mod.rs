//! The only room that speaks SQL.
//!
//! One connection writes ([`Writer`], behind a thread that commits in groups), a few read
//! ([`Readers`]). Both hand out plain functions on a [`Tx`] or a connection; which rows a session
//! may see is part of each query, never a filter afterwards. WAL with `synchronous=FULL`: what was
//! committed survives a power cut.
//!
//! Queries use the subset that PostgreSQL shares (`ON CONFLICT`, `RETURNING`, `$n` in rising order
//! of first appearance), so that a second engine can follow.

pub mod accounts;
pub mod casebook;
pub mod cases;
pub mod changes;
pub mod city_log;
pub mod devices;
pub mod directory;
pub mod dispatches;
pub mod duties;
pub mod facts;
pub mod idempotency;
pub mod logs;
mod migrate;
pub mod overview;
pub mod photos;
mod readers;
pub mod sessions;
pub mod uploads;
mod writer;

pub use readers::Readers;
pub use writer::{Outcome, Writer, commit_group};

use rusqlite::Connection;
use std::path::Path;
use zhicha_domain::ids::CityId;

/// What can go wrong below.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite said no.
    #[error("数据库出错：{0} (database error)")]
    Sql(#[from] rusqlite::Error),
    /// The folder was written by a newer program.
    #[error(
        "数据目录由更新的版本写成（第 {found} 版，本程序只到第 {known} 版）。数据没有改动，请换用新版程序 \
         (the data folder is of version {found}, this program knows up to {known}; nothing was changed, use the newer program)"
    )]
    NewerSchema {
        /// Version of the folder.
        found: i64,
        /// Latest this program knows.
        known: i64,
    },
    /// An applied migration differs from the one in this program.
    #[error(
        "第 {version} 号迁移与本程序不一致，数据没有改动 (migration {version} is not the one applied; nothing was changed)"
    )]
    AlteredMigration {
        /// Its number.
        version: i64,
    },
    /// A stored text no longer reads.
    #[error("存储的内容读不出：{0} (stored value cannot be read)")]
    Stored(String),
    /// The writing thread is gone; the server is stopping.
    #[error("服务正在停止，请稍后再试 (the server is stopping, try again)")]
    Stopping,
    /// The work panicked and was undone.
    #[error("这一步处理出错，已撤回，其余不受影响 (this step failed and was undone)")]
    Panicked,
}

/// A write in progress: the connection inside a savepoint of the running group.
pub struct Tx<'a> {
    /// The connection; only `store` may use it.
    pub(crate) db: &'a Connection,
    /// The city all rows belong to.
    pub city: CityId,
}

impl<'a> Tx<'a> {
    /// A write outside any group, for commands that own the folder alone: each statement commits by
    /// itself.
    #[must_use]
    pub fn over(db: &'a Connection, city: CityId) -> Self {
        Self { db, city }
    }
}

/// Opens the database file for writing and brings it to this version.
///
/// # Errors
/// [`StoreError`].
pub fn open(path: &Path, now_ms: i64) -> Result<Connection, StoreError> {
    let mut db = Connection::open(path)?;
    configure(&db)?;
    migrate::run(&mut db, now_ms)?;
    Ok(db)
}

fn configure(db: &Connection) -> Result<(), StoreError> {
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", "ON")?;
    db.pragma_update(None, "trusted_schema", "OFF")?;
    db.set_prepared_statement_cache_capacity(256);
    Ok(())
}

/// An id or a hash as stored.
fn read<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Stored(format!("cannot read {text:?}")))
}

/// The same where the column may be empty.
fn read_some<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, StoreError> {
    text.map(read).transpose()
}

#[cfg(test)]
mod tests;
