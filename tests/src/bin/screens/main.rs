//! `make screenshots`: every page of console and phone as a person sees it, into `out/screens/`.
//!
//! The city, the problems and the photos are put in by the real programs; what the pictures show is
//! what the pages show.
#![allow(
    clippy::print_stdout,
    reason = "a command for people: its output is its purpose"
)]

mod console;
mod phone;

use anyhow::Context as _;
use clap::Parser;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zhicha_domain::time::{city_date, city_minute};
use zhicha_photo::sample::{SampleSpec, Scene, jpeg};
use zhicha_tests::{office::Office, phone::Phone, server::Server};

/// Pictures of every page.
#[derive(Parser)]
struct Args {
    /// Where they go.
    #[arg(long, default_value = "out/screens")]
    out: PathBuf,
}

const FOUND: [(&str, &str, &str); 7] = [
    (
        "B01",
        "三道街与海关路交叉口向东15米路南",
        "店外经营，占用人行道约3米",
    ),
    (
        "D05",
        "三道街东段小巷中段路北",
        "两盏路灯不亮，一盏灯罩脱落",
    ),
    (
        "B03",
        "三道街东段小巷东口北侧",
        "废旧家具堆放在墙根，约2立方米",
    ),
    ("A01", "二道街中段路北", "垃圾桶满溢，周边散落生活垃圾"),
    ("B01", "道北集贸市场南门", "摊位越线经营，通道仅剩1米"),
    ("D01", "站前路南侧", "人行道砖缺失约2平方米"),
    (
        "B03",
        "道南铁路小区3栋东侧",
        "单元门口堆放杂物，堵住消防通道",
    ),
];

fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(0))
}

fn picture(dir: &Path, seed: u64, scene: Scene) -> anyhow::Result<String> {
    let path = dir.join(format!("{seed}-{scene:?}.jpg"));
    let bytes = jpeg(&SampleSpec {
        seed,
        scene,
        width_px: 2000,
        height_px: 1500,
        ..SampleSpec::default()
    });
    std::fs::write(&path, bytes)?;
    Ok(path.to_string_lossy().into_owned())
}

/// A city in the middle of its work.
struct City {
    server: Server,
    office: Office,
    /// A problem with a history.
    problem: String,
}

/// Puts it in.
fn city(dir: &Path) -> anyhow::Result<City> {
    let server = Server::fresh(&dir.join("data"))?;
    let office = Office::with_city(&server)?;
    let phone = Phone::new(&dir.join("vault"))?;
    let code = office.inspector_code("lead")?;
    phone.enrol(&server.url, &server.fingerprint, &code)?;
    let duty = office.plan(&city_date(now_ms()), "lead", &["三道街东段小巷"])?;
    office.plan(
        &city_date(now_ms() + 86_400_000),
        "member",
        &["道北集贸市场", "东山公厕"],
    )?;
    phone.must(&["depart", &duty])?;
    let tasks: Value = serde_json::from_str(&phone.must(&["tasks", "--json"])?)?;
    let task = tasks["tasks"][0]["task"].as_str().context("task")?;
    let visit = phone.must(&["visit", "start", "--task", task, "--json"])?;
    let visit: Value = serde_json::from_str(&visit)?;
    let visit = visit["visit"].as_str().context("visit")?.to_owned();
    for (n, (category, place, note)) in FOUND.iter().enumerate() {
        let seed = n as u64 * 10 + 1;
        let near = picture(dir, seed, Scene::Before)?;
        let wide = picture(dir, seed + 1, Scene::Before)?;
        phone.must(&[
            "problem",
            "add",
            "--visit",
            &visit,
            "--category",
            category,
            "--at",
            "49.59791,117.43022,8",
            "--place",
            place,
            "--note",
            note,
            "--photo",
            &near,
            "--wide",
            &wide,
        ])?;
    }
    phone.must(&["sync"])?;
    let status = phone.status()?;
    let problems: Vec<String> = status["problems"]
        .as_array()
        .context("problems")?
        .iter()
        .filter_map(|p| p["problem"].as_str().map(str::to_owned))
        .collect();
    let accept = json!({"decision": "accept"});
    for problem in problems.iter().take(5) {
        office.reviewer.act(problem, "review", &accept)?;
    }
    office.reviewer.post(
        "/v1/dispatches",
        &json!({
            "unit": office.city.unit("城市管理局")?, "problems": problems[..3].to_vec(),
            "deadline": city_minute(now_ms() + 5 * 3_600_000), "class": "L0",
            "requirement": "立行立改，举一反三",
        }),
    )?;
    let first = problems.first().context("a problem")?;
    let after = std::fs::read(picture(dir, 1, Scene::After)?)?;
    let photo = office.reviewer.after_photo(first, after)?;
    office.reviewer.act(
        first,
        "feedback",
        &json!({
            "measure": "执法队员到场清理，恢复通行", "result": "已清理完毕，明确专人每日巡查",
            "photos": [photo], "via": "phone",
        }),
    )?;
    Ok(City {
        problem: first.clone(),
        server,
        office,
    })
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let out = std::path::absolute(&args.out)?;
    let dir = tempfile::tempdir()?;
    let city = city(dir.path())?;
    let rt = tokio::runtime::Runtime::new()?;
    rt.block_on(console::take(&city.server, &out, &city.problem))?;
    phone::take(&rt, dir.path(), &city, &out)?;
    city.server.stop()
}
