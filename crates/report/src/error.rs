//! What can go wrong while a list is made. Each text says what happened and what to do.

use std::path::PathBuf;

/// Why no list was written. Nothing is left at the target when one of these is returned by
/// [`crate::write_list`].
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The caller's rows could not be read to the end.
    #[error(
        "第 {row} 行没有读出来，清单没有生成，数据没有改动；请重试 (row {row} could not be read, no list was made; try again)"
    )]
    Source {
        /// One-based number of the row that was asked for.
        row: u32,
        /// What the iterator said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// More rows than one worksheet can hold.
    #[error(
        "一张表最多 {limit} 行，请加筛选条件分几次导出 (one sheet holds {limit} rows; export in parts)"
    )]
    TooManyRows {
        /// How many problems fit on one sheet.
        limit: u32,
    },
    /// The built-in table of columns and this crate do not agree: a fault of the build.
    #[error(
        "栏目表有误：{0}；请更换程序 (the built-in table of columns is wrong; replace the program)"
    )]
    Columns(String),
    /// The scratch file could not be written or read back.
    #[error(
        "临时文件写不了，请检查磁盘空间后重试 (scratch file failed; check the free space, try again)"
    )]
    Scratch(#[source] std::io::Error),
    /// A row could not be put on the scratch file or taken from it.
    #[error("临时文件内容有误，请重试 (scratch file does not read back; try again)")]
    ScratchContent(#[source] serde_json::Error),
    /// The target could not be written.
    #[error("文件写不到 {}，请检查目录和磁盘空间后重试 (cannot write there; check folder and free space)", path.display())]
    Target {
        /// Where the list should have gone.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The spreadsheet writer refused something or could not write.
    #[error("表格没有写成，请重试 (the spreadsheet could not be written; try again)")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}
