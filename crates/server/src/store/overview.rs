//! What waits, in numbers.

use super::{StoreError, cases::Scope};
use rusqlite::{Connection, params};
use serde::Serialize;
use utoipa::ToSchema;
use zhicha_domain::{ids::CityId, workflow::State};

/// How many problems stand in a state.
#[derive(Debug, Serialize, ToSchema)]
pub struct StateCount {
    /// The state.
    pub state: State,
    /// How many.
    pub count: u32,
}

/// Counts within a scope, by state; and of those still owed how many are overdue at `now_ms`, and
/// how many fall due until `day_end_ms`.
///
/// # Errors
/// [`StoreError`].
pub fn counts(
    db: &Connection,
    city: CityId,
    scope: &Scope,
    now_ms: i64,
    day_end_ms: i64,
) -> Result<(Vec<StateCount>, u32, u32), StoreError> {
    let mut find = db.prepare_cached(
        "SELECT state, COUNT(*),
                COUNT(CASE WHEN deadline_ms < $1 AND state IN
                    ('assigned', 'refused', 'rectifying', 'extending', 'failed') THEN 1 END),
                COUNT(CASE WHEN deadline_ms >= $1 AND deadline_ms < $2 AND state IN
                    ('assigned', 'refused', 'rectifying', 'extending', 'failed') THEN 1 END)
         FROM problems
         WHERE city_id = $3 AND ($4 IS NULL OR unit_id = $4)
           AND ($5 IS NULL OR reporter_id = $5) AND (NOT $6 OR unit_id IS NOT NULL)
         GROUP BY state",
    )?;
    let mut rows = find.query(params![
        now_ms,
        day_end_ms,
        city.to_string(),
        scope.unit,
        scope.reporter,
        scope.dispatched
    ])?;
    let (mut states, mut overdue, mut due) = (Vec::new(), 0, 0);
    while let Some(r) = rows.next()? {
        let key: String = r.get(0)?;
        states.push(StateCount {
            state: State::from_key(&key)
                .ok_or_else(|| StoreError::Stored(format!("state {key}")))?,
            count: r.get(1)?,
        });
        overdue += r.get::<_, u32>(2)?;
        due += r.get::<_, u32>(3)?;
    }
    Ok((states, overdue, due))
}

/// A number that changes whenever anything within the scope does, and tells nothing else.
///
/// # Errors
/// [`StoreError`].
pub fn pulse(db: &Connection, city: CityId, scope: &Scope) -> Result<(i64, i64), StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT COUNT(*), COALESCE(SUM(rev), 0) FROM problems
             WHERE city_id = $1 AND ($2 IS NULL OR unit_id = $2)
               AND ($3 IS NULL OR reporter_id = $3) AND (NOT $4 OR unit_id IS NOT NULL)",
        )?
        .query_row(
            params![
                city.to_string(),
                scope.unit,
                scope.reporter,
                scope.dispatched
            ],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?)
}
