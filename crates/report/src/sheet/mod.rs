//! The sheets of a workbook: the list itself, 续文 for texts too long for a cell, 说明.

mod list;
mod notes;
mod overflow;

pub(crate) use list::{FIRST_DATA_ROW, ListSheet, Totals};
pub(crate) use notes::write_notes;
pub(crate) use overflow::Overflow;

use rust_xlsxwriter::Worksheet;

/// Excel's tallest row, in points.
const ROW_MAX_PT: f64 = 409.0;

/// A4 with the margins, so that the numbers stand once.
fn a4(sheet: &mut Worksheet) {
    sheet
        .set_paper_size(9)
        .set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_print_center_horizontally(true);
}

/// A footer's text: at most `most` characters, with the one character that has a meaning there
/// doubled.
fn footer_text(text: &str, most: usize) -> String {
    let text = crate::text::clean(text).replace('\n', " ");
    let mut short: String = text.chars().take(most).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::footer_text;

    #[test]
    fn a_name_cannot_command_the_footer_and_a_cut_one_shows_it() {
        assert_eq!(footer_text("张&P\n三", 10), "张&&P 三");
        assert_eq!(footer_text("一二三四", 2), "一二…");
    }
}
