//! The list itself: title, one line of facts, header, rows, a line to sign.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::{Overflow, ROW_MAX_PT, a4, footer_text};
use crate::cell::{Cell, Content};
use crate::layout::{self, Layout, REPEATED};
use crate::picture::{self, Hung};
use crate::spool::Spooled;
use crate::style::{self, LINE_PT, Styles};
use crate::{Column, ColumnKind, ListMeta, Picture, text, time};

const TITLE_ROW: u32 = 0;
const FACTS_ROW: u32 = 1;
const HEADER_ROW: u32 = 2;
/// Zero-based row of the first problem.
pub(crate) const FIRST_DATA_ROW: u32 = 3;
/// Space above and below a cell's text, in points.
const PAD_PT: f64 = 6.0;

/// What is counted while rows pass.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Totals {
    pub(crate) rows: u32,
    pub(crate) pictures: u32,
    pub(crate) missing: u32,
}

/// The sheet while it is made: first pictures hang on it, then the rows are written.
pub(crate) struct ListSheet<'a> {
    sheet: Worksheet,
    columns: &'a [Column],
    styles: &'a Styles,
}

impl<'a> ListSheet<'a> {
    pub(crate) fn new(
        workbook: &mut Workbook,
        name: &str,
        columns: &'a [Column],
        styles: &'a Styles,
    ) -> Result<Self, XlsxError> {
        let mut sheet = workbook.new_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        style::set_default_of(&mut sheet)?;
        Ok(ListSheet {
            sheet,
            columns,
            styles,
        })
    }

    /// Hangs the pictures of one cell of the `number`th row (one-based).
    pub(crate) fn hang(
        &mut self,
        number: u32,
        column: usize,
        pictures: &[Picture],
        cap: u32,
    ) -> Result<Hung, XlsxError> {
        let at = (FIRST_DATA_ROW + number - 1, col(column));
        picture::hang(&mut self.sheet, at, pictures, cap)
    }

    /// Page, widths and everything above the rows.
    pub(crate) fn begin(
        &mut self,
        layout: &Layout,
        meta: &ListMeta,
        title: &str,
        totals: Totals,
        overflow: &mut Overflow,
    ) -> Result<(), XlsxError> {
        for (n, width) in layout.widths_px.iter().enumerate() {
            self.sheet.set_column_width_pixels(col(n), *width)?;
        }
        let last = self.columns.len().saturating_sub(1);
        let left_end = layout.right_from.map_or(last, |n| n - 1);
        let title = text::clean(title);
        let title_units = f64::from(layout.span_units(0, left_end)) * 10.5 / style::TITLE_PT;
        let shown = overflow.fit(self.styles, (None, "标题"), &title, title_units as u32, 2)?;
        let facts = facts(meta, totals);
        let facts_units = layout.span_units(0, left_end);
        let facts = overflow.fit(self.styles, (None, "导出说明"), &facts, facts_units, 6)?;

        let title_lines = text::lines(&shown, title_units as u32);
        self.sheet
            .set_row_height(TITLE_ROW, f64::from(title_lines) * 34.0 + 8.0)?;
        self.across(TITLE_ROW, layout, &shown, "（续）", &self.styles.title)?;
        let facts_lines = text::lines(&facts, facts_units);
        self.sheet
            .set_row_height(FACTS_ROW, f64::from(facts_lines) * LINE_PT + PAD_PT)?;
        self.across(FACTS_ROW, layout, &facts, "", &self.styles.subline)?;

        let mut header_lines = 1;
        for (n, column) in self.columns.iter().enumerate() {
            header_lines = header_lines.max(text::lines(&column.header_zh, layout.units(n)));
        }
        self.sheet
            .set_row_height(HEADER_ROW, f64::from(header_lines) * LINE_PT + PAD_PT)?;
        for (n, column) in self.columns.iter().enumerate() {
            let header = &self.styles.header;
            self.sheet
                .write_string_with_format(HEADER_ROW, col(n), &column.header_zh, header)?;
        }
        Ok(())
    }

    /// One line over the whole width; on a document two pages wide it stands on both.
    fn across(
        &mut self,
        row: u32,
        layout: &Layout,
        text: &str,
        continued: &str,
        format: &rust_xlsxwriter::Format,
    ) -> Result<(), XlsxError> {
        let last = col(self.columns.len().saturating_sub(1));
        match layout.right_from {
            Some(right) => {
                self.sheet
                    .merge_range(row, 0, row, col(right) - 1, text, format)?;
                let again = format!("{text}{continued}");
                self.sheet
                    .merge_range(row, col(right), row, last, &again, format)?;
            }
            None => {
                self.sheet.merge_range(row, 0, row, last, text, format)?;
            }
        }
        Ok(())
    }

