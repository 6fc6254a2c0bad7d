//! The server under test and the people in it.

use super::{Person, Phone, Reply};
use axum::{Router, body::Body};
use http::Request;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};
use tower::ServiceExt as _;
use zhicha_domain::{ids::AccountId, ids::uuid_v7, rights::Preset};
use zhicha_server::{
    api::{self, secret},
    app::{Clock, Shared, Trust},
    boot,
    city::CityKeys,
    password,
    store::accounts::NewAccount,
};

/// When tests begin: 2026-03-05 16:00 in the city.
const NOW: i64 = 1_772_697_600_000;

struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// One city.
pub struct City {
    pub app: Shared,
    _dir: tempfile::TempDir,
    pub ids: HashMap<&'static str, String>,
    router: Router,
    clock: Arc<TestClock>,
}

/// The hash is slow by design; one is enough for all tests.
fn password_hash() -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| password::hash(City::PASSWORD).unwrap())
        .clone()
}

impl City {
    pub const PASSWORD: &'static str = "zhicha-people-1";

    /// An empty city.
    pub fn bare() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let recovery = dir.path().join("recovery.key");
        CityKeys::init(&data, "满洲里市", &recovery, NOW, &mut rand::rng()).unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(NOW)));
        let app = boot::open(
            &data,
            Arc::clone(&clock) as Arc<dyn Clock>,
            Trust::default(),
        )
        .unwrap();
        let app = Arc::new(app);
        Self {
            router: api::router(Arc::clone(&app)),
            app,
            _dir: dir,
            ids: HashMap::new(),
            clock,
        }
    }

    /// A city with an area, two units, two sites and people of each preset.
    pub async fn new() -> Self {
        let mut city = Self::bare();
        for (login, name, preset) in [
            ("admin", "管理员", Preset::Admin),
            ("reviewer", "审核员李", Preset::Reviewer),
            ("rechecker", "审核员赵", Preset::Reviewer),
            ("reader", "督查室", Preset::Reader),
            ("lead", "巡查员王", Preset::Inspector),
            ("member", "巡查员张", Preset::Inspector),
            ("outsider", "巡查员孙", Preset::Inspector),
        ] {
            let id = city.add_account(login, name, preset, None).await;
            city.ids.insert(login, id);
        }
        let admin = city.person("admin").await;
        let area = admin
            .post(
                &city,
                "/v1/areas",
                &json!({"name": "道北街道", "level": "subdistrict"}),
            )
            .await
            .ok()["area"]
            .clone();
        for (key, name) in [
            ("chengguan-unit", "城市管理局"),
            ("shichang-unit", "市场监督管理局"),
        ] {
            let body = json!({"name": name, "leader": "分管领导", "contact": "联络员", "phone": "13812345678"});
            let made = admin.post(&city, "/v1/units", &body).await.ok();
            city.ids
                .insert(key, made["unit"].as_str().unwrap().to_owned());
        }
        for (key, name, kind) in [
            ("alley", "三道街东段小巷", "BJXX"),
            ("market", "道北集贸市场", "JMSC"),
        ] {
            let body = json!({"area": area, "name": name, "site_type": kind, "address": "三道街", "lat": 49.5979, "lon": 117.4302});
            let made = admin.post(&city, "/v1/sites", &body).await.ok();
            city.ids
                .insert(key, made["site"].as_str().unwrap().to_owned());
        }
        for (login, unit) in [
            ("chengguan", "chengguan-unit"),
            ("shichang", "shichang-unit"),
        ] {
            let unit = city.id(unit).parse().ok();
            let id = city.add_account(login, "联络员", Preset::Unit, unit).await;
            city.ids.insert(login, id);
        }
        city
    }

    async fn add_account(
        &self,
        login: &str,
        name: &str,
        preset: Preset,
        unit: Option<zhicha_domain::ids::UnitId>,
    ) -> String {
        let account: AccountId = uuid_v7(NOW, rand::random()).into();
        let new = NewAccount {
            account,
            login: login.to_owned(),
            name: name.to_owned(),
            preset,
            unit,
            password_hash: password_hash(),
        };
        let added = self
            .app
            .writer
            .write(move |tx| tx.insert_account(&new, NOW))
            .await;
        assert!(added.unwrap());
        account.to_string()
    }

    pub fn id(&self, key: &str) -> String {
        self.ids[key].clone()
    }

    pub fn now(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Lets time pass.
    pub fn pass(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// Asks the server for an answer that does not end by itself.
    pub async fn open(&self, request: Request<Body>) -> http::Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Asks the server.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        Reply::read(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// A person with an open session; signing in by password has its own tests.
    pub async fn person(&self, login: &'static str) -> Person {
        let account: AccountId = self.ids[login].parse().unwrap();
        let (token, csrf) = (secret::token(), secret::token());
        let (hash, own, now) = (secret::stored(&token), csrf.clone(), self.now());
        self.app
            .writer
            .write(move |tx| tx.open_web_session(&hash, account, &own, now))
            .await
            .unwrap();
        Person::new(token, csrf)
    }

    /// An enrolled phone with a live session.
    pub async fn phone(&self, login: &'static str) -> Phone {
        let admin = self.person("admin").await;
        let path = format!("/v1/people/{}/enrol-codes", self.id(login));
        let code = admin.post(self, &path, &json!({})).await.ok()["code"].clone();
        Phone::enrol(self, code.as_str().unwrap()).await
    }

    /// A duty of today led by `lead`, at the alley.
    pub async fn duty(&self) -> String {
        let reviewer = self.person("reviewer").await;
        let body = json!({
            "date": "2026-03-05", "lead": self.id("lead"), "members": [self.id("member")],
            "sites": [self.id("alley")],
        });
        let made: Value = reviewer.post(self, "/v1/duties", &body).await.ok();
        made["duty"].as_str().unwrap().to_owned()
    }
}
