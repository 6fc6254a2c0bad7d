//! From a row's typed fields to the words of a cell, by the column's key.

use jiff::Timestamp;

use crate::cell::Cell;
use crate::{Column, LngLat, ReportError, Row, phone, time};

/// The cell of `column` for `row`. Picture columns are empty here: their text is what the
/// pictures' captions say. `number` is the running number of the row.
///
/// # Errors
/// [`ReportError::Columns`] for a key without a value, which a test keeps from shipping.
pub(crate) fn cell(
    row: &Row,
    column: &Column,
    number: u32,
    full_phones: bool,
) -> Result<Cell, ReportError> {
    let overdue = row.overdue_days.filter(|days| *days > 0);
    Ok(match column.key.as_str() {
        "seq" => Cell::number(row.seq.unwrap_or(number)),
        "issue_no" => text(row.issue_no.as_deref()),
        "batch_no" => text(row.batch_no.as_deref()),
        "round" => text(row.round.as_deref()),
        "point_type" => text(row.point_type.as_deref()),
        "point_name" => text(row.point_name.as_deref()),
        "location_desc" => text(row.location_desc.as_deref()),
        "lng_lat" => row.lng_lat.as_ref().map_or_else(Cell::empty, place),
        "found_at" => moment(row.found_at),
        "inspector" => text(row.inspector.as_deref()),
        "category" => text(row.category.as_deref()),
        "indicator" => text(row.indicator.as_deref()),
        "description" => text(row.description.as_deref()),
        "severity" => text(row.severity.as_deref()),
        "photos_before" | "photos_after" => Cell::empty(),
        "lead_unit" => text(row.lead_unit.as_deref()),
        "resp_unit" => text(row.resp_unit.as_deref()),
        "co_units" => Cell::text(&row.co_units.join("、")),
        "territory" => text(row.territory.as_deref()),
        "resp_leader" => text(row.resp_leader.as_deref()),
        "resp_person" => text(row.resp_person.as_deref()),
        "phone" if full_phones => text(row.phone.as_deref()),
        "phone" => row
            .phone
            .as_deref()
            .map_or_else(Cell::empty, |p| Cell::text(&phone::masked(p))),
        "measure" => text(row.measure.as_deref()),
        "requirement" => text(row.requirement.as_deref()),
        "deadline_class" => text(row.deadline_class.as_deref()),
        "deadline_at" => deadline(row.deadline_at, overdue),
        "assigned_at" => moment(row.assigned_at),
        "signed_at" => moment(row.signed_at),
        "feedback_at" => moment(row.feedback_at),
        "rect_status" => text(row.rect_status.as_deref()),
        "rect_result" => text(row.rect_result.as_deref()),
        "recheck_at" => moment(row.recheck_at),
        "rechecker" => text(row.rechecker.as_deref()),
        "recheck_result" => text(row.recheck_result.as_deref()),
        "closed_at" => moment(row.closed_at),
        "overdue_days" => row
            .overdue_days
            .map_or_else(Cell::empty, Cell::number)
            .alert(overdue.is_some()),
        "urge_count" => row.urge_count.map_or_else(Cell::empty, Cell::number),
        "card" => text(row.card.as_deref()).alert(row.card.is_some()),
        "recurrence" => match row.recurrence {
            Some(true) => Cell::text("是").alert(true),
            Some(false) => Cell::text("否"),
            None => Cell::empty(),
        },
        "remark" => text(row.remark.as_deref()),
        other => return Err(ReportError::Columns(format!("no value for {other}"))),
    })
}

fn text(value: Option<&str>) -> Cell {
    value.map_or_else(Cell::empty, Cell::text)
}

fn moment(at: Option<Timestamp>) -> Cell {
    at.map_or_else(Cell::empty, |at| Cell::text(&time::shown(at)))
}

/// The deadline says in words that it has passed: the paper may be printed without colour.
fn deadline(at: Option<Timestamp>, overdue: Option<u32>) -> Cell {
    let shown = at.map(time::shown).unwrap_or_default();
    match overdue {
        Some(days) => Cell::text(format!("{shown}\n已逾期{days}天").trim_start()).alert(true),
        None => Cell::text(&shown),
    }
}

/// Six decimals are a tenth of a metre; the datum is never left out.
fn place(at: &LngLat) -> Cell {
    Cell::text(&format!(
        "{:.6}, {:.6}\n{}",
        at.lng_deg, at.lat_deg, at.datum
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;
    use crate::cell::Content;

    fn value(row: &Row, key: &str, full_phones: bool) -> Cell {
        let catalogue = Catalogue::load().unwrap();
        let column = catalogue.all().iter().find(|c| c.key == key).unwrap();
        cell(row, column, 7, full_phones).unwrap()
    }

    #[test]
    fn every_column_of_the_table_has_a_value() {
        for column in Catalogue::load().unwrap().all() {
            cell(&Row::default(), column, 1, false).unwrap();
        }
    }

    #[test]
    fn rows_without_a_number_get_the_running_one() {
        assert_eq!(value(&Row::default(), "seq", false), Cell::number(7));
        let row = Row {
            seq: Some(3),
            ..Row::default()
        };
        assert_eq!(value(&row, "seq", false), Cell::number(3));
    }

    #[test]
    fn a_passed_deadline_says_so_in_words() {
        let row = Row {
            deadline_at: Some("2026-03-05T10:00:00Z".parse().unwrap()),
            overdue_days: Some(3),
            ..Row::default()
        };
        let cell = value(&row, "deadline_at", false);
        assert!(cell.alert);
        assert_eq!(
            cell.content,
            Content::Text("2026-03-05 18:00\n已逾期3天".into())
        );
    }

    #[test]
    fn a_telephone_number_is_whole_only_when_asked_for() {
        let row = Row {
            phone: Some("13812345678".into()),
            ..Row::default()
        };
        assert_eq!(value(&row, "phone", false), Cell::text("138****5678"));
        assert_eq!(value(&row, "phone", true), Cell::text("13812345678"));
    }

    #[test]
    fn coordinates_never_stand_without_their_datum() {
        let at = LngLat {
            lng_deg: 117.378_529,
            lat_deg: 49.597_841,
            datum: "WGS-84".into(),
        };
        let row = Row {
            lng_lat: Some(at),
            ..Row::default()
        };
        assert_eq!(
            value(&row, "lng_lat", false),
            Cell::text("117.378529, 49.597841\nWGS-84")
        );
    }
}
