//! The sample city: a small Manzhouli, put in through the office's own routes.

use crate::{
    office::{PASSWORD, Person},
    phone::text,
};
use anyhow::Context as _;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;

const SAMPLE: &str = include_str!("../data/manzhouli.json");

#[derive(Deserialize)]
struct Sample {
    areas: Vec<Area>,
    units: Vec<String>,
    sites: Vec<Site>,
}

#[derive(Deserialize)]
struct Area {
    key: String,
    name: String,
    level: String,
    parent: Option<String>,
}

#[derive(Deserialize)]
struct Site {
    area: String,
    name: String,
    #[serde(rename = "type")]
    site_type: String,
    address: String,
    lat: f64,
    lon: f64,
}

/// Ids of what was put in, by name.
pub struct City {
    units: HashMap<String, String>,
    sites: HashMap<String, String>,
    people: HashMap<String, String>,
}

impl City {
    /// Puts areas, units, sites and people in.
    ///
    /// # Errors
    /// What the server answered.
    pub fn put_in(admin: &Person) -> anyhow::Result<Self> {
        let sample: Sample = serde_json::from_str(SAMPLE)?;
        let mut areas = HashMap::new();
        for a in &sample.areas {
            let parent = a.parent.as_ref().and_then(|p| areas.get(p)).cloned();
            let made = admin.post(
                "/v1/areas",
                &json!({"name": a.name, "level": a.level, "parent": parent}),
            )?;
            areas.insert(a.key.clone(), text(&made, "area")?);
        }
        let mut units = HashMap::new();
        for name in &sample.units {
            let made = admin.post(
                "/v1/units",
                &json!({"name": name, "leader": "分管负责人", "contact": "联络员", "phone": "0470-0000000"}),
            )?;
            units.insert(name.clone(), text(&made, "unit")?);
        }
        let mut sites = HashMap::new();
        for s in &sample.sites {
            let made = admin.post(
                "/v1/sites",
                &json!({
                    "area": areas.get(&s.area), "name": s.name, "site_type": s.site_type,
                    "address": s.address, "lat": s.lat, "lon": s.lon,
                }),
            )?;
            sites.insert(s.name.clone(), text(&made, "site")?);
        }
        let mut people = HashMap::new();
        for (login, name, preset, unit) in [
            ("reviewer", "审核员李", "reviewer", None),
            ("rechecker", "审核员赵", "reviewer", None),
            ("reader", "督查室", "reader", None),
            ("lead", "巡查员王", "inspector", None),
            ("member", "巡查员张", "inspector", None),
            ("chengguan", "城管局联络员", "unit", units.get("城市管理局")),
            (
                "shichang",
                "市场局联络员",
                "unit",
                units.get("市场监督管理局"),
            ),
        ] {
            let made = admin.post(
                "/v1/people",
                &json!({"login": login, "name": name, "preset": preset, "unit": unit, "password": PASSWORD}),
            )?;
            people.insert(login.to_owned(), text(&made, "account")?);
        }
        Ok(Self {
            units,
            sites,
            people,
        })
    }

    /// Id of a unit by name.
    ///
    /// # Errors
    /// When there is none.
    pub fn unit(&self, name: &str) -> anyhow::Result<String> {
        self.units
            .get(name)
            .cloned()
            .with_context(|| name.to_owned())
    }

    /// Id of a site by name.
    ///
    /// # Errors
    /// When there is none.
    pub fn site(&self, name: &str) -> anyhow::Result<String> {
        self.sites
            .get(name)
            .cloned()
            .with_context(|| name.to_owned())
    }

    /// Id of a person by login.
    ///
    /// # Errors
    /// When there is none.
    pub fn person(&self, login: &str) -> anyhow::Result<String> {
        self.people
            .get(login)
            .cloned()
            .with_context(|| login.to_owned())
    }
}
