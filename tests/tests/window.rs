//! An inspector's day in the real window: bound by hand, a visit walked, problems logged with two
//! photos each, the server gone for hours, the app killed in the middle of a record.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests: a panic is how they fail"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};
use zhicha_domain::{hash::Digest, time::city_date};
use zhicha_field::clock::{Clock as _, SystemClock};
use zhicha_photo::sample::{SampleSpec, Scene, jpeg};
use zhicha_tests::{
    office::Office,
    phone::Phone,
    server::Server,
    window::{PIN, Window},
};

const MARKET: &str = "道北集贸市场";
const SMALL: (u32, u32) = (360, 640);
const USUAL: (u32, u32) = (390, 844);

struct World {
    dir: tempfile::TempDir,
    server: Server,
    office: Office,
    vault: PathBuf,
}

fn world() -> World {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::fresh(&dir.path().join("data")).unwrap();
    let office = Office::with_city(&server).unwrap();
    let vault = dir.path().join("vault");
    World {
        dir,
        server,
        office,
        vault,
    }
}

fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::spawn(work).join().unwrap()
}

/// A photo of its own; gives its path and the hash of its bytes.
fn photo(dir: &Path, seed: u64) -> (String, String) {
    let path = dir.join(format!("{seed}.jpg"));
    let bytes = jpeg(&SampleSpec {
        seed,
        scene: Scene::Before,
        width_px: 2400,
        height_px: 1800,
        ..SampleSpec::default()
    });
    fs::write(&path, &bytes).unwrap();
    (
        path.to_string_lossy().into_owned(),
        Digest::of(&bytes).to_string(),
    )
}

/// Binds the window's phone to the inspector who leads.
async fn bind(w: World, size: (u32, u32)) -> (World, Window) {
    let (w, code) = blocking(move || {
        let code = w.office.inspector_code("lead").unwrap();
        (w, code)
    });
    let window = Window::open(&w.vault, size.0, size.1).await.unwrap();
    window
        .enrol(&w.server.url, &w.server.fingerprint, &code)
        .await
        .unwrap();
    (w, window)
}

/// 出发 and the first visit begun, with the phone already bound.
async fn set_out(w: World, window: &Window) -> World {
    let w = blocking(move || {
        let today = city_date(SystemClock.now_ms());
        w.office.plan(&today, "lead", &[MARKET]).unwrap();
        w
    });
    window.click("refresh").await.unwrap();
    window.says("出发时才").await.unwrap();
    assert!(
        !window.text().await.unwrap().contains(MARKET),
        "nobody knows the site before 出发"
    );
    window.click("depart").await.unwrap();
    window.says(MARKET).await.unwrap();
    window.click("start-visit").await.unwrap();
    window.at("visit-end").await.unwrap();
    w
}

/// Both photos, category, words, 完成.
async fn log(window: &Window, dir: &Path, seed: u64, category: &str, note: &str) -> Vec<String> {
    window.click("log-problem").await.unwrap();
    let (near, near_hash) = photo(dir, seed);
    let (wide, wide_hash) = photo(dir, seed + 1);
    window.photo("photo-near", &near).await.unwrap();
    window.photo("photo-wide", &wide).await.unwrap();
    window.click(&format!("category-{category}")).await.unwrap();
    window.write("capture-note", note).await.unwrap();
    window.click("capture-done").await.unwrap();
    window.says("已记下").await.unwrap();
    vec![near_hash, wide_hash]
}

/// Addresses outside the window that the page asked anything of.
async fn outside(window: &Window) -> Vec<String> {
    let own = [
        "tauri://localhost",
        "photo://localhost",
        "ipc://localhost",
        "null",
    ];
    let mut asked = window.origins().await.unwrap();
    asked.retain(|origin| !own.contains(&origin.as_str()));
    asked
}

/// Adds what axe finds in what is shown now, and whether it is wider than the window.
async fn judge(window: &Window, seen: &str, findings: &mut Vec<String>) {
    for line in window.axe().await.unwrap() {
        findings.push(format!("{seen}: {line}"));
    }
    let wide = "return document.documentElement.scrollWidth - window.innerWidth";
    let over = window.run(wide, vec![]).await.unwrap();
    if over.as_i64().unwrap_or(0) > 0 {
        findings.push(format!("{seen}: {over} px too wide"));
    }
}

