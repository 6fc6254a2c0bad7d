//! Widths, so that the paper can be read.
//!
//! Document A is one A4 page wide. The ledger has about forty columns, which on one page would be
//! under four points; it is two pages wide: the problem with both sets of pictures on the left,
//! the responsibility and the rectification on the right, 序号 and 问题编号 repeated. The halves
//! are made equally wide, so that the page breaks exactly between them.

use crate::picture::SLOT_W;
use crate::{Column, ColumnKind, DocumentKind};

/// One unit is half a Chinese character of the body's 五号 type, 7 sheet pixels.
const UNIT_PX: u32 = 7;
/// What a cell keeps for its own margins.
const PAD_PX: u32 = 5;
/// Columns that every page of the ledger repeats.
pub(crate) const REPEATED: usize = 2;
/// No column of text grows beyond this when the halves are balanced.
const WIDEST_UNITS: u32 = 90;

/// How a document lies on its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Width of each column in sheet pixels.
    pub(crate) widths_px: Vec<u32>,
    /// First column of the right-hand page, for a document two pages wide.
    pub(crate) right_from: Option<usize>,
}

impl Layout {
    /// Lays out `columns`; `across` has for each the most pictures that stand side by side.
    pub(crate) fn new(document: DocumentKind, columns: &[Column], across: &[u32]) -> Self {
        let mut widths_px: Vec<u32> = columns
            .iter()
            .zip(across)
            .map(|(column, across)| match column.kind {
                ColumnKind::Images => SLOT_W * (*across).max(1) + 2 * PAD_PX,
                _ => units(&column.key) * UNIT_PX + PAD_PX,
            })
            .collect();
        let last_images = columns.iter().rposition(|c| c.kind == ColumnKind::Images);
        let right_from = match (document, last_images) {
            (DocumentKind::B, Some(at)) if at + 1 < columns.len() => Some(at + 1),
            _ => None,
        };
        if let Some(right_from) = right_from {
            balance(&mut widths_px, columns, right_from);
        }
        Layout {
            widths_px,
            right_from,
        }
    }

    /// Width of a column in units, for measuring text.
    pub(crate) fn units(&self, column: usize) -> u32 {
        self.span_units(column, column)
    }

    /// Width of the columns `first..=last` taken together, in units.
    pub(crate) fn span_units(&self, first: usize, last: usize) -> u32 {
        let px: u32 = self.widths_px.iter().take(last + 1).skip(first).sum();
        px.saturating_sub(PAD_PX) / UNIT_PX
    }
}

/// Most pictures side by side in one cell.
pub(crate) fn pictures_across(document: DocumentKind) -> u32 {
    match document {
        DocumentKind::A | DocumentKind::B => 2,
    }
}

/// Widens the long texts of the narrower half until both are equal, the left one by a hair the
/// wider, so that the print breaks after it and not before.
fn balance(widths_px: &mut [u32], columns: &[Column], right_from: usize) {
    let repeated: u32 = widths_px.iter().take(REPEATED).sum();
    let left: u32 = widths_px.iter().take(right_from).sum();
    let right: u32 = repeated + widths_px.iter().skip(right_from).sum::<u32>();
    let (range, mut lacking) = if left < right {
        (0..right_from, right - left + 2)
    } else {
        (right_from..columns.len(), (left - right).saturating_sub(2))
    };
    let long: Vec<usize> = range.filter(|n| is_long(&columns[*n].key)).collect();
    for (done, n) in long.iter().enumerate() {
        let share = lacking / (long.len() - done) as u32;
        let share = share.min((WIDEST_UNITS * UNIT_PX).saturating_sub(widths_px[*n]));
        widths_px[*n] += share;
        lacking -= share;
    }
}

fn is_long(key: &str) -> bool {
    matches!(
        key,
        "location_desc" | "indicator" | "description" | "measure" | "rect_result" | "remark"
    )
}

/// Width of a column without pictures, in units. A moment needs ten for its day.
fn units(key: &str) -> u32 {
    match key {
        "seq" => 5,
        "overdue_days" | "urge_count" | "card" | "recurrence" | "severity" => 6,
        "round" | "point_type" | "inspector" | "resp_leader" | "resp_person" => 8,
        "deadline_class" | "rect_status" | "rechecker" | "recheck_result" => 8,
        "batch_no" | "lead_unit" | "resp_unit" | "co_units" | "territory" => 9,
        "category" | "point_name" => 10,
        "remark" => 9,
        "issue_no" | "phone" => 12,
        "lng_lat" => 13,
        "indicator" => 14,
        "location_desc" | "requirement" => 16,
        "rect_result" => 18,
        "measure" => 22,
        "description" => 26,
        _ => 11,
    }
}

/// Where a cell's text stands: short words and numbers in the middle, sentences from the left.
pub(crate) fn is_sentence(key: &str) -> bool {
    is_long(key) || key == "requirement"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;

    #[test]
    fn the_ledgers_halves_are_equal_however_many_pictures_there_are() {
        let columns = Catalogue::load().unwrap().of(DocumentKind::B);
        for most in 0..=2 {
            let layout = Layout::new(DocumentKind::B, &columns, &vec![most; columns.len()]);
            let at = layout.right_from.unwrap();
            assert_eq!(columns[at - 1].key, "photos_after");
            let repeated: u32 = layout.widths_px[..REPEATED].iter().sum();
            let left: u32 = layout.widths_px[..at].iter().sum();
            let right = repeated + layout.widths_px[at..].iter().sum::<u32>();
            assert_eq!(left, right + 2, "with {most} side by side");
        }
    }

    #[test]
    fn a_list_for_units_is_one_page_wide() {
        let columns = Catalogue::load().unwrap().of(DocumentKind::A);
        let layout = Layout::new(DocumentKind::A, &columns, &vec![1; columns.len()]);
        assert_eq!(layout.right_from, None);
    }
}
