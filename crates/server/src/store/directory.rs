//! Areas, units and sites.

use super::{StoreError, Tx, read, read_some};
use rusqlite::{Connection, params};
use serde::Serialize;
use utoipa::ToSchema;
use zhicha_domain::ids::{AreaId, CityId, SiteId, UnitId};

/// 区划: a node of the tree.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Area {
    /// Its id.
    pub area: AreaId,
    /// The node above; none at the root.
    pub parent: Option<AreaId>,
    /// 道北街道
    pub name: String,
    /// `city`, `district`, `subdistrict`, `community`, `grid`
    pub level: String,
}

/// 责任单位
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Unit {
    /// Its id.
    pub unit: UnitId,
    /// 城市管理局
    pub name: String,
    /// 责任领导
    pub leader: String,
    /// 责任人
    pub contact: String,
    /// 联系电话
    pub phone: String,
}

/// 点位
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Site {
    /// Its id.
    pub site: SiteId,
    /// Its area.
    pub area: AreaId,
    /// 道北集贸市场
    pub name: String,
    /// `JMSC`
    pub site_type: String,
    /// Where it is, in words.
    pub address: String,
    /// Latitude, degrees, WGS-84.
    pub lat: Option<f64>,
    /// Longitude, degrees, WGS-84.
    pub lon: Option<f64>,
}

/// All areas, by name.
///
/// # Errors
/// [`StoreError`].
pub fn areas(db: &Connection, city: CityId) -> Result<Vec<Area>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT area_id, parent_id, name, level FROM areas WHERE city_id = $1 ORDER BY name",
    )?;
    let mut rows = find.query(params![city.to_string()])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        found.push(Area {
            area: read(r.get_ref(0)?.as_str().unwrap_or_default())?,
            parent: read_some(r.get::<_, Option<String>>(1)?.as_deref())?,
            name: r.get(2)?,
            level: r.get(3)?,
        });
    }
    Ok(found)
}

/// All units, by name.
///
/// # Errors
/// [`StoreError`].
pub fn units(db: &Connection, city: CityId) -> Result<Vec<Unit>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT unit_id, name, leader, contact, phone FROM units WHERE city_id = $1 ORDER BY name",
    )?;
    let mut rows = find.query(params![city.to_string()])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        found.push(Unit {
            unit: read(r.get_ref(0)?.as_str().unwrap_or_default())?,
            name: r.get(1)?,
            leader: r.get(2)?,
            contact: r.get(3)?,
            phone: r.get(4)?,
        });
    }
    Ok(found)
}

/// All sites, by name.
///
/// # Errors
/// [`StoreError`].
pub fn sites(db: &Connection, city: CityId) -> Result<Vec<Site>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT site_id, area_id, name, site_type, address, lat, lon FROM sites
         WHERE city_id = $1 ORDER BY name",
    )?;
    let mut rows = find.query(params![city.to_string()])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        found.push(site(r)?);
    }
    Ok(found)
}

fn site(r: &rusqlite::Row<'_>) -> Result<Site, StoreError> {
    Ok(Site {
        site: read(r.get_ref(0)?.as_str().unwrap_or_default())?,
        area: read(r.get_ref(1)?.as_str().unwrap_or_default())?,
        name: r.get(2)?,
        site_type: r.get(3)?,
        address: r.get(4)?,
        lat: r.get(5)?,
        lon: r.get(6)?,
    })
}

impl Tx<'_> {
    /// Adds an area.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_area(&self, a: &Area) -> Result<(), StoreError> {
        self.db.execute(
            "INSERT INTO areas (city_id, area_id, parent_id, name, level)
             VALUES ($1, $2, $3, $4, $5)",
            params![
                self.city.to_string(),
                a.area.to_string(),
                a.parent.map(|p| p.to_string()),
                a.name,
                a.level
            ],
        )?;
        Ok(())
    }

    /// Whether there is such an area.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has_area(&self, area: AreaId) -> Result<bool, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT 1 FROM areas WHERE city_id = $1 AND area_id = $2")?
            .exists(params![self.city.to_string(), area.to_string()])?)
    }

    /// Adds a unit; `false` when the name is taken.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_unit(&self, u: &Unit) -> Result<bool, StoreError> {
        let added = self.db.execute(
            "INSERT INTO units (city_id, unit_id, name, leader, contact, phone)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (city_id, name) DO NOTHING",
            params![
                self.city.to_string(),
                u.unit.to_string(),
                u.name,
                u.leader,
                u.contact,
                u.phone
            ],
        )?;
        Ok(added == 1)
    }

    /// Whether there is such a unit.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has_unit(&self, unit: UnitId) -> Result<bool, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT 1 FROM units WHERE city_id = $1 AND unit_id = $2")?
            .exists(params![self.city.to_string(), unit.to_string()])?)
    }

    /// Adds a site.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn insert_site(&self, s: &Site) -> Result<(), StoreError> {
        self.db.execute(
            "INSERT INTO sites (city_id, site_id, area_id, name, site_type, address, lat, lon)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![
                self.city.to_string(),
                s.site.to_string(),
                s.area.to_string(),
                s.name,
                s.site_type,
                s.address,
                s.lat,
                s.lon
            ],
        )?;
        Ok(())
    }

    /// A site with the name of its area.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn site(&self, id: SiteId) -> Result<Option<(Site, String)>, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT s.site_id, s.area_id, s.name, s.site_type, s.address, s.lat, s.lon, a.name
             FROM sites s JOIN areas a ON a.city_id = s.city_id AND a.area_id = s.area_id
             WHERE s.city_id = $1 AND s.site_id = $2",
        )?;
        let mut rows = find.query(params![self.city.to_string(), id.to_string()])?;
        match rows.next()? {
            Some(r) => Ok(Some((site(r)?, r.get(7)?))),
            None => Ok(None),
        }
    }
}