/// The same, by day and by night.
async fn in_both(window: &Window, seen: &str, findings: &mut Vec<String>) {
    for dark in [true, false] {
        let script = "document.documentElement.classList.toggle('dark', arguments[0])";
        window.run(script, vec![dark.into()]).await.unwrap();
        // Colours change over some frames.
        window.settled().await.unwrap();
        judge(window, &format!("{seen} dark={dark}"), findings).await;
    }
}

/// The rows of 问题.
async fn rows(window: &Window) -> u64 {
    let script = "return document.querySelectorAll('[data-testid=problem-row]').length";
    window.run(script, vec![]).await.unwrap().as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_with_two_photos_is_logged_on_a_visit_and_found_again_by_one_character() {
    let (w, window) = bind(blocking(world), USUAL).await;
    let w = set_out(w, &window).await;

    // An item that is not as it should be brings its own category.
    window.click("answer-JMSC-14-false").await.unwrap();
    window.click("log-JMSC-14").await.unwrap();
    let (near, near_hash) = photo(w.dir.path(), 1);
    let (wide, wide_hash) = photo(w.dir.path(), 2);
    window.photo("photo-near", &near).await.unwrap();
    window.photo("photo-wide", &wide).await.unwrap();
    window.write("capture-note", "两处积水").await.unwrap();
    window.click("capture-done").await.unwrap();
    window.says("已记下").await.unwrap();
    window.click("answer-JMSC-15-true").await.unwrap();
    window.click("visit-end").await.unwrap();
    window.says("未观察（不算符合）").await.unwrap();
    window.click("visit-finish").await.unwrap();
    window.says("已结束巡查").await.unwrap();
    window.at("refresh").await.unwrap();

    window.go("problems").await.unwrap();
    window.write("problems-q", "水").await.unwrap();
    window.says("临-").await.unwrap();
    assert_eq!(rows(&window).await, 1);

    window.go("sync").await.unwrap();
    window.click("sync-now").await.unwrap();
    window.at("sync-all").await.unwrap();
    window.says("1/1").await.unwrap();

    // What came to the office is what the file was, byte for byte.
    let held = blocking(move || {
        let found = w.office.reviewer.get("/v1/problems").unwrap();
        let id = found["problems"][0]["problem"].as_str().unwrap();
        w.office
            .reviewer
            .get(&format!("/v1/problems/{id}"))
            .unwrap()
    });
    let text = held.to_string();
    assert!(
        text.contains(&near_hash) && text.contains(&wide_hash),
        "{held:#}"
    );
    assert_eq!(held["note"], "两处积水", "{held:#}");

    // The picture with its watermark is drawn out of the vault.
    window.go("problems").await.unwrap();
    window.click("problem-row").await.unwrap();
    window.click("problem-photo").await.unwrap();
    window.click("photo-mode").await.unwrap();
    window
        .until("const i = document.querySelector('main img'); return !!i && i.complete && i.naturalWidth > 0")
        .await
        .unwrap();
    window.says("WGS-84").await.unwrap();
    assert_eq!(outside(&window).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_without_the_server_is_all_there_and_says_synced_only_when_it_is() {
    let (w, window) = bind(blocking(world), USUAL).await;
    let w = set_out(w, &window).await;
    let World {
        dir,
        server,
        office,
        vault,
    } = w;
    let (address, data) = (server.address().to_owned(), server.data.clone());
    blocking(move || server.stop()).unwrap();

    for n in 0..3 {
        let note = format!("第{n}处店外经营");
        log(&window, dir.path(), n * 2, "B01", &note).await;
        window.at("visit-end").await.unwrap();
    }
    let items = [
        "JMSC-04", "JMSC-05", "JMSC-06", "JMSC-11", "JMSC-12", "JMSC-13", "JMSC-14", "JMSC-15",
        "JMSC-16", "JMSC-21",
    ];
    for item in items {
        let answer = format!("answer-{item}-true");
        window.click(&answer).await.unwrap();
        let stored = format!("[data-testid={answer}][aria-pressed=true]");
        window.css(&stored).await.unwrap();
    }
    window.says("已看 10").await.unwrap();
    window.go("sync").await.unwrap();
    window.click("sync-now").await.unwrap();
    window.at("sync-wrong").await.unwrap();
    window.says("0/3").await.unwrap();
    window.close_app().await.unwrap();

    let window = Window::unlocked(&vault, USUAL.0, USUAL.1).await.unwrap();
    window.click("resume-visit").await.unwrap();
    window.says("已看 10").await.unwrap();
    window.go("problems").await.unwrap();
    window.at("problem-row").await.unwrap();
    assert_eq!(rows(&window).await, 3);
    window.says("待同步").await.unwrap();
    assert!(!window.text().await.unwrap().contains("已同步"));

    let server = blocking(move || Server::start(&data, &address)).unwrap();
    window.go("sync").await.unwrap();
    window.click("sync-now").await.unwrap();
    window.at("sync-all").await.unwrap();
    window.says("3/3").await.unwrap();
    window.go("problems").await.unwrap();
    window.says("已同步").await.unwrap();
    assert_eq!(outside(&window).await, Vec::<String>::new());
    blocking(move || {
        let office = office.again(&server).unwrap();
        let found = office.reviewer.get("/v1/problems").unwrap();
        assert_eq!(found["problems"].as_array().unwrap().len(), 3);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_cut_off_by_kill_is_offered_back_whole_and_once() {
    let (w, window) = bind(blocking(world), USUAL).await;
    window.click("log-problem").await.unwrap();
    let (near, near_hash) = photo(w.dir.path(), 1);
    let (wide, wide_hash) = photo(w.dir.path(), 2);
    window.photo("photo-near", &near).await.unwrap();
    window.photo("photo-wide", &wide).await.unwrap();
    window.click("category-B01").await.unwrap();
    window.write("capture-note", "占用人行道").await.unwrap();
    // The last letter is on disk before the app goes.
    window.stored("note", "占用人行道").await.unwrap();
    let vault = window.kill().unwrap();

    let window = Window::unlocked(&vault, USUAL.0, USUAL.1).await.unwrap();
    let dialog = window.at("recovery-dialog").await.unwrap();
    let text = dialog.text().await.unwrap();
    assert!(
        text.contains("恢复上次未完成的记录") && text.contains("占用人行道"),
        "{text}"
    );
    window.click("recovery-resume").await.unwrap();
    window
        .until("return document.querySelectorAll('[data-testid=capture-photo]').length === 2")
        .await
        .unwrap();
    let category = window.at("category-B01").await.unwrap();
    assert_eq!(
        category.attr("aria-pressed").await.unwrap().as_deref(),
        Some("true")
    );
    window.click("capture-done").await.unwrap();
    window.says("已记下").await.unwrap();
    window.go("today").await.unwrap();
    window.at("refresh").await.unwrap();
    assert!(
        !window.text().await.unwrap().contains("草稿"),
        "no second copy"
    );
    window.close_app().await.unwrap();

    // The same bytes, as the command reads the same vault.
    let status = blocking(move || Phone::new(&vault).unwrap().status().unwrap());
    let text = status.to_string();
    assert!(
        text.contains(&near_hash) && text.contains(&wide_hash),
        "{status:#}"
    );
    assert_eq!(status["problems"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_text_at_night_and_in_glare_fits_a_small_phone_and_axe_finds_nothing() {
    let (w, window) = bind(blocking(world), SMALL).await;
    let w = set_out(w, &window).await;
    log(&window, w.dir.path(), 1, "B01", "店外经营占道3米").await;
    window.at("visit-end").await.unwrap();
    let visit = window.page.current_url().await.unwrap();
    let visit = visit.fragment().unwrap().trim_start_matches('/').to_owned();
    window.go("problems").await.unwrap();
    window.click("problem-row").await.unwrap();
    window.at("problem-photo").await.unwrap();
    let problem = window.page.current_url().await.unwrap();
    let problem = problem
        .fragment()
        .unwrap()
        .trim_start_matches('/')
        .to_owned();
    window.click("problem-photo").await.unwrap();
    window.at("photo-mode").await.unwrap();
    let picture = window.page.current_url().await.unwrap();
    let picture = picture
        .fragment()
        .unwrap()
        .trim_start_matches('/')
        .to_owned();
    window.go(&visit).await.unwrap();
    window.click("log-problem").await.unwrap();
    window.at("capture-done").await.unwrap();
    let capture = window.page.current_url().await.unwrap();
    let capture = capture
        .fragment()
        .unwrap()
        .trim_start_matches('/')
        .to_owned();

    let mut findings = Vec::new();
    for (step, theme) in [
        (0, "light"),
        (0, "dark"),
        (0, "glare"),
        (3, "light"),
        (3, "dark"),
    ] {
        window.go("me").await.unwrap();
        window.click(&format!("text-{step}")).await.unwrap();
        window.click(&format!("theme-{theme}")).await.unwrap();
        for route in [
            "today", &visit, &capture, "problems", &problem, &picture, "sync", "me",
        ] {
            window.go(route).await.unwrap();
            window.css("h1").await.unwrap();
            window
                .until("return document.querySelector('[aria-busy=true]') === null")
                .await
                .unwrap();
            if route == "today"
                && let Ok(later) = window
                    .page
                    .find(fantoccini::Locator::Css("[data-testid=recovery-later]"))
                    .await
            {
                later.click().await.unwrap();
            }
            let seen = format!("{route} step={step} {theme}");
            judge(&window, &seen, &mut findings).await;
        }
        window.go(&visit).await.unwrap();
        window.click("visit-end").await.unwrap();
        window.settled().await.unwrap();
        judge(
            &window,
            &format!("wrap-up step={step} {theme}"),
            &mut findings,
        )
        .await;
        window.click("visit-go-on").await.unwrap();
        window.go(&capture).await.unwrap();
        window.click("category-all").await.unwrap();
        window.settled().await.unwrap();
        judge(
            &window,
            &format!("categories step={step} {theme}"),
            &mut findings,
        )
        .await;
        window.click("sheet-close").await.unwrap();
        window.settled().await.unwrap();
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_has_no_serious_finding_light_or_dark() {
    let (w, code) = blocking(|| {
        let w = world();
        let code = w.office.inspector_code("lead").unwrap();
        (w, code)
    });
    let window = Window::open(&w.vault, SMALL.0, SMALL.1).await.unwrap();
    let mut findings = Vec::new();
    window.write("enrol-address", &w.server.url).await.unwrap();
    window.write("enrol-code", &code).await.unwrap();
    in_both(&window, "enrol", &mut findings).await;
    window.click("enrol-next").await.unwrap();
    window.write("enrol-pin", PIN).await.unwrap();
    window.write("enrol-pin-again", PIN).await.unwrap();
    in_both(&window, "enrol, PIN", &mut findings).await;
    window.click("enrol-bind").await.unwrap();
    window.at("refresh").await.unwrap();
    window.go("me").await.unwrap();
    window.click("lock").await.unwrap();
    window.at("unlock-open").await.unwrap();
    in_both(&window, "unlock", &mut findings).await;
    window.unlock("000000").await.unwrap();
    window.at("unlock-wrong").await.unwrap();
    in_both(&window, "unlock, wrong PIN", &mut findings).await;
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_and_a_wrong_pin_are_said_and_nothing_is_lost() {
    let (w, window) = bind(blocking(world), USUAL).await;
    window.click("log-problem").await.unwrap();
    let bad = w.dir.path().join("bad.jpg");
    fs::write(&bad, "这不是照片").unwrap();
    window
        .at("photo-near")
        .await
        .unwrap()
        .send_keys(&bad.to_string_lossy())
        .await
        .unwrap();
    window.at("capture-wrong").await.unwrap();
    window.write("capture-note", "路灯不亮").await.unwrap();
    window.click("capture-done").await.unwrap();
    window.says("已存草稿，还差：照片、类别").await.unwrap();
    window.close_app().await.unwrap();

    let window = Window::open(&w.vault, USUAL.0, USUAL.1).await.unwrap();
    window.unlock("000000").await.unwrap();
    let said = window.at("unlock-wrong").await.unwrap();
    assert!(said.text().await.unwrap().contains("PIN"));
    window.unlock(PIN).await.unwrap();
    let dialog = window.at("recovery-dialog").await.unwrap();
    assert!(dialog.text().await.unwrap().contains("路灯不亮"));
}
