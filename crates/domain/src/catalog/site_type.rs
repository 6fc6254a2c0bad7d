//! 点位类型: 47 of them.

use super::{cell, rows};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// How a site lies on the ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Geometry {
    /// A place.
    Point,
    /// A street: start and end.
    Line,
    /// Moves (bus, taxi).
    None,
}

/// One type of site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SiteType {
    /// `BJXX`
    pub code: String,
    /// 背街小巷
    pub zh: String,
    /// back street & alley
    pub en: String,
    /// 街面
    pub group: String,
    /// How it is walked: 全段步行.
    pub method: String,
    /// Its geometry.
    pub geometry: Geometry,
}

/// All site types in the order of the table.
pub fn site_types() -> &'static [SiteType] {
    static TABLE: OnceLock<Vec<SiteType>> = OnceLock::new();
    TABLE.get_or_init(|| {
        rows(include_str!("../../data/point_types.csv"), |r| {
            let notes = cell(r, 7);
            let geometry = if notes.contains("线状") {
                Geometry::Line
            } else if notes.contains("无固定坐标") {
                Geometry::None
            } else {
                Geometry::Point
            };
            Some(SiteType {
                code: cell(r, 0),
                zh: cell(r, 1),
                en: cell(r, 2),
                group: cell(r, 5),
                method: cell(r, 6),
                geometry,
            })
        })
    })
}

/// The site type with this code.
#[must_use]
pub fn site_type(code: &str) -> Option<&'static SiteType> {
    site_types().iter().find(|t| t.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alley_is_a_line_a_taxi_has_no_place_a_market_is_a_point() {
        let of = |code| site_type(code).unwrap().geometry;
        assert_eq!(of("BJXX"), Geometry::Line);
        assert_eq!(of("CZC"), Geometry::None);
        assert_eq!(of("JMSC"), Geometry::Point);
    }
}
