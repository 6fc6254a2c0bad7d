//! From problems to the rows of a list.
//!
//! Pictures on paper are the server's own renditions: no list carries a camera's metadata out of
//! the office. Who may not know the provenance gets rows without it, because the query gave none.

use super::rendition;
use crate::{
    objects::Objects,
    store::{
        StoreError,
        casebook::{self, After, Filter, ProblemCard, View},
        photos,
    },
};
use jiff::Timestamp;
use rusqlite::Connection;
use std::path::Path;
use zhicha_domain::{
    catalog::{MANUAL_EDITION, category, deadline_class, item, site_type},
    ids::CityId,
    photo::{Origin, Rendition},
    workflow::Event,
};
use zhicha_report::{DocumentKind, ListMeta, LngLat, Picture, Row, Written, write_list};

/// Cards fetched at once.
const PAGE: usize = 500;

/// What is exported.
pub struct Wanted {
    /// Which document.
    pub kind: DocumentKind,
    /// Whose problems, and how much of them.
    pub view: View,
    /// Which.
    pub filter: Filter,
    /// The filter in words.
    pub filter_words: Option<String>,
    /// Name of whoever exports.
    pub by: String,
    /// The city's name.
    pub city_name: String,
    /// When, milliseconds since 1970 UTC.
    pub now_ms: i64,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The list could not be written.
    #[error(transparent)]
    Report(#[from] zhicha_report::ReportError),
}

/// Writes the document to `out`.
///
/// # Errors
/// [`ExportError`]; nothing is left at `out` then.
pub fn write(
    db: &Connection,
    city: CityId,
    objects: &Objects,
    wanted: &Wanted,
    out: &Path,
) -> Result<Written, ExportError> {
    let mut cards = Vec::new();
    let mut after: Option<After> = None;
    loop {
        let page = casebook::list(db, city, &wanted.view, &wanted.filter, after.as_ref(), PAGE)?;
        let more = page.len() == PAGE;
        cards.extend(page);
        after = cards.last().map(|c| After {
            received_ms: c.received_ms,
            problem: c.problem,
        });
        if !more {
            break;
        }
    }
    // On paper the first comes first: by number where there is one, then by arrival.
    cards.sort_by_key(|c| (number(&c.no), c.received_ms));
    let batch_no = one_notice(&cards);
    let meta = ListMeta {
        title: None,
        city_name: wanted.city_name.clone(),
        exported_by: wanted.by.clone(),
        exported_at: moment(wanted.now_ms).unwrap_or(Timestamp::UNIX_EPOCH),
        batch_no,
        filter: wanted.filter_words.clone(),
        coordinates: false,
        full_phones: false,
    };
    let rows = cards
        .into_iter()
        .map(|card| row(db, city, objects, &wanted.view, card, wanted.now_ms));
    Ok(write_list(wanted.kind, &meta, rows, out)?)
}

/// 年-期-序 as numbers; what has none comes last.
fn number(no: &str) -> (u32, u32, u32) {
    let mut parts = no.split('-').map(str::parse::<u32>);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Ok(year)), Some(Ok(notice)), Some(Ok(nth))) => (year, notice, nth),
        _ => (u32::MAX, 0, 0),
    }
}

fn one_notice(cards: &[ProblemCard]) -> Option<String> {
    let first = cards.first()?.notice.clone()?;
    cards
        .iter()
        .all(|c| c.notice.as_ref() == Some(&first))
        .then(|| notice_zh(&first))
}

/// `2026-3` → 2026年第3期
fn notice_zh(notice: &str) -> String {
    match notice.split_once('-') {
        Some((year, n)) => format!("{year}年第{n}期"),
        None => notice.to_owned(),
    }
}

fn moment(ms: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(ms).ok()
}

fn filled(text: String) -> Option<String> {
    Some(text).filter(|t| !t.is_empty())
}

