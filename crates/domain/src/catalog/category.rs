//! 问题类别: 94 of them, with the department that usually leads and the usual deadline.

use super::{cell, rows};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// Where an unknown or retired category lands, with what was claimed kept beside it.
pub const FALLBACK_CATEGORY: &str = "Z99";

/// One category. Department and deadline are suggestions; the reviewer decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    /// `B01`
    pub code: String,
    /// 市容秩序
    pub group: String,
    /// 店外经营/占道经营
    pub zh: String,
    /// 行业主管责任
    pub lead_dept: String,
    /// 配合单位
    pub co_depts: String,
    /// 属地责任
    pub territorial: String,
    /// `L0`…`L5`
    pub deadline_class: String,
    /// 24小时
    pub default_deadline: String,
}

/// All categories in the order of the table.
pub fn categories() -> &'static [Category] {
    static TABLE: OnceLock<Vec<Category>> = OnceLock::new();
    TABLE.get_or_init(|| {
        rows(include_str!("../../data/problem_categories.csv"), |r| {
            Some(Category {
                code: cell(r, 0),
                group: cell(r, 1),
                zh: cell(r, 2),
                lead_dept: cell(r, 4),
                co_depts: cell(r, 5),
                territorial: cell(r, 6),
                deadline_class: cell(r, 7),
                default_deadline: cell(r, 8),
            })
        })
    })
}

/// The category with this code.
#[must_use]
pub fn category(code: &str) -> Option<&'static Category> {
    categories().iter().find(|c| c.code == code)
}
