//! Areas, units and sites: what the office knows of its city.

use super::{Fault, name, text};
use crate::store::{
    Tx,
    directory::{Area, Site, Unit},
};
use serde::Deserialize;
use utoipa::ToSchema;
use zhicha_domain::{
    catalog::site_type,
    ids::{AreaId, SiteId, UnitId},
};

/// The levels of the area tree.
const LEVELS: [&str; 5] = ["city", "district", "subdistrict", "community", "grid"];

/// A new area.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewArea {
    /// The node above.
    parent: Option<AreaId>,
    /// 道北街道
    name: String,
    /// `city`, `district`, `subdistrict`, `community`, `grid`
    level: String,
}

/// A new unit.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewUnit {
    /// 城市管理局
    name: String,
    /// 责任领导
    #[serde(default)]
    leader: String,
    /// 责任人
    #[serde(default)]
    contact: String,
    /// 联系电话
    #[serde(default)]
    phone: String,
}

/// A new site.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSite {
    /// Its area.
    area: AreaId,
    /// 道北集贸市场
    name: String,
    /// `JMSC`
    site_type: String,
    /// Where it is, in words.
    #[serde(default)]
    address: String,
    /// Latitude, degrees, WGS-84.
    lat: Option<f64>,
    /// Longitude, degrees, WGS-84.
    lon: Option<f64>,
}

/// Adds an area.
///
/// # Errors
/// [`Fault`].
pub fn add_area(tx: &Tx<'_>, new: NewArea, area: AreaId) -> Result<Area, Fault> {
    let name = name(&new.name, "区划名称", "the area's name")?;
    if !LEVELS.contains(&new.level.as_str()) {
        return Err(Fault::invalid(
            "level",
            "区划级别不对：可用 city、district、subdistrict、community、grid",
            "level is one of city, district, subdistrict, community, grid",
        ));
    }
    if let Some(parent) = new.parent
        && !tx.has_area(parent)?
    {
        return Err(no_area());
    }
    let area = Area {
        area,
        parent: new.parent,
        name,
        level: new.level,
    };
    tx.insert_area(&area)?;
    Ok(area)
}

fn no_area() -> Fault {
    Fault::invalid(
        "area",
        "没有这个区划，请刷新后再选",
        "there is no such area",
    )
}

/// Adds a unit.
///
/// # Errors
/// [`Fault`].
pub fn add_unit(tx: &Tx<'_>, new: &NewUnit, unit: UnitId) -> Result<Unit, Fault> {
    let unit = Unit {
        unit,
        name: name(&new.name, "单位名称", "the unit's name")?,
        leader: text(&new.leader)?,
        contact: text(&new.contact)?,
        phone: text(&new.phone)?,
    };
    if !tx.insert_unit(&unit)? {
        return Err(Fault::conflict(
            "name_taken",
            format!("已有单位「{}」，没有重复建", unit.name),
            "a unit of this name is there already",
        ));
    }
    Ok(unit)
}

/// Adds a site.
///
/// # Errors
/// [`Fault`].
pub fn add_site(tx: &Tx<'_>, new: NewSite, site: SiteId) -> Result<Site, Fault> {
    let name = name(&new.name, "点位名称", "the site's name")?;
    if site_type(&new.site_type).is_none() {
        return Err(Fault::invalid(
            "site_type",
            format!("没有点位类型「{}」，请从目录里选", new.site_type),
            "there is no such site type; choose from the catalog",
        ));
    }
    let place = match (new.lat, new.lon) {
        (None, None) => true,
        (Some(lat), Some(lon)) => lat.abs() <= 90.0 && lon.abs() <= 180.0,
        _ => false,
    };
    if !place {
        return Err(Fault::invalid(
            "coordinates",
            "坐标不对：纬度 -90 到 90，经度 -180 到 180，两个都要有",
            "latitude within ±90 and longitude within ±180, both or neither",
        ));
    }
    if !tx.has_area(new.area)? {
        return Err(no_area());
    }
    let site = Site {
        site,
        area: new.area,
        name,
        site_type: new.site_type,
        address: text(&new.address)?,
        lat: new.lat,
        lon: new.lon,
    };
    tx.insert_site(&site)?;
    Ok(site)
}
