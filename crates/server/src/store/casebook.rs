//! Problems as people read them: one by one, and as a list.
//!
//! Two things are part of each query and not of what comes after it: whose problems they are
//! ([`Scope`]), and whether the reader may know the provenance (who inspected, where exactly, the
//! office's own remarks). A column that may not be known is not fetched.

use super::{
    StoreError,
    cases::Scope,
    photos::{self, PhotoCard},
    read, read_some,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;
use utoipa::ToSchema;
use zhicha_domain::{
    geo::Fix,
    ids::{CityId, DispatchId, ProblemId, SiteId, UnitId},
    ops::office::ActDetail,
    workflow::State,
};

/// Who looks.
#[derive(Clone, Debug)]
pub struct View {
    /// Whose problems.
    pub scope: Scope,
    /// Who inspected, where exactly and the office's remarks may be known.
    pub provenance: bool,
}

/// What a list is narrowed to; what is `None` narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A state.
    pub state: Option<State>,
    /// A unit.
    pub unit: Option<UnitId>,
    /// A notice.
    pub dispatch: Option<DispatchId>,
    /// A category's code.
    pub category: Option<String>,
    /// Words in number, place, site or description.
    pub words: Option<String>,
    /// Only what is overdue at this moment, milliseconds since 1970 UTC.
    pub overdue_at_ms: Option<i64>,
    /// Only what is owed and falls due from the first moment until before the second.
    pub due_ms: Option<(i64, i64)>,
}

/// Where a page of a list ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// When the last one arrived.
    pub received_ms: i64,
    /// The last one.
    pub problem: ProblemId,
}

/// A problem. What the reader may not know is left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProblemCard {
    /// Its id.
    pub problem: ProblemId,
    /// Official number, empty before dispatch.
    pub no: String,
    /// Temporary number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temp_no: Option<String>,
    /// Its state.
    pub state: State,
    /// The revision for If-Match.
    pub rev: i64,
    /// Category's code after review.
    pub category: String,
    /// What the phone claimed where that is no category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_category: Option<String>,
    /// 问题等级
    pub severity: String,
    /// Code of the item it was found under; may be empty.
    pub item: String,
    /// The site.
    pub site: Option<SiteId>,
    /// The site's name.
    pub site_name: String,
    /// The site's type.
    pub site_type: String,
    /// The name of the site's area.
    pub area_name: String,
    /// Where, in words.
    pub place: String,
    /// What is wrong, in words.
    pub note: String,
    /// When it was found, by the phone's best knowledge, milliseconds since 1970 UTC.
    pub found_ms: i64,
    /// The phone's clock had been compared with the server's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_checked: Option<bool>,
    /// When it arrived, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// 来源
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporter_name: Option<String>,
    /// Where it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// Where the inspector says it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<Fix>,
    /// Why a view is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_shot: Option<String>,
    /// The unit the inspector had in mind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggested_unit: Option<UnitId>,
    /// The deadline class the inspector had in mind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggested_class: Option<String>,
    /// The reviewer's reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The problem it was joined to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<ProblemId>,
    /// Something was added after review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amended: Option<bool>,
    /// Its notice.
    pub dispatch: Option<DispatchId>,
    /// Year and number of the notice.
    pub notice: Option<String>,
    /// 整改要求 of the notice.
    pub requirement: String,
    /// Who is to act.
    pub unit: Option<UnitId>,
    /// The unit's name.
    pub unit_name: String,
    /// 责任领导 of the unit.
    pub unit_leader: String,
    /// 责任人 of the unit.
    pub unit_contact: String,
    /// 联系电话 of the unit.
    pub unit_phone: String,
    /// Until when, milliseconds since 1970 UTC.
    pub deadline_ms: Option<i64>,
    /// Class of the deadline.
    pub class: String,
    /// When it was dispatched, milliseconds since 1970 UTC.
    pub assigned_ms: Option<i64>,
    /// When the unit signed for it, milliseconds since 1970 UTC.
    pub signed_ms: Option<i64>,
    /// When feedback was entered, milliseconds since 1970 UTC.
    pub feedback_ms: Option<i64>,
    /// 整改措施
    pub measure: String,
    /// 整改结果
    pub result: String,
    /// When it was rechecked, milliseconds since 1970 UTC.
    pub recheck_ms: Option<i64>,
    /// Who rechecked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recheck_name: Option<String>,
    /// Key of the recheck's event.
    pub recheck_result: String,
    /// When it was closed, milliseconds since 1970 UTC.
    pub closed_ms: Option<i64>,
    /// How many photos it has.
    pub photos: u32,
}