fn row(
    db: &Connection,
    city: CityId,
    objects: &Objects,
    view: &View,
    c: ProblemCard,
    now_ms: i64,
) -> Result<Row, StoreError> {
    let (photos_before, photos_after) = pictures(db, city, objects, view, &c)?;
    let category = category(&c.category);
    let indicator = item(&c.item).map(|i| {
        format!(
            "{} {}：{}（手册 {MANUAL_EDITION}）",
            i.code, i.content, i.standard
        )
    });
    Ok(Row {
        issue_no: filled(c.no).or(c.temp_no),
        batch_no: c.notice.as_deref().map(notice_zh),
        point_type: site_type(&c.site_type).map(|t| t.zh.clone()),
        point_name: filled(c.site_name),
        location_desc: filled(c.place),
        lng_lat: c.by_hand.or(c.fix).map(|fix| LngLat {
            lng_deg: fix.lon,
            lat_deg: fix.lat,
            datum: "WGS-84".into(),
        }),
        found_at: moment(c.found_ms),
        inspector: c.reporter_name,
        category: category.map(|k| k.zh.clone()),
        indicator,
        description: filled(c.note),
        severity: Some(severity_zh(&c.severity).to_owned()),
        photos_before,
        lead_unit: category.and_then(|k| filled(k.lead_dept.clone())),
        resp_unit: filled(c.unit_name),
        co_units: category
            .and_then(|k| filled(k.co_depts.clone()))
            .into_iter()
            .collect(),
        territory: filled(c.area_name),
        resp_leader: filled(c.unit_leader),
        resp_person: filled(c.unit_contact),
        phone: filled(c.unit_phone),
        measure: filled(c.measure),
        requirement: filled(c.requirement),
        deadline_class: deadline_class(&c.class).map(|k| k.zh.to_owned()),
        deadline_at: c.deadline_ms.and_then(moment),
        assigned_at: c.assigned_ms.and_then(moment),
        signed_at: c.signed_ms.and_then(moment),
        feedback_at: c.feedback_ms.and_then(moment),
        rect_status: Some(c.state.rectification_zh().to_owned()),
        rect_result: filled(c.result),
        photos_after,
        recheck_at: c.recheck_ms.and_then(moment),
        rechecker: c.recheck_name,
        recheck_result: Event::from_key(&c.recheck_result).map(|e| recheck_zh(e).to_owned()),
        closed_at: c.closed_ms.and_then(moment),
        overdue_days: c.state.overdue_days(c.deadline_ms, now_ms),
        remark: filled(remark(c.amended, c.claimed_category.as_deref())),
        ..Row::default()
    })
}

fn severity_zh(key: &str) -> &'static str {
    match key {
        "serious" => "较重",
        "safety" => "严重（安全）",
        _ => "一般",
    }
}

fn recheck_zh(event: Event) -> &'static str {
    match event {
        Event::Pass => "通过",
        Event::Fail => "不通过",
        Event::Partial => "部分整改",
        Event::KeepWatch => "转长期坚持",
        _ => "查不了",
    }
}

fn remark(amended: Option<bool>, claimed: Option<&str>) -> String {
    let mut words = Vec::new();
    if amended == Some(true) {
        words.push("立案后有补充".to_owned());
    }
    if let Some(claimed) = claimed {
        words.push(format!("手机上选的类别：{claimed}"));
    }
    words.join("；")
}

/// Pictures as found, and as put right.
fn pictures(
    db: &Connection,
    city: CityId,
    objects: &Objects,
    view: &View,
    card: &ProblemCard,
) -> Result<(Vec<Picture>, Vec<Picture>), StoreError> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for photo in photos::of_problem(db, city, card.problem)? {
        let mut caption = photo.shot.zh().to_owned();
        if photo.origin != Origin::Camera {
            caption = format!("{caption}（{}）", photo.origin.zh());
        }
        let shown = rendition::shown(
            db,
            city,
            objects,
            &view.scope,
            (photo.photo, Rendition::Preview),
        )?;
        let jpeg = match shown {
            Some(shown) => {
                Some(std::fs::read(shown.path).map_err(|e| StoreError::Stored(e.to_string()))?)
            }
            None => None,
        };
        let missing = jpeg
            .is_none()
            .then(|| "照片还没有传到服务器，或不能显示".to_owned());
        let picture = Picture {
            jpeg: jpeg.unwrap_or_default(),
            width_px: 0,
            height_px: 0,
            caption,
            missing,
        };
        if photo.side == "after" {
            after.push(picture);
        } else {
            before.push(picture);
        }
    }
    Ok((before, after))
}
