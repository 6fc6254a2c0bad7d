//! The office's day in a real browser: review by keyboard, dispatch with its preview, feedback for a
//! unit, recheck by somebody else, the ledger; every page without a serious finding, light and dark.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests: a panic is how they fail"
)]

use serde_json::Value;
use std::{fs, path::Path};
use zhicha_photo::sample::{SampleSpec, Scene, jpeg};
use zhicha_tests::{
    browser::Browser,
    console::Console,
    office::{Office, PASSWORD, Person},
    phone::Phone,
    server::{ADMIN_PASSWORD, Server},
};

struct World {
    dir: tempfile::TempDir,
    server: Server,
    office: Office,
    phone: Phone,
}

fn photo(dir: &Path, seed: u64, scene: Scene) -> String {
    let path = dir.join(format!("{seed}-{scene:?}.jpg"));
    let bytes = jpeg(&SampleSpec {
        seed,
        scene,
        width_px: 1600,
        height_px: 1200,
        ..SampleSpec::default()
    });
    fs::write(&path, bytes).unwrap();
    path.to_string_lossy().into_owned()
}

/// A city whose inspector has filed three problems.
fn world() -> World {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::fresh(&dir.path().join("data")).unwrap();
    let office = Office::with_city(&server).unwrap();
    let phone = Phone::new(&dir.path().join("vault")).unwrap();
    let code = office.inspector_code("lead").unwrap();
    phone
        .enrol(&server.url, &server.fingerprint, &code)
        .unwrap();
    for (n, (category, note)) in [
        ("B01", "店外经营占道3米"),
        ("D05", "两盏路灯不亮"),
        ("B03", "废旧家具堆放"),
    ]
    .into_iter()
    .enumerate()
    {
        let seed = n as u64 * 2;
        let near = photo(dir.path(), seed, Scene::Before);
        let wide = photo(dir.path(), seed + 1, Scene::Before);
        phone
            .must(&[
                "problem",
                "add",
                "--category",
                category,
                "--at",
                "49.5979,117.4302,8",
                "--place",
                "三道街与海关路交叉口",
                "--note",
                note,
                "--photo",
                &near,
                "--wide",
                &wide,
            ])
            .unwrap();
    }
    phone.must(&["sync"]).unwrap();
    World {
        dir,
        server,
        office,
        phone,
    }
}

async fn sign_in(server: &Server, login: &str, password: &str) -> Console {
    Console::sign_in(&server.url, login, password)
        .await
        .unwrap()
}

fn inbox(person: &Person) -> usize {
    let page = person.get("/v1/problems").unwrap();
    page["problems"].as_array().unwrap().len()
}

fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::spawn(work).join().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_review_by_keyboard_to_a_closed_case() {
    let w = blocking(world);
    let browser = sign_in(&w.server, "reviewer", PASSWORD).await;

    // 审核, without a mouse.
    browser.open("review").await.unwrap();
    browser.says("待审 3").await.unwrap();
    browser.press("z").await.unwrap();
    browser.says("放大 2 倍").await.unwrap();
    browser.press("a").await.unwrap();
    browser.says("待审 2").await.unwrap();
    browser.press("r").await.unwrap();
    browser
        .type_into_dialog("reason-missing_near", "2")
        .await
        .unwrap();
    browser.says("待审 1").await.unwrap();
    browser.press("u").await.unwrap();
    browser.says("待审 2").await.unwrap();
    browser.press("r").await.unwrap();
    browser
        .type_into_dialog("reason-missing_near", "2")
        .await
        .unwrap();
    browser.says("待审 1").await.unwrap();
    browser.press("a").await.unwrap();
    browser.at("review-empty").await.unwrap();

    // 交办: the unit has nothing before, and sees no name.
    let unit = blocking({
        let server = w.server.url.clone();
        let data = w.server.data.clone();
        move || Person::sign_in_at(&server, &data, "chengguan", PASSWORD).unwrap()
    });
    let unit = std::sync::Arc::new(unit);
    let ask = std::sync::Arc::clone(&unit);
    assert_eq!(blocking(move || inbox(&ask)), 0);
    browser.open("dispatch").await.unwrap();
    browser.says("待交办 2").await.unwrap();
    browser
        .prepare_notice("城市管理局", "立行立改")
        .await
        .unwrap();
    let preview = browser
        .at("notice-preview")
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        preview.contains("城市管理局") && preview.contains("立行立改"),
        "{preview}"
    );
    assert!(
        !preview.contains("巡查员") && !preview.contains("49.59"),
        "{preview}"
    );
    browser.send_notice("城市管理局").await.unwrap();
    let ask = std::sync::Arc::clone(&unit);
    assert_eq!(blocking(move || inbox(&ask)), 2);

    // The phone hears why one came back.
    let status: Value = {
        w.phone.must(&["sync"]).unwrap();
        w.phone.status().unwrap()
    };
    let returned = status["problems"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["state"] == "returned");
    assert_eq!(returned.unwrap()["reason"], "missing_wide");

    // 代录, with a photo.
    browser.open("ledger?state=assigned").await.unwrap();
    browser.click("ledger-row").await.unwrap();
    browser.click("act-feedback").await.unwrap();
    browser.write("feedback-measure", "已整改").await.unwrap();
    browser.click("feedback-send").await.unwrap();
    browser.says("请写清做了什么").await.unwrap();
    browser
        .write("feedback-measure", "，执法队到场清理")
        .await
        .unwrap();
    let after = photo(w.dir.path(), 0, Scene::After);
    browser.after_photo(Path::new(&after)).await.unwrap();
    browser.click("feedback-send").await.unwrap();
    browser.says("待复查").await.unwrap();

    // Whoever entered it does not recheck; somebody else does.
    let address = browser.page.current_url().await.unwrap();
    browser.click("act-recheck").await.unwrap();
    browser.click("reason-pass").await.unwrap();
    browser.click("reason-confirm").await.unwrap();
    browser.says("录入反馈的人不能复查").await.unwrap();
    let other = sign_in(&w.server, "rechecker", PASSWORD).await;
    other.page.goto(address.as_str()).await.unwrap();
    other.click("act-recheck").await.unwrap();
    other.click("reason-pass").await.unwrap();
    other.click("reason-confirm").await.unwrap();
    other.says("已销号").await.unwrap();
    // The first window hears of it by itself.
    browser.says("已销号").await.unwrap();

    // Nothing was asked of anybody else.
    for seen in [&browser, &other] {
        assert_eq!(
            seen.origins().await.unwrap(),
            std::slice::from_ref(&w.server.url)
        );
    }
    other.close().await.unwrap();
    browser.close().await.unwrap();
    drop(w.office);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_has_a_serious_finding_light_or_dark() {
    let w = blocking(world);
    let status = w.phone.status().unwrap();
    let case = format!(
        "problems/{}",
        status["problems"][0]["problem"].as_str().unwrap()
    );
    let mut findings = Vec::new();
    for (login, password, routes) in [
        ("", "", &["login"][..]),
        (
            "reviewer",
            PASSWORD,
            &["overview", "review", "dispatch", "ledger", "rounds", &case],
        ),
        ("chengguan", PASSWORD, &["overview", "ledger"]),
        ("reader", PASSWORD, &["overview", "ledger"]),
        ("admin", ADMIN_PASSWORD, &["org"]),
    ] {
        let console;
        let stranger;
        let browser = if login.is_empty() {
            stranger = Browser::open(1440, 900).await.unwrap();
            &stranger
        } else {
            console = sign_in(&w.server, login, password).await;
            &*console
        };
        for route in routes {
            browser
                .page
                .goto(&format!("{}/#/{route}", w.server.url))
                .await
                .unwrap();
            browser.css("h1").await.unwrap();
            for dark in [false, true] {
                let script = "document.documentElement.classList.toggle('dark', arguments[0])";
                browser.run(script, vec![dark.into()]).await.unwrap();
                for line in browser.axe().await.unwrap() {
                    findings.push(format!("{login} {route} dark={dark}: {line}"));
                }
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}
