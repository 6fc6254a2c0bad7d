//! Duties: a team, a date, and the sites that only the server knows before departure.

use super::{StoreError, Tx, read};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use utoipa::ToSchema;
use zhicha_domain::{
    ids::{AccountId, CityId, DutyId, SiteId, TaskId},
    ops::office::{DutyPlanned, PlannedTask},
    time::Day,
};

/// A duty as planned.
pub struct DutyRow {
    /// Its id.
    pub duty: DutyId,
    /// The date.
    pub date: Day,
    /// 组长
    pub lead: AccountId,
    /// When the team set out, server clock.
    pub departed_ms: Option<i64>,
}

/// A duty as its planner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyCard {
    /// Its id.
    pub duty: DutyId,
    /// The date.
    pub date: Day,
    /// 组长
    pub lead: Member,
    /// The rest of the team.
    pub members: Vec<Member>,
    /// Its tasks.
    pub tasks: Vec<DutyTask>,
    /// When it was planned, milliseconds since 1970 UTC.
    pub planned_ms: i64,
    /// When the team set out, milliseconds since 1970 UTC.
    pub departed_ms: Option<i64>,
}

/// One of a team.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Member {
    /// Account.
    pub account: AccountId,
    /// Name.
    pub name: String,
}

/// One task of a duty.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyTask {
    /// Its id.
    pub task: TaskId,
    /// The site.
    pub site: SiteId,
    /// The site's name.
    pub name: String,
    /// A visit was begun.
    pub visited: bool,
}

impl Tx<'_> {
    /// Writes a duty down.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_duty(&self, d: &DutyPlanned, now_ms: i64) -> Result<(), StoreError> {
        let (city, duty) = (self.city.to_string(), d.duty.to_string());
        self.db.execute(
            "INSERT INTO duties (city_id, duty_id, date, lead_id, planned_ms)
             VALUES ($1, $2, $3, $4, $5)",
            params![city, duty, d.date.as_str(), d.lead.to_string(), now_ms],
        )?;
        for account in &d.members {
            self.db.execute(
                "INSERT INTO duty_members (city_id, duty_id, account_id) VALUES ($1, $2, $3)",
                params![city, duty, account.to_string()],
            )?;
        }
        for task in &d.tasks {
            self.db.execute(
                "INSERT INTO tasks (city_id, task_id, duty_id, site_id) VALUES ($1, $2, $3, $4)",
                params![city, task.task.to_string(), duty, task.site.to_string()],
            )?;
        }
        Ok(())
    }

    /// A duty.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn duty(&self, duty: DutyId) -> Result<Option<DutyRow>, StoreError> {
        let row: Option<(String, String, Option<i64>)> = self
            .db
            .query_row(
                "SELECT date, lead_id, departed_ms FROM duties
                 WHERE city_id = $1 AND duty_id = $2",
                params![self.city.to_string(), duty.to_string()],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
            )
            .optional()?;
        row.map(|(date, lead, departed_ms)| {
            Ok(DutyRow {
                duty,
                date: day(date)?,
                lead: read(&lead)?,
                departed_ms,
            })
        })
        .transpose()
    }

    /// Notes the departure.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_departed(&self, duty: DutyId, now_ms: i64) -> Result<(), StoreError> {
        self.db.execute(
            "UPDATE duties SET departed_ms = $1 WHERE city_id = $2 AND duty_id = $3",
            params![now_ms, self.city.to_string(), duty.to_string()],
        )?;
        Ok(())
    }

    /// The rest of a duty's team.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn duty_members(&self, duty: DutyId) -> Result<Vec<AccountId>, StoreError> {
        let ids: Vec<String> = self
            .db
            .prepare_cached(
                "SELECT account_id FROM duty_members WHERE city_id = $1 AND duty_id = $2
                 ORDER BY account_id",
            )?
            .query_map(params![self.city.to_string(), duty.to_string()], |r| {
                r.get(0)
            })?
            .collect::<Result<_, _>>()?;
        ids.iter().map(|id| read(id)).collect()
    }

    /// A duty's tasks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn duty_tasks(&self, duty: DutyId) -> Result<Vec<PlannedTask>, StoreError> {
        let ids: Vec<(String, String)> = self
            .db
            .prepare_cached(
                "SELECT task_id, site_id FROM tasks WHERE city_id = $1 AND duty_id = $2
                 ORDER BY task_id",
            )?
            .query_map(params![self.city.to_string(), duty.to_string()], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        ids.iter()
            .map(|(task, site)| {
                Ok(PlannedTask {
                    task: read(task)?,
                    site: read(site)?,
                })
            })
            .collect()
    }
}

/// All duties, the latest date first.
///
/// # Errors
/// [`StoreError`].
pub fn duties(db: &Connection, city: CityId) -> Result<Vec<DutyCard>, StoreError> {
    let snapshot = db.unchecked_transaction()?;
    let city = city.to_string();
    let mut find = snapshot.prepare_cached(
        "SELECT d.duty_id, d.date, d.lead_id, a.name, d.planned_ms, d.departed_ms
         FROM duties d JOIN accounts a ON a.city_id = d.city_id AND a.account_id = d.lead_id
         WHERE d.city_id = $1 ORDER BY d.date DESC, d.planned_ms DESC",
    )?;
    let mut rows = find.query(params![city])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let duty: String = r.get(0)?;
        found.push(DutyCard {
            duty: read(&duty)?,
            date: day(r.get(1)?)?,
            lead: Member {
                account: read(&r.get::<_, String>(2)?)?,
                name: r.get(3)?,
            },
            members: members(&snapshot, &city, &duty)?,
            tasks: tasks(&snapshot, &city, &duty)?,
            planned_ms: r.get(4)?,
            departed_ms: r.get(5)?,
        });
    }
    Ok(found)
}

fn members(db: &Connection, city: &str, duty: &str) -> Result<Vec<Member>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT m.account_id, a.name FROM duty_members m
         JOIN accounts a ON a.city_id = m.city_id AND a.account_id = m.account_id
         WHERE m.city_id = $1 AND m.duty_id = $2 ORDER BY a.name",
    )?;
    let mut rows = find.query(params![city, duty])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        found.push(Member {
            account: read(&r.get::<_, String>(0)?)?,
            name: r.get(1)?,
        });
    }
    Ok(found)
}

fn tasks(db: &Connection, city: &str, duty: &str) -> Result<Vec<DutyTask>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT t.task_id, t.site_id, s.name,
                EXISTS (SELECT 1 FROM visits v
                        WHERE v.city_id = t.city_id AND v.task_id = t.task_id)
         FROM tasks t JOIN sites s ON s.city_id = t.city_id AND s.site_id = t.site_id
         WHERE t.city_id = $1 AND t.duty_id = $2 ORDER BY s.name",
    )?;
    let mut rows = find.query(params![city, duty])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        found.push(DutyTask {
            task: read(&r.get::<_, String>(0)?)?,
            site: read(&r.get::<_, String>(1)?)?,
            name: r.get(2)?,
            visited: r.get(3)?,
        });
    }
    Ok(found)
}

fn day(text: String) -> Result<Day, StoreError> {
    Day::try_from(text).map_err(|e| StoreError::Stored(e.to_string()))
}
