//! From rows to a finished file.

use std::io::{Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::cell::Cell;
use crate::layout::{Layout, pictures_across};
use crate::sheet::{FIRST_DATA_ROW, ListSheet, Overflow, Totals, write_notes};
use crate::spool::{Spool, Spooled};
use crate::style::Styles;
use crate::{
    Catalogue, Column, ColumnKind, DocumentKind, ListMeta, Picture, ReportError, Row, style, text,
    value,
};

/// Problems on one sheet: Excel's 1,048,576 rows less room for what stands around them.
const ROWS_MAX: u32 = 1_048_000 - FIRST_DATA_ROW;

/// How much went into a finished list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Problems.
    pub rows: u32,
    /// Pictures that hang on the sheet.
    pub pictures: u32,
    /// Pictures that do not; their cells say why.
    pub missing: u32,
    /// Texts that are whole only on the sheet 续文.
    pub continued: u32,
}

/// Writes one document to `out`. The file appears there complete or not at all; one that was
/// there before is replaced. Scratch files lie in the same folder and have no name for others.
///
/// Memory: one row at a time, and every picture's bytes until the file is closed, about twice.
///
/// # Errors
/// See [`ReportError`]; nothing is left at `out` then, and what was there before stays.
pub fn write_list<E>(
    kind: DocumentKind,
    meta: &ListMeta,
    rows: impl IntoIterator<Item = Result<Row, E>>,
    out: &Path,
) -> Result<Written, ReportError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let target = |source| ReportError::Target {
        path: out.to_owned(),
        source,
    };
    let folder = match out.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(target)?;
    let written = write_list_to(kind, meta, rows, file.as_file_mut(), Some(folder))?;
    file.as_file().sync_all().map_err(target)?;
    file.persist(out).map_err(|e| target(e.error))?;
    Ok(written)
}

/// Writes one document to anything that can be written and searched. `scratch` is the folder for
/// scratch files; None: the system's.
///
/// # Errors
/// See [`ReportError`]; `out` may then hold a part that is no workbook.
pub fn write_list_to<E, W>(
    kind: DocumentKind,
    meta: &ListMeta,
    rows: impl IntoIterator<Item = Result<Row, E>>,
    out: W,
    scratch: Option<&Path>,
) -> Result<Written, ReportError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
    W: Write + Seek + Send,
{
    let catalogue = Catalogue::load()?;
    let document = catalogue.document_name(kind)?;
    let title = meta
        .title
        .clone()
        .unwrap_or_else(|| format!("{}{document}", meta.city_name));
    let mut columns = catalogue.of(kind);
    let left_out = leave_out_coordinates(&mut columns, meta.coordinates);

    let mut workbook = Workbook::new();
    style::set_default(&mut workbook)?;
    if let Some(folder) = scratch {
        workbook.set_tempdir(folder)?;
    }
    let styles = Styles::new();
    let mut list = ListSheet::new(&mut workbook, document, &columns, &styles)?;
    let gathered = gather(
        kind,
        meta,
        rows,
        &columns,
        &mut list,
        Spool::create(scratch)?,
    )?;
    let totals = gathered.totals;

    let layout = Layout::new(kind, &columns, &gathered.across);
    contained(|| {
        let mut overflow = Overflow::new(&mut workbook)?;
        list.begin(&layout, meta, &title, totals, &mut overflow)?;
        for (number, row) in (1..).zip(gathered.spool.read_back()?) {
            list.row(number, &row?, &layout, &mut overflow)?;
        }
        list.close(&mut workbook, &layout, meta, totals)?;
        let about = (
            columns.as_slice(),
            gathered.blank.as_slice(),
            left_out.as_deref(),
        );
        write_notes(
            &mut workbook,
            &styles,
            &title,
            meta,
            totals,
            about,
            &mut overflow,
        )?;
        let continued = overflow.close(&mut workbook)?;
        workbook.set_properties(&properties(meta, &title, totals)?);
        workbook.save_to_writer(out)?;
        let Totals {
            rows,
            pictures,
            missing,
        } = totals;
        Ok(Written {
            rows,
            pictures,
            missing,
            continued,
        })
    })
}