    /// Writes the `number`th row (one-based) and gives it the height its content needs.
    pub(crate) fn row(
        &mut self,
        number: u32,
        row: &Spooled,
        layout: &Layout,
        overflow: &mut Overflow,
    ) -> Result<(), XlsxError> {
        let at = FIRST_DATA_ROW + number - 1;
        let mut height_pt: f64 = 26.0;
        for (n, (column, cell)) in self.columns.iter().zip(&row.cells).enumerate() {
            let block_pt = match column.kind {
                ColumnKind::Images => f64::from(row.block_px) * 0.75,
                _ => 0.0,
            };
            let Content::Text(text) = &cell.content else {
                height_pt = height_pt.max(block_pt + PAD_PT);
                self.plain(at, n, cell)?;
                continue;
            };
            let width = layout.units(n);
            let max_lines = ((ROW_MAX_PT - PAD_PT - block_pt) / LINE_PT) as u32;
            let origin = (Some(row.seq), column.header_zh.as_str());
            let shown = overflow.fit(self.styles, origin, text, width, max_lines)?;
            let lines = f64::from(text::lines(&shown, width));
            height_pt = height_pt.max(block_pt + lines * LINE_PT + PAD_PT);
            self.text(at, n, &shown, cell.alert)?;
        }
        self.sheet.set_row_height(at, height_pt.min(ROW_MAX_PT))?;
        Ok(())
    }

    fn text(&mut self, at: u32, n: usize, shown: &str, alert: bool) -> Result<(), XlsxError> {
        let column = &self.columns[n];
        let as_text = text::looks_like_a_formula(shown);
        let format = match column.kind {
            ColumnKind::Images => &self.styles.caption,
            _ => self
                .styles
                .body(layout::is_sentence(&column.key), alert, as_text),
        };
        self.sheet
            .write_string_with_format(at, col(n), shown, format)?;
        Ok(())
    }

    fn plain(&mut self, at: u32, n: usize, cell: &Cell) -> Result<(), XlsxError> {
        let format = self.styles.body(false, cell.alert, false);
        match cell.content {
            Content::Number(number) => {
                self.sheet
                    .write_number_with_format(at, col(n), number, format)?;
            }
            _ => {
                self.sheet.write_blank(at, col(n), format)?;
            }
        }
        Ok(())
    }

    /// The line to sign, page set-up, filter, and the sheet into the workbook.
    pub(crate) fn close(
        mut self,
        workbook: &mut Workbook,
        layout: &Layout,
        meta: &ListMeta,
        totals: Totals,
    ) -> Result<(), XlsxError> {
        let last = col(self.columns.len().saturating_sub(1));
        let mut end = FIRST_DATA_ROW + totals.rows;
        if totals.rows == 0 {
            let empty = self.styles.body(false, false, false);
            self.sheet.set_row_height(end, 40.0)?;
            self.across(end, layout, "没有符合条件的问题", "", empty)?;
            end += 1;
        }
        let first = layout.right_from.map_or(0, col);
        let sign = "审核人：　　　　　　　　　　负责人（签字）：　　　　　　　　　　　　日期：　　　　年　　月　　日";
        self.sheet.set_row_height(end, 44.0)?;
        self.sheet
            .merge_range(end, first, end, last, sign, &self.styles.sign)?;

        a4(&mut self.sheet);
        self.sheet.set_landscape();
        self.sheet.set_print_area(TITLE_ROW, 0, end, last)?;
        self.sheet.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
        self.sheet.set_freeze_panes(FIRST_DATA_ROW, col(REPEATED))?;
        if totals.rows > 0 {
            self.sheet
                .autofilter(HEADER_ROW, 0, FIRST_DATA_ROW + totals.rows - 1, last)?;
        }
        match layout.right_from {
            Some(_) => {
                // Left and right page of the same rows follow each other out of the printer.
                self.sheet
                    .set_print_fit_to_pages(2, 0)
                    .set_page_order(false);
                self.sheet.set_repeat_columns(0, col(REPEATED) - 1)?;
            }
            None => {
                self.sheet.set_print_fit_to_pages(1, 0);
            }
        }
        self.sheet.set_footer(format!(
            "&L&9导出人：{}　共 {} 条，图片 {} 张&C&9第 &P 页，共 &N 页&R&9导出时间：{}",
            footer_text(&meta.exported_by, 30),
            totals.rows,
            totals.pictures,
            time::shown(meta.exported_at),
        ));
        workbook.push_worksheet(self.sheet);
        Ok(())
    }
}

/// The line under the title: everything one asks of a list before reading it.
fn facts(meta: &ListMeta, totals: Totals) -> String {
    let mut facts = Vec::new();
    if let Some(batch) = &meta.batch_no {
        facts.push(format!("批次：{batch}"));
    }
    facts.push(format!("导出人：{}", meta.exported_by));
    facts.push(format!("导出时间：{}", time::shown(meta.exported_at)));
    facts.push(format!(
        "共 {} 条，图片 {} 张",
        totals.rows, totals.pictures
    ));
    if totals.missing > 0 {
        facts.push(format!("另有 {} 张未放入", totals.missing));
    }
    if let Some(filter) = &meta.filter {
        facts.push(format!("筛选：{filter}"));
    }
    text::clean(&facts.join("　　"))
}

/// A document has some forty columns.
fn col(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}