/// A line of the timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineCard {
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// `submit`, `comment` or a workflow event's key.
    pub event: String,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    /// State before.
    pub from: State,
    /// State after.
    pub to: State,
    /// In words.
    pub note: String,
    /// What it carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<ActDetail>,
}

/// A problem with its photos and its timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDetail {
    /// The problem.
    #[serde(flatten)]
    pub card: ProblemCard,
    /// Its photos.
    pub photo_list: Vec<PhotoCard>,
    /// What happened, in order.
    pub timeline: Vec<TimelineCard>,
}

/// The columns of a card in the order [`card`] reads them; `$1`: provenance may be known. What comes
/// after them says so first, so that the check of parameters' order sees the whole.
macro_rules! cards {
    ($rest:literal) => {
        concat!(
            "SELECT p.problem_id, p.no, CASE WHEN $1 THEN p.temp_no END, p.state, p.rev,
                p.category, CASE WHEN $1 THEN p.claimed_category END, p.severity, p.item,
                p.site_id, COALESCE(s.name, ''), COALESCE(s.site_type, ''),
                COALESCE(ar.name, ''), p.place, p.note, p.found_ms,
                CASE WHEN $1 THEN p.clock_checked END, p.received_ms,
                CASE WHEN $1 THEN p.source END, CASE WHEN $1 THEN rep.name END,
                CASE WHEN $1 THEN p.fix END, CASE WHEN $1 THEN p.by_hand END,
                CASE WHEN $1 THEN p.missing_shot END, CASE WHEN $1 THEN p.suggested_unit END,
                CASE WHEN $1 THEN p.suggested_class END, CASE WHEN $1 THEN p.reason END,
                CASE WHEN $1 THEN p.merged_into END, CASE WHEN $1 THEN p.amended END,
                p.dispatch_id, d.year, d.notice, COALESCE(d.requirement, ''), p.unit_id,
                COALESCE(u.name, ''), COALESCE(u.leader, ''), COALESCE(u.contact, ''),
                COALESCE(u.phone, ''), p.deadline_ms, p.class, p.assigned_ms, p.signed_ms,
                p.feedback_ms, p.measure, p.result, p.recheck_ms,
                CASE WHEN $1 THEN rec.name END, p.recheck_result, p.closed_ms,
                (SELECT COUNT(*) FROM photos ph
                 WHERE ph.city_id = p.city_id AND ph.problem_id = p.problem_id)
             FROM problems p
             LEFT JOIN sites s ON s.city_id = p.city_id AND s.site_id = p.site_id
             LEFT JOIN areas ar ON ar.city_id = s.city_id AND ar.area_id = s.area_id
             LEFT JOIN units u ON u.city_id = p.city_id AND u.unit_id = p.unit_id
             LEFT JOIN dispatches d ON d.city_id = p.city_id AND d.dispatch_id = p.dispatch_id
             LEFT JOIN accounts rep ON rep.city_id = p.city_id AND rep.account_id = p.reporter_id
             LEFT JOIN accounts rec ON rec.city_id = p.city_id AND rec.account_id = p.recheck_by ",
            $rest
        )
    };
}

