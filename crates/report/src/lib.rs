//! Rectification papers as spreadsheets: 交办问题清单 (document A) and 整改台账 (document B).
//!
//! An office prints these, signs them and sends them on, so the file has to be complete and say
//! how complete it is. The way of a list:
//!
//! 1. The columns come from `data/rectification_columns.csv` ([`Catalogue`]): which there are,
//!    their headers and order, which document carries them, which are required.
//! 2. The caller streams [`Row`]s. Each is put on a scratch file at once and its pictures are
//!    hung on the sheet; after the last one the numbers of rows and pictures are known.
//! 3. The sheet is written from the scratch file, its totals on top, with the workbook in
//!    constant-memory mode. Only the pictures stay in memory, about two times their bytes when
//!    the file is closed.
//! 4. A sheet 说明 says who exported what, when, how much of it, and what is not in it.
//!
//! What happens when something is wrong: a picture that cannot be read becomes a line of text in
//! its cell and is counted; a text too long for its cell stays whole on the sheet 续文, with a mark
//! where it was; a text that looks like a formula stays text. An error of the caller's iterator,
//! of the scratch file or of the target ends the export, and [`write_list`] leaves no half file.
#![forbid(unsafe_code)]

mod cell;
mod columns;
mod error;
mod layout;
mod meta;
mod phone;
mod picture;
mod row;
mod sheet;
mod spool;
mod style;
mod text;
mod time;
mod value;
mod write;

pub use columns::{Catalogue, Column, ColumnKind, DocumentKind, Required};
pub use error::ReportError;
pub use meta::ListMeta;
pub use row::{LngLat, Picture, Row};
pub use write::{Written, write_list, write_list_to};
