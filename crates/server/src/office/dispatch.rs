//! 交办: problems to one unit, under one notice, all or nothing.

use super::{
    Fault,
    act::{self, Acted, Wanted},
    text,
};
use crate::{
    city::CityKeys,
    store::{Tx, cases::Scope, dispatches::NewDispatch},
};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use utoipa::ToSchema;
use uuid::Uuid;
use zhicha_domain::{
    catalog::deadline_class,
    ids::{DispatchId, ProblemId, UnitId},
    numbers::official,
    ops::office::ActDetail,
    rights::{Act, Actor},
    time::{city_date, parse_city_minute},
    workflow::Event,
};

/// The most problems under one notice.
const PROBLEMS: usize = 500;

/// A notice to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewNotice {
    /// To whom.
    pub unit: UnitId,
    /// Which problems, in the order of their numbers.
    pub problems: Vec<ProblemId>,
    /// Until when, in the city's zone: `2026-03-06 18:00`.
    pub deadline: String,
    /// Class of the deadline, `L0`…`L5`.
    pub class: String,
    /// 整改要求
    #[serde(default)]
    pub requirement: String,
}

/// To another unit.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Reassign {
    /// To whom.
    pub unit: UnitId,
    /// Until when, in the city's zone: `2026-03-06 18:00`.
    pub deadline: String,
    /// Class of the deadline, `L0`…`L5`.
    pub class: String,
    /// 整改要求
    #[serde(default)]
    pub requirement: String,
    /// In words.
    #[serde(default)]
    pub note: String,
}

/// A notice made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dispatched {
    /// Its id.
    pub dispatch: DispatchId,
    /// Year of its number.
    pub year: i16,
    /// 期: number within the year.
    pub notice: u32,
    /// The problems with their numbers.
    pub problems: Vec<Numbered>,
}

/// A problem with its official number.
#[derive(Debug, Serialize, ToSchema)]
pub struct Numbered {
    /// The problem.
    pub problem: ProblemId,
    /// 年-期-序
    pub no: String,
    /// Its revision now.
    pub rev: i64,
}

/// A deadline as typed, in the future.
///
/// # Errors
/// [`Fault`].
pub fn deadline(typed: &str, now_ms: i64) -> Result<i64, Fault> {
    let at = parse_city_minute(typed).map_err(|_| {
        Fault::invalid(
            "deadline",
            format!("时限「{typed}」读不懂，请写成 2026-03-06 18:00"),
            "write the deadline as 2026-03-06 18:00",
        )
    })?;
    if at <= now_ms {
        return Err(Fault::invalid(
            "deadline",
            "时限已经过去，请写以后的时间",
            "the deadline has passed",
        ));
    }
    Ok(at)
}

struct Terms<'a> {
    unit: UnitId,
    deadline_ms: i64,
    class: &'a str,
    requirement: String,
}

fn terms<'a>(
    tx: &Tx<'_>,
    unit: UnitId,
    typed: &str,
    class: &'a str,
    requirement: &str,
    now_ms: i64,
) -> Result<Terms<'a>, Fault> {
    if !tx.has_unit(unit)? {
        return Err(Fault::invalid(
            "unit",
            "没有这个单位，请刷新后再选",
            "there is no such unit",
        ));
    }
    if deadline_class(class).is_none() {
        return Err(Fault::invalid(
            "class",
            "整改类型不对，请选 L0 到 L5",
            "class is one of L0 to L5",
        ));
    }
    Ok(Terms {
        unit,
        deadline_ms: deadline(typed, now_ms)?,
        class,
        requirement: text(requirement)?,
    })
}

/// Takes the next number and writes the notice.
fn notice(
    tx: &Tx<'_>,
    actor: &Actor,
    terms: &Terms<'_>,
    dispatch: DispatchId,
    now_ms: i64,
) -> Result<(i16, u32), Fault> {
    let year: i16 = city_date(now_ms)
        .get(..4)
        .and_then(|y| y.parse().ok())
        .unwrap_or(0);
    let number = tx.next_notice(year)?;
    let row = NewDispatch {
        dispatch,
        year,
        notice: number,
        unit: terms.unit,
        by: actor.account,
        deadline_ms: terms.deadline_ms,
        class: terms.class,
        requirement: &terms.requirement,
    };
    tx.insert_dispatch(&row, now_ms)?;
    Ok((year, number))
}

/// Dispatches problems under one new notice.
///
/// # Errors
/// [`Fault`]; then none of them is dispatched.
pub fn dispatch(
    tx: &Tx<'_>,
    keys: &CityKeys,
    actor: &Actor,
    new: &NewNotice,
    id: &mut dyn FnMut() -> Uuid,
    now_ms: i64,
) -> Result<Dispatched, Fault> {
    let mut seen = HashSet::new();
    let counted = (1..=PROBLEMS).contains(&new.problems.len());
    if !counted || !new.problems.iter().all(|p| seen.insert(*p)) {
        return Err(Fault::invalid(
            "problems",
            format!("请选 1 到 {PROBLEMS} 条问题，不要重复"),
            format!("1 to {PROBLEMS} problems, each once"),
        ));
    }
    let terms = terms(
        tx,
        new.unit,
        &new.deadline,
        &new.class,
        &new.requirement,
        now_ms,
    )?;
    let made: DispatchId = id().into();
    let (year, number) = notice(tx, actor, &terms, made, now_ms)?;
    let mut problems = Vec::new();
    for (nth, problem) in (1u32..).zip(&new.problems) {
        let no = official(year, number, nth);
        let detail = ActDetail::Dispatched {
            dispatch: made,
            no: no.clone(),
            unit: terms.unit,
            deadline_ms: terms.deadline_ms,
            class: terms.class.to_owned(),
        };
        let wanted = Wanted {
            problem: *problem,
            rev: None,
            event: Event::Assign,
            detail: Some(detail),
            note: terms.requirement.clone(),
        };
        let acted = act::perform(tx, keys, actor, wanted, id, now_ms)?;
        problems.push(Numbered {
            problem: *problem,
            no,
            rev: acted.rev,
        });
    }
    Ok(Dispatched {
        dispatch: made,
        year,
        notice: number,
        problems,
    })
}

/// 改派: a new notice to another unit. The problem keeps its number, by which people already know it.
///
/// # Errors
/// [`Fault`].
pub fn reassign(
    tx: &Tx<'_>,
    keys: &CityKeys,
    actor: &Actor,
    (problem, rev): (ProblemId, i64),
    new: &Reassign,
    id: &mut dyn FnMut() -> Uuid,
    now_ms: i64,
) -> Result<Acted, Fault> {
    let scope = Scope::of(actor, Act::Dispatch).ok_or(Fault::NotFound)?;
    let case = tx.case(problem, &scope)?.ok_or(Fault::NotFound)?;
    let terms = terms(
        tx,
        new.unit,
        &new.deadline,
        &new.class,
        &new.requirement,
        now_ms,
    )?;
    let made: DispatchId = id().into();
    notice(tx, actor, &terms, made, now_ms)?;
    let detail = ActDetail::Dispatched {
        dispatch: made,
        no: case.no,
        unit: terms.unit,
        deadline_ms: terms.deadline_ms,
        class: terms.class.to_owned(),
    };
    let wanted = Wanted {
        problem,
        rev: Some(rev),
        event: Event::Reassign,
        detail: Some(detail),
        note: new.note.clone(),
    };
    act::perform(tx, keys, actor, wanted, id, now_ms)
}
