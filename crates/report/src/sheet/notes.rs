//! The sheet 说明: who exported what, how much, what is not in it, and where required fields are
//! blank. It travels with the list, so that nobody has to believe a list is complete.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::{Overflow, ROW_MAX_PT, Totals, a4};
use crate::style::{self, LINE_PT, Styles};
use crate::{Column, ListMeta, Required, text, time};

const NAME: &str = "说明";
const KEY_PX: u32 = 150;
const WORDS: u32 = 84;

/// Writes the sheet. `blank` has for each column the number of rows without a value; `continued`
/// is how many texts of rows are on the sheet 续文 so far.
pub(crate) fn write_notes(
    workbook: &mut Workbook,
    styles: &Styles,
    title: &str,
    meta: &ListMeta,
    totals: Totals,
    columns: (&[Column], &[u32], Option<&str>),
    overflow: &mut Overflow,
) -> Result<(), XlsxError> {
    let (columns, blank, left_out) = columns;
    let mut notes = vec![
        ("文件", title.to_owned()),
        ("城市", meta.city_name.clone()),
        (
            "批次/期号",
            meta.batch_no.clone().unwrap_or_else(|| "未指定".to_owned()),
        ),
        (
            "筛选条件",
            meta.filter.clone().unwrap_or_else(|| "全部".to_owned()),
        ),
        ("导出人", meta.exported_by.clone()),
        (
            "导出时间",
            format!("{}（UTC+8）", time::shown(meta.exported_at)),
        ),
        ("问题条数", totals.rows.to_string()),
        ("图片张数", totals.pictures.to_string()),
        (
            "未放入的图片",
            format!("{} 张（原因写在图片所在的格内）", totals.missing),
        ),
        (
            "过长的文字",
            "格内放不下的文字标有“全文见‘续文’”，全文在“续文”表".to_owned(),
        ),
    ];
    if let Some(header) = left_out {
        notes.push((header, "按导出设置未带出".to_owned()));
    }
    if columns.iter().any(|c| c.key == "phone") && !meta.full_phones {
        notes.push(("联系电话", "中间几位以 * 代替".to_owned()));
    }

    let mut sheet = Worksheet::new();
    sheet.set_name(NAME)?;
    style::set_default_of(&mut sheet)?;
    sheet
        .set_column_width_pixels(0, KEY_PX)?
        .set_column_width_pixels(1, WORDS * 7 + 5)?;
    let mut row = 0;
    for (key, words) in &notes {
        let words = text::clean(words);
        let words = overflow.fit(styles, (None, key), &words, WORDS, 20)?;
        let format = styles.body(true, false, text::looks_like_a_formula(&words));
        sheet.write_string_with_format(row, 0, *key, &styles.header)?;
        sheet.write_string_with_format(row, 1, &words, format)?;
        let lines = f64::from(text::lines(&words, WORDS));
        sheet.set_row_height(row, (lines * LINE_PT + 8.0).min(ROW_MAX_PT))?;
        row += 1;
    }
    row += 1;
    sheet.write_string_with_format(row, 0, "栏目", &styles.header)?;
    sheet.write_string_with_format(row, 1, "填写情况", &styles.header)?;
    for (column, blank) in columns.iter().zip(blank) {
        row += 1;
        sheet.set_row_height(row, LINE_PT + 4.0)?;
        let format = styles.body(true, false, false);
        sheet.write_string_with_format(row, 0, &column.header_zh, &styles.header)?;
        sheet.write_string_with_format(row, 1, filled(column.required, *blank), format)?;
    }
    a4(&mut sheet);
    sheet.set_print_fit_to_pages(1, 0);
    workbook.push_worksheet(sheet);
    Ok(())
}

fn filled(required: Required, blank: u32) -> String {
    let duty = match required {
        Required::Yes => "必填",
        Required::Later => "办理后必填",
        Required::No => "选填",
    };
    match blank {
        0 => format!("{duty}，无空白"),
        blank => format!("{duty}，{blank} 条空白"),
    }
}