fn card(r: &Row<'_>) -> Result<ProblemCard, StoreError> {
    let text = |n: usize| r.get::<_, String>(n);
    let some = |n: usize| r.get::<_, Option<String>>(n);
    let filled = |n: usize| Ok::<_, rusqlite::Error>(some(n)?.filter(|t| !t.is_empty()));
    let fix = |n: usize| -> Result<Option<Fix>, StoreError> {
        some(n)?
            .map(|t| serde_json::from_str(&t).map_err(|e| StoreError::Stored(e.to_string())))
            .transpose()
    };
    let notice = match (r.get::<_, Option<i64>>(29)?, r.get::<_, Option<i64>>(30)?) {
        (Some(year), Some(n)) => Some(format!("{year}-{n}")),
        _ => None,
    };
    Ok(ProblemCard {
        problem: read(&text(0)?)?,
        no: text(1)?,
        temp_no: some(2)?,
        state: state(&text(3)?)?,
        rev: r.get(4)?,
        category: text(5)?,
        claimed_category: filled(6)?,
        severity: text(7)?,
        item: text(8)?,
        site: read_some(some(9)?.as_deref())?,
        site_name: text(10)?,
        site_type: text(11)?,
        area_name: text(12)?,
        place: text(13)?,
        note: text(14)?,
        found_ms: r.get(15)?,
        clock_checked: r.get(16)?,
        received_ms: r.get(17)?,
        source: some(18)?,
        reporter_name: some(19)?,
        fix: fix(20)?,
        by_hand: fix(21)?,
        missing_shot: filled(22)?,
        suggested_unit: read_some(some(23)?.as_deref())?,
        suggested_class: filled(24)?,
        reason: filled(25)?,
        merged_into: read_some(some(26)?.as_deref())?,
        amended: r.get(27)?,
        dispatch: read_some(some(28)?.as_deref())?,
        notice,
        requirement: text(31)?,
        unit: read_some(some(32)?.as_deref())?,
        unit_name: text(33)?,
        unit_leader: text(34)?,
        unit_contact: text(35)?,
        unit_phone: text(36)?,
        deadline_ms: r.get(37)?,
        class: text(38)?,
        assigned_ms: r.get(39)?,
        signed_ms: r.get(40)?,
        feedback_ms: r.get(41)?,
        measure: text(42)?,
        result: text(43)?,
        recheck_ms: r.get(44)?,
        recheck_name: some(45)?,
        recheck_result: text(46)?,
        closed_ms: r.get(47)?,
        photos: r.get(48)?,
    })
}

fn state(key: &str) -> Result<State, StoreError> {
    State::from_key(key).ok_or_else(|| StoreError::Stored(format!("state {key}")))
}

/// A page of problems, the latest arrival first; at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub fn list(
    db: &Connection,
    city: CityId,
    view: &View,
    filter: &Filter,
    after: Option<&After>,
    limit: usize,
) -> Result<Vec<ProblemCard>, StoreError> {
    let mut find = db.prepare_cached(cards!(
        "/* $1 stands above */ WHERE p.city_id = $2 AND ($3 IS NULL OR p.unit_id = $3)
           AND ($4 IS NULL OR p.reporter_id = $4) AND (NOT $5 OR p.unit_id IS NOT NULL)
           AND ($6 IS NULL OR p.state = $6) AND ($7 IS NULL OR p.unit_id = $7)
           AND ($8 IS NULL OR p.dispatch_id = $8) AND ($9 IS NULL OR p.category = $9)
           AND ($10 IS NULL OR p.no LIKE $10 ESCAPE '!' OR p.note LIKE $10 ESCAPE '!'
                OR p.place LIKE $10 ESCAPE '!' OR s.name LIKE $10 ESCAPE '!'
                OR ($1 AND p.temp_no LIKE $10 ESCAPE '!'))
           AND ($11 IS NULL OR (p.deadline_ms < $11 AND p.state IN
                ('assigned', 'refused', 'rectifying', 'extending', 'failed')))
           AND ($12 IS NULL OR (p.deadline_ms >= $12 AND p.deadline_ms < $13 AND p.state IN
                ('assigned', 'refused', 'rectifying', 'extending', 'failed')))
           AND ($14 IS NULL OR p.received_ms < $14
                OR (p.received_ms = $14 AND p.problem_id < $15))
         ORDER BY p.received_ms DESC, p.problem_id DESC LIMIT $16"
    ))?;
    let mut rows = find.query(params![
        view.provenance,
        city.to_string(),
        view.scope.unit,
        view.scope.reporter,
        view.scope.dispatched,
        filter.state.map(State::key),
        filter.unit.map(|u| u.to_string()),
        filter.dispatch.map(|d| d.to_string()),
        filter.category,
        filter.words.as_deref().map(like),
        filter.overdue_at_ms,
        filter.due_ms.map(|due| due.0),
        filter.due_ms.map(|due| due.1),
        after.map(|a| a.received_ms),
        after.map(|a| a.problem.to_string()),
        i64::try_from(limit).unwrap_or(i64::MAX)
    ])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        found.push(card(r)?);
    }
    Ok(found)
}

