//! The sheet 续文: texts too long for their cell, whole, in as many rows as they need.
//!
//! A row of a sheet is at most 409 points high and a cell at most 32,767 characters long; what is
//! beyond either would vanish from the paper or stop the export. It is kept here instead, and the
//! cell it came from says where.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::{ROW_MAX_PT, a4};
use crate::style::{self, LINE_PT, Styles};
use crate::text;

const NAME: &str = "续文";
/// Width of the column that holds the text, in units of half a Chinese character.
const WIDTH: u32 = 100;
const LINES: u32 = 24;

/// The sheet while it fills. It joins the workbook only when something is on it.
pub(crate) struct Overflow {
    sheet: Worksheet,
    texts: u32,
    next_row: u32,
}

impl Overflow {
    pub(crate) fn new(workbook: &mut Workbook) -> Result<Self, XlsxError> {
        let mut sheet = workbook.new_worksheet_with_constant_memory()?;
        sheet.set_name(NAME)?;
        style::set_default_of(&mut sheet)?;
        Ok(Overflow {
            sheet,
            texts: 0,
            next_row: 0,
        })
    }

    /// What a cell of `width` units and `max_lines` lines shows of `text`: all of it where it
    /// fits, else its beginning and a mark, the whole text being kept here. `seq` is the 序号 of
    /// the row, None for what stands above the rows.
    pub(crate) fn fit(
        &mut self,
        styles: &Styles,
        origin: (Option<u32>, &str),
        text: &str,
        width: u32,
        max_lines: u32,
    ) -> Result<String, XlsxError> {
        let (head, rest) = text::part(text, width, max_lines);
        if rest.is_empty() {
            return Ok(head.to_owned());
        }
        self.keep(styles, origin, text)?;
        let mark = format!("……〔全文见“{NAME}”第{}条〕", self.texts);
        let room = max_lines.saturating_sub(text::lines(&mark, width) + 1);
        if room == 0 {
            return Ok(mark);
        }
        let (head, _) = text::part(text, width, room);
        Ok(format!("{head}\n{mark}"))
    }

    fn keep(
        &mut self,
        styles: &Styles,
        (seq, column): (Option<u32>, &str),
        text: &str,
    ) -> Result<(), XlsxError> {
        if self.next_row == 0 {
            for (col, header) in (0..).zip(["条", "序号", "栏目", "段", "内容"]) {
                self.sheet
                    .write_string_with_format(0, col, header, &styles.header)?;
            }
            self.next_row = 1;
        }
        self.texts += 1;
        let mut rest = text;
        let mut piece = 0;
        while !rest.is_empty() {
            let (mut head, mut tail) = text::part(rest, WIDTH, LINES);
            // A line end at a piece's border is the border itself.
            if head.is_empty() {
                (head, tail) = rest.split_at(1);
            }
            piece += 1;
            self.write(styles, (seq, column), piece, head)?;
            rest = tail;
        }
        Ok(())
    }

    fn write(
        &mut self,
        styles: &Styles,
        (seq, column): (Option<u32>, &str),
        piece: u32,
        text: &str,
    ) -> Result<(), XlsxError> {
        let short = styles.body(false, false, false);
        let row = self.next_row;
        self.sheet
            .write_number_with_format(row, 0, self.texts, short)?;
        match seq {
            Some(seq) => self.sheet.write_number_with_format(row, 1, seq, short)?,
            None => self.sheet.write_string_with_format(row, 1, "表头", short)?,
        };
        self.sheet.write_string_with_format(row, 2, column, short)?;
        self.sheet.write_number_with_format(row, 3, piece, short)?;
        let long = styles.body(true, false, text::looks_like_a_formula(text));
        self.sheet.write_string_with_format(row, 4, text, long)?;
        let lines = f64::from(text::lines(text, WIDTH));
        self.sheet
            .set_row_height(row, (lines * LINE_PT + 6.0).min(ROW_MAX_PT))?;
        self.next_row += 1;
        Ok(())
    }

    /// Puts the sheet into the workbook if it has anything; returns how many texts it holds.
    pub(crate) fn close(mut self, workbook: &mut Workbook) -> Result<u32, XlsxError> {
        if self.texts > 0 {
            for (col, width_px) in (0..).zip([40, 50, 110, 40, WIDTH * 7 + 5]) {
                self.sheet.set_column_width_pixels(col, width_px)?;
            }
            a4(&mut self.sheet);
            self.sheet.set_landscape().set_print_fit_to_pages(1, 0);
            self.sheet.set_repeat_rows(0, 0)?.set_freeze_panes(1, 0)?;
            self.sheet.set_footer("&C第 &P 页，共 &N 页");
            workbook.push_worksheet(self.sheet);
        }
        Ok(self.texts)
    }
}
