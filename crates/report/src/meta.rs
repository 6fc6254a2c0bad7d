//! What stands around the rows: title, who exported, when, and what was left out on purpose.

use jiff::Timestamp;
use serde::Serialize;

/// Everything about a list that is not one of its rows.
#[derive(Debug, Clone, Serialize)]
pub struct ListMeta {
    /// The large line on top; None: city and document name.
    pub title: Option<String>,
    /// The city whose office exports, such as 满洲里市.
    pub city_name: String,
    /// Name of the person who exports; stands on every page.
    pub exported_by: String,
    /// When the export was asked for; shown in UTC+8.
    pub exported_at: Timestamp,
    /// 交办批次 or notice number, such as 第3期.
    pub batch_no: Option<String>,
    /// The filter in words, as the person saw it on the screen; None: everything.
    pub filter: Option<String>,
    /// Whether a document that has a coordinates column carries it. Off unless asked for: places
    /// leave the office only on purpose.
    pub coordinates: bool,
    /// Whether telephone numbers stand in full. Off: the middle digits are stars.
    pub full_phones: bool,
}
