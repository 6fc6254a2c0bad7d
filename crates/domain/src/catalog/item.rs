//! 测评项: what is looked at, against which standard, and what does not count.

use super::{cell, rows};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, sync::OnceLock};

/// The edition these items belong to: 本市模板 v1.
pub const MANUAL_EDITION: &str = "v1";

/// How an item is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scale {
    /// 符合/基本符合/不符合
    G3,
    /// 符合/不符合
    O,
    /// A quantity against the standard
    Q,
    /// m of n
    R,
    /// Occurrences
    C,
}

/// One item of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// `BJXX-07`
    pub code: String,
    /// 环境
    pub group: String,
    /// 垃圾收集设施
    pub content: String,
    /// What holds when it is compliant.
    pub standard: String,
    /// 观察, 计数, 5分钟计数 …
    pub method: String,
    /// How it is answered.
    pub scale: Scale,
    /// Category a problem found here gets first.
    pub category: String,
    /// 不计入 and other remarks, shown above the answer.
    pub not_counted: String,
}

type Table = HashMap<String, Vec<Item>>;

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::new();
        let all = rows(include_str!("../../data/checklists.csv"), |r| {
            let scale = match cell(r, 7).as_str() {
                "G3" => Scale::G3,
                "O" => Scale::O,
                "Q" => Scale::Q,
                "R" => Scale::R,
                "C" => Scale::C,
                _ => return None,
            };
            let item = Item {
                code: cell(r, 0),
                group: cell(r, 3),
                content: cell(r, 4),
                standard: cell(r, 5),
                method: cell(r, 6),
                scale,
                category: cell(r, 8),
                not_counted: cell(r, 9),
            };
            Some((cell(r, 1), item))
        });
        for (site_type, item) in all {
            table.entry(site_type).or_default().push(item);
        }
        table
    })
}

/// The table whose items a site type uses. Where the manual prints one list for several types
/// (小区/老旧小区, 公园/公共广场, 政务大厅/窗口单位), all of them use it.
fn list_of(site_type: &str) -> &str {
    match site_type {
        "LJXQ" => "XQ",
        "GY" => "GGGC",
        "YHWD" | "CKDW" => "ZWDT",
        own => own,
    }
}

/// Whether the type has a list under its own code.
#[cfg(test)]
pub(super) fn has_own_checklist(site_type: &str) -> bool {
    list_of(site_type) == site_type
}

/// The items of a site type, in order; empty where the manual has none yet.
#[must_use]
pub fn checklist(site_type: &str) -> &'static [Item] {
    table().get(list_of(site_type)).map_or(&[], Vec::as_slice)
}

/// The item with this code, whatever list it stands in.
#[must_use]
pub fn item(code: &str) -> Option<&'static Item> {
    let (list, _) = code.split_once('-')?;
    table().get(list)?.iter().find(|i| i.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_compound_uses_the_compounds_list() {
        assert_eq!(checklist("LJXQ").len(), 24);
        assert_eq!(checklist("LJXQ")[0].code, "XQ-01");
        assert!(checklist("QT").is_empty());
    }

    #[test]
    fn the_exemption_stands_on_the_item() {
        let item = item("BJXX-10").unwrap();
        assert_eq!(item.scale, Scale::C);
        assert!(item.not_counted.contains("统一划线内"));
    }
}