/// `50%` → `%50!%%`: the words somewhere, no sign of theirs a wildcard.
fn like(words: &str) -> String {
    let escaped = words
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    format!("%{escaped}%")
}

/// One problem with everything its reader may know.
///
/// # Errors
/// [`StoreError`].
pub fn detail(
    db: &Connection,
    city: CityId,
    view: &View,
    problem: ProblemId,
) -> Result<Option<ProblemDetail>, StoreError> {
    let snapshot = db.unchecked_transaction()?;
    let found = snapshot
        .prepare_cached(cards!(
            "/* $1 stands above */ WHERE p.city_id = $2 AND ($3 IS NULL OR p.unit_id = $3)
               AND ($4 IS NULL OR p.reporter_id = $4) AND (NOT $5 OR p.unit_id IS NOT NULL)
               AND p.problem_id = $6"
        ))?
        .query_row(
            params![
                view.provenance,
                city.to_string(),
                view.scope.unit,
                view.scope.reporter,
                view.scope.dispatched,
                problem.to_string()
            ],
            |r| Ok(card(r)),
        )
        .optional()?
        .transpose()?;
    let Some(card) = found else {
        return Ok(None);
    };
    let mut photo_list = photos::of_problem(&snapshot, city, problem)?;
    if !view.provenance {
        for photo in &mut photo_list {
            (photo.fix, photo.exif_fix) = (None, None);
            photo.exif_taken.clear();
            // Renditions of its own making are what such a reader gets; the phone's hashes would
            // let him recognise a picture seen elsewhere.
            photo.files.clear();
        }
    }
    let timeline = timeline(&snapshot, city, view, problem)?;
    Ok(Some(ProblemDetail {
        card,
        photo_list,
        timeline,
    }))
}

/// What happened. Without provenance: the office's and the unit's steps from the last dispatch on,
/// in the order of the city's log, without names.
fn timeline(
    db: &Connection,
    city: CityId,
    view: &View,
    problem: ProblemId,
) -> Result<Vec<TimelineCard>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT e.at_ms, e.event, CASE WHEN $1 THEN a.name END, e.from_state, e.to_state, e.note,
                e.detail
         FROM problem_events e
         JOIN cities c ON c.city_id = e.city_id
         LEFT JOIN ops o ON o.city_id = e.city_id AND o.op_id = e.op_id AND o.log_id = c.log_id
         LEFT JOIN accounts a ON a.city_id = e.city_id AND a.account_id = e.actor_id
         WHERE e.city_id = $2 AND e.problem_id = $3
           AND ($1 OR o.seq >= (
                SELECT MAX(o2.seq) FROM problem_events e2
                JOIN ops o2 ON o2.city_id = e2.city_id AND o2.op_id = e2.op_id
                           AND o2.log_id = c.log_id
                WHERE e2.city_id = e.city_id AND e2.problem_id = e.problem_id
                  AND e2.event IN ('assign', 'reassign')))
         ORDER BY e.at_ms, COALESCE(o.seq, 0)",
    )?;
    let mut rows = find.query(params![
        view.provenance,
        city.to_string(),
        problem.to_string()
    ])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let detail: String = r.get(6)?;
        found.push(TimelineCard {
            at_ms: r.get(0)?,
            event: r.get(1)?,
            actor_name: r.get(2)?,
            from: state(&r.get::<_, String>(3)?)?,
            to: state(&r.get::<_, String>(4)?)?,
            note: r.get(5)?,
            detail: serde_json::from_str(&detail).ok(),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_search_are_never_wildcards() {
        assert_eq!(like("50%_!"), "%50!%!_!!%");
    }

    #[test]
    fn the_list_and_the_domain_agree_on_what_is_owed() {
        let sql = include_str!("casebook.rs");
        for s in State::ALL {
            let named = sql.contains(&format!("'{}'", s.key()));
            // `closed` and others stand in no quoted list of this file.
            assert_eq!(named, s.is_owed(), "{s:?}");
        }
    }
}
