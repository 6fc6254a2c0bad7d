//! The vault's database: SQLCipher with a raw key, WAL, full sync, numbered migrations.

use super::keys::Key;
use crate::FieldError;
use data_encoding::HEXLOWER;
use rusqlite::{Connection, params};
use std::path::Path;
use zeroize::Zeroizing;
use zhicha_domain::hash::Digest;

const STEPS: &[(i64, &str)] = &[
    (1, include_str!("schema/0001_first.sql")),
    (2, include_str!("schema/0002_browse.sql")),
];

/// Opens the database, makes it where missing, and brings it to this version. A newer one is
/// refused untouched.
pub(super) fn open(path: &Path, key: &Key) -> Result<Connection, FieldError> {
    let mut db = Connection::open(path)?;
    let raw = Zeroizing::new(format!("x'{}'", HEXLOWER.encode(key.as_ref())));
    db.pragma_update(None, "cipher_log_level", "NONE")?;
    db.pragma_update(None, "key", raw.as_str())?;
    let readable: Result<i64, _> =
        db.query_row("SELECT count(*) FROM sqlite_master", [], |r| r.get(0));
    if let Err(e) = readable {
        return Err(FieldError::Damaged(path.to_owned(), e.to_string()));
    }
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "fullfsync", "ON")?;
    db.pragma_update(None, "foreign_keys", "ON")?;
    migrate(&mut db, path)?;
    Ok(db)
}

fn migrate(db: &mut Connection, path: &Path) -> Result<(), FieldError> {
    db.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (
            version  INTEGER PRIMARY KEY,
            checksum TEXT NOT NULL
        ) STRICT",
    )?;
    let applied: Vec<(i64, String)> = db
        .prepare("SELECT version, checksum FROM migrations ORDER BY version")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let newest = STEPS.last().map_or(0, |s| s.0);
    if let Some((found, _)) = applied.last()
        && *found > newest
    {
        return Err(FieldError::Newer {
            path: path.to_owned(),
            found: *found,
        });
    }
    for (version, sql) in STEPS {
        let checksum = Digest::of(sql.as_bytes()).to_string();
        match applied.iter().find(|(v, _)| v == version) {
            Some((_, was)) if *was == checksum => {}
            Some(_) => {
                let why = format!("migration {version}");
                return Err(FieldError::Damaged(path.to_owned(), why));
            }
            None => {
                let tx = db.transaction()?;
                tx.execute_batch(sql)?;
                tx.execute(
                    "INSERT INTO migrations (version, checksum) VALUES ($1, $2)",
                    params![version, checksum],
                )?;
                tx.commit()?;
            }
        }
    }
    Ok(())
}
