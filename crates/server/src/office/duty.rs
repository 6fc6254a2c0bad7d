//! Planning a duty, and 出发.
//!
//! Before departure a phone is told the date and whether it leads; the sites travel only when the
//! lead or the office presses 出发, in the same transaction that notes the departure.

use super::Fault;
use crate::{
    city::CityKeys,
    store::{Tx, changes},
};
use serde::Deserialize;
use std::collections::HashSet;
use utoipa::ToSchema;
use uuid::Uuid;
use zhicha_domain::{
    catalog::{MANUAL_EDITION, checklist},
    ids::{AccountId, DutyId, SiteId},
    ops::{
        OpBody,
        office::{DutyDeparted, DutyPlanned, PlannedTask},
    },
    rights::Preset,
    time::{Day, city_date},
    wire::{ChangeBody, Departed, DutyNotice, SiteCard, TaskCard},
};

/// The most sites of one duty.
const SITES: usize = 60;

/// A new duty.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDuty {
    /// The date, in the city's zone.
    pub date: Day,
    /// 组长, an inspector.
    pub lead: AccountId,
    /// The rest of the team, inspectors.
    #[serde(default)]
    pub members: Vec<AccountId>,
    /// Sites, one task each.
    pub sites: Vec<SiteId>,
}

/// Plans a duty and tells the team its date, and nothing else.
///
/// # Errors
/// [`Fault`].
pub fn plan(
    tx: &Tx<'_>,
    keys: &CityKeys,
    by: AccountId,
    new: NewDuty,
    id: &mut dyn FnMut() -> Uuid,
    now_ms: i64,
) -> Result<DutyId, Fault> {
    if new.date.as_str() < city_date(now_ms).as_str() {
        return Err(Fault::invalid(
            "date_past",
            "日期已经过去，请选今天或以后",
            "the date has passed; choose today or later",
        ));
    }
    let mut team = HashSet::from([new.lead]);
    if !new.members.iter().all(|m| team.insert(*m)) {
        return Err(Fault::invalid(
            "team",
            "同一个人在组里出现了两次",
            "somebody is in the team twice",
        ));
    }
    for account in &team {
        let person = tx.account_card(*account)?;
        if !person.is_some_and(|p| p.preset == Preset::Inspector && !p.disabled) {
            return Err(Fault::invalid(
                "team",
                "组里有人不是在用的巡查员账号，请刷新后再选",
                "somebody in the team is no inspector in use",
            ));
        }
    }
    let mut seen = HashSet::new();
    if new.sites.is_empty() || new.sites.len() > SITES || !new.sites.iter().all(|s| seen.insert(*s))
    {
        return Err(Fault::invalid(
            "sites",
            format!("请选 1 到 {SITES} 个点位，不要重复"),
            format!("1 to {SITES} sites, each once"),
        ));
    }
    for site in &new.sites {
        if tx.site(*site)?.is_none() {
            return Err(Fault::invalid(
                "sites",
                "有的点位不存在，请刷新后再选",
                "a site is not there",
            ));
        }
    }
    let planned = DutyPlanned {
        duty: id().into(),
        date: new.date,
        lead: new.lead,
        members: new.members,
        tasks: new
            .sites
            .into_iter()
            .map(|site| PlannedTask {
                task: id().into(),
                site,
            })
            .collect(),
    };
    let body = OpBody::DutyPlanned(planned.clone());
    tx.append_city_op(keys, by, id().into(), &body, now_ms)?;
    tx.insert_duty(&planned, now_ms)?;
    for account in std::iter::once(&planned.lead).chain(&planned.members) {
        let notice = DutyNotice {
            duty: planned.duty,
            date: planned.date.clone(),
            lead: *account == planned.lead,
        };
        let audience = changes::account(*account);
        tx.publish(&audience, &ChangeBody::Duty(notice), now_ms)?;
    }
    Ok(planned.duty)
}

/// Who presses 出发.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departing {
    /// A phone: only the lead's.
    Phone(AccountId),
    /// The office.
    Office(AccountId),
}

/// Sets out: from here on the team may know its sites. Again is the same.
///
/// # Errors
/// [`Fault`].
pub fn depart(
    tx: &Tx<'_>,
    keys: &CityKeys,
    who: Departing,
    duty: DutyId,
    id: &mut dyn FnMut() -> Uuid,
    now_ms: i64,
) -> Result<Departed, Fault> {
    let row = tx.duty(duty)?.ok_or(Fault::NotFound)?;
    let by = match who {
        Departing::Phone(account) if account != row.lead => return Err(Fault::NotFound),
        Departing::Phone(account) | Departing::Office(account) => account,
    };
    if let Some(departed_ms) = row.departed_ms {
        let tasks = cards(tx, duty, &row.date)?;
        return Ok(Departed { tasks, departed_ms });
    }
    if row.date.as_str() > city_date(now_ms).as_str() {
        return Err(Fault::conflict(
            "too_early",
            format!("任务日期是 {}，还没到，不能出发", row.date.as_str()),
            format!("the duty is on {}; it is too early", row.date.as_str()),
        ));
    }
    let body = OpBody::DutyDeparted(DutyDeparted { duty });
    tx.append_city_op(keys, by, id().into(), &body, now_ms)?;
    tx.set_departed(duty, now_ms)?;
    let cards = cards(tx, duty, &row.date)?;
    let members = tx.duty_members(duty)?;
    for account in std::iter::once(&row.lead).chain(&members) {
        let audience = changes::account(*account);
        for card in &cards {
            let body = ChangeBody::Task(Box::new(card.clone()));
            tx.publish(&audience, &body, now_ms)?;
        }
    }
    Ok(Departed {
        tasks: cards,
        departed_ms: now_ms,
    })
}

fn cards(tx: &Tx<'_>, duty: DutyId, date: &Day) -> Result<Vec<TaskCard>, Fault> {
    let mut cards = Vec::new();
    for planned in tx.duty_tasks(duty)? {
        let (site, area) = tx.site(planned.site)?.ok_or(Fault::NotFound)?;
        let items = checklist(&site.site_type).to_vec();
        cards.push(TaskCard {
            task: planned.task,
            duty,
            date: date.clone(),
            site: SiteCard {
                site: site.site,
                name: site.name,
                site_type: site.site_type,
                area,
                address: site.address,
                lat: site.lat,
                lon: site.lon,
            },
            manual: MANUAL_EDITION.to_owned(),
            items,
        });
    }
    Ok(cards)
}