/// The spreadsheet library panics when its scratch file cannot be written, as on a full disk.
/// No code of the caller but the target's `Write` runs inside `write`, so that a panic here is
/// the library's; everything it held is dropped with it.
fn contained<T>(write: impl FnOnce() -> Result<T, ReportError>) -> Result<T, ReportError> {
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(result) => result,
        Err(_) => {
            let what = "the spreadsheet library could not write its scratch file";
            Err(ReportError::Scratch(std::io::Error::other(what)))
        }
    }
}

/// Everything known after the last row has come.
struct Gathered {
    spool: Spool,
    totals: Totals,
    /// Per column: most pictures side by side.
    across: Vec<u32>,
    /// Per column: rows without a value.
    blank: Vec<u32>,
}

fn gather<E>(
    kind: DocumentKind,
    meta: &ListMeta,
    rows: impl IntoIterator<Item = Result<Row, E>>,
    columns: &[Column],
    list: &mut ListSheet<'_>,
    mut spool: Spool,
) -> Result<Gathered, ReportError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let cap = pictures_across(kind);
    let mut totals = Totals::default();
    let mut across = vec![0; columns.len()];
    let mut blank = vec![0; columns.len()];
    for (number, row) in (1..).zip(rows) {
        let row = row.map_err(|e| ReportError::Source {
            row: number,
            source: e.into(),
        })?;
        if number > ROWS_MAX {
            return Err(ReportError::TooManyRows { limit: ROWS_MAX });
        }
        totals.rows = number;
        let mut cells = Vec::with_capacity(columns.len());
        let mut block_px = 0;
        for (n, column) in columns.iter().enumerate() {
            let cell = match pictures_of(&row, column) {
                Some(pictures) => {
                    let hung = list.hang(number, n, pictures, cap)?;
                    totals.pictures += hung.placed;
                    totals.missing += hung.unplaced;
                    across[n] = across[n].max(hung.across);
                    block_px = block_px.max(hung.block_px);
                    blank[n] += u32::from(hung.placed == 0);
                    Cell::text(&hung.captions)
                }
                None => {
                    let cell = value::cell(&row, column, number, meta.full_phones)?;
                    blank[n] += u32::from(cell.is_empty());
                    cell
                }
            };
            cells.push(cell);
        }
        spool.push(&Spooled {
            seq: row.seq.unwrap_or(number),
            cells,
            block_px,
        })?;
    }
    Ok(Gathered {
        spool,
        totals,
        across,
        blank,
    })
}

fn pictures_of<'a>(row: &'a Row, column: &Column) -> Option<&'a [Picture]> {
    match column.key.as_str() {
        "photos_before" => Some(&row.photos_before),
        "photos_after" => Some(&row.photos_after),
        _ => None,
    }
}

/// Takes the coordinates out unless they were asked for; returns the header that went.
fn leave_out_coordinates(columns: &mut Vec<Column>, wanted: bool) -> Option<String> {
    let at = columns
        .iter()
        .position(|c| c.kind == ColumnKind::Geo)
        .filter(|_| !wanted)?;
    Some(columns.remove(at).header_zh)
}

/// What a file manager shows. The creation time is the export's, so that the same rows make the
/// same file.
fn properties(
    meta: &ListMeta,
    title: &str,
    totals: Totals,
) -> Result<DocProperties, rust_xlsxwriter::XlsxError> {
    let short = |s: &str| text::clean(s).chars().take(200).collect::<String>();
    let properties = DocProperties::new()
        .set_title(short(title))
        .set_author(short(&meta.exported_by))
        .set_company(short(&meta.city_name))
        .set_comment(format!(
            "共 {} 条，图片 {} 张",
            totals.rows, totals.pictures
        ));
    // Excel knows no time before 1900; such a clock leaves the field to the library's default.
    Ok(
        match ExcelDateTime::from_timestamp(meta.exported_at.as_second()) {
            Ok(at) => properties.set_creation_datetime(&at),
            Err(_) => properties,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_panics_on_a_full_disk_becomes_an_error() {
        let result = contained(|| -> Result<(), _> { panic!("Couldn't write to xml file") });
        assert!(matches!(result, Err(ReportError::Scratch(_))));
        assert_eq!(contained(|| Ok(3)).unwrap(), 3);
    }
}
