//! 交办: one notice to one unit, numbered within its year.

use super::{StoreError, Tx, cases::Scope, read};
use rusqlite::{Connection, params};
use serde::Serialize;
use utoipa::ToSchema;
use zhicha_domain::ids::{AccountId, CityId, DispatchId, UnitId};

/// A new notice.
pub struct NewDispatch<'a> {
    /// Its id.
    pub dispatch: DispatchId,
    /// Year of its number, in the city's zone.
    pub year: i16,
    /// Number within the year.
    pub notice: u32,
    /// To whom.
    pub unit: UnitId,
    /// By whom.
    pub by: AccountId,
    /// Until when, milliseconds since 1970 UTC.
    pub deadline_ms: i64,
    /// Class of the deadline.
    pub class: &'a str,
    /// 整改要求
    pub requirement: &'a str,
}

/// A notice as the office and its unit see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DispatchCard {
    /// Its id.
    pub dispatch: DispatchId,
    /// Year of its number.
    pub year: i16,
    /// 期: number within the year.
    pub notice: u32,
    /// To whom.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// Until when, milliseconds since 1970 UTC.
    pub deadline_ms: i64,
    /// Class of the deadline.
    pub class: String,
    /// 整改要求
    pub requirement: String,
    /// When, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// Problems that stand under it now.
    pub problems: u32,
    /// Of these, closed.
    pub closed: u32,
}

impl Tx<'_> {
    /// The next number of a year, counted from 1.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn next_notice(&self, year: i16) -> Result<u32, StoreError> {
        Ok(self.db.query_row(
            "INSERT INTO notices (city_id, year, last_no) VALUES ($1, $2, 1)
             ON CONFLICT (city_id, year) DO UPDATE SET last_no = notices.last_no + 1
             RETURNING last_no",
            params![self.city.to_string(), year],
            |r| r.get(0),
        )?)
    }

    /// Writes a notice down.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_dispatch(&self, d: &NewDispatch<'_>, now_ms: i64) -> Result<(), StoreError> {
        self.db.execute(
            "INSERT INTO dispatches (city_id, dispatch_id, year, notice, unit_id, by_id,
                                     deadline_ms, class, requirement, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            params![
                self.city.to_string(),
                d.dispatch.to_string(),
                d.year,
                d.notice,
                d.unit.to_string(),
                d.by.to_string(),
                d.deadline_ms,
                d.class,
                d.requirement,
                now_ms
            ],
        )?;
        Ok(())
    }
}

/// Notices within a scope, the latest first.
///
/// # Errors
/// [`StoreError`].
pub fn dispatches(
    db: &Connection,
    city: CityId,
    scope: &Scope,
) -> Result<Vec<DispatchCard>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT d.dispatch_id, d.year, d.notice, d.unit_id, u.name, d.deadline_ms, d.class,
                d.requirement, d.created_ms, COUNT(p.problem_id),
                COUNT(CASE WHEN p.state = 'closed' THEN 1 END)
         FROM dispatches d
         JOIN units u ON u.city_id = d.city_id AND u.unit_id = d.unit_id
         LEFT JOIN problems p ON p.city_id = d.city_id AND p.dispatch_id = d.dispatch_id
         WHERE d.city_id = $1 AND ($2 IS NULL OR d.unit_id = $2)
           AND ($3 IS NULL OR p.reporter_id = $3)
         GROUP BY d.dispatch_id, d.year, d.notice, d.unit_id, u.name, d.deadline_ms, d.class,
                  d.requirement, d.created_ms
         ORDER BY d.year DESC, d.notice DESC",
    )?;
    let mut rows = find.query(params![city.to_string(), scope.unit, scope.reporter])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        found.push(DispatchCard {
            dispatch: read(&r.get::<_, String>(0)?)?,
            year: r.get(1)?,
            notice: r.get(2)?,
            unit: read(&r.get::<_, String>(3)?)?,
            unit_name: r.get(4)?,
            deadline_ms: r.get(5)?,
            class: r.get(6)?,
            requirement: r.get(7)?,
            created_ms: r.get(8)?,
            problems: r.get(9)?,
            closed: r.get(10)?,
        });
    }
    Ok(found)
}
