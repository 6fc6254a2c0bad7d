//! Numbered migrations, each applied once, each checked against what was applied.
//!
//! A folder written by a newer program is refused with its number; nothing in it is touched.

use super::StoreError;
use rusqlite::{Connection, params};
use zhicha_domain::hash::Digest;

const STEPS: &[(i64, &str)] = &[(1, include_str!("schema/0001_first.sql"))];

/// Brings the database to this program's version.
///
/// # Errors
/// [`StoreError::NewerSchema`] for a newer folder, [`StoreError::AlteredMigration`] when an applied
/// migration is not the one this program knows.
pub(super) fn run(db: &mut Connection, now_ms: i64) -> Result<(), StoreError> {
    db.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (
            version    INTEGER PRIMARY KEY,
            checksum   TEXT NOT NULL,
            applied_ms INTEGER NOT NULL
        ) STRICT",
    )?;
    let applied: Vec<(i64, String)> = db
        .prepare("SELECT version, checksum FROM migrations ORDER BY version")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let known = STEPS.last().map_or(0, |s| s.0);
    if let Some((found, _)) = applied.last()
        && *found > known
    {
        return Err(StoreError::NewerSchema {
            found: *found,
            known,
        });
    }
    for (version, sql) in STEPS {
        let checksum = Digest::of(sql.as_bytes()).to_string();
        match applied.iter().find(|(v, _)| v == version) {
            Some((_, was)) if *was == checksum => {}
            Some(_) => return Err(StoreError::AlteredMigration { version: *version }),
            None => {
                let tx = db.transaction()?;
                tx.execute_batch(sql)?;
                tx.execute(
                    "INSERT INTO migrations (version, checksum, applied_ms) VALUES ($1, $2, $3)",
                    params![version, checksum, now_ms],
                )?;
                tx.commit()?;
            }
        }
    }
    Ok(())
}
