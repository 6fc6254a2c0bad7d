//! The phone's window: every screen at two sizes, light, dark, 强光, largest text.

use super::{City, picture};
use anyhow::Context as _;
use std::path::Path;
use tokio::runtime::Runtime;
use zhicha_domain::time::city_date;
use zhicha_photo::sample::Scene;
use zhicha_tests::window::Window;

const SIZES: [(u32, u32); 2] = [(390, 844), (360, 640)];
const LOOKS: [(&str, u8, &str); 4] = [
    ("light", 0, "light"),
    ("dark", 0, "dark"),
    ("glare", 0, "glare"),
    ("large", 3, "light"),
];

/// A phone of its own, bound and used by hand, then photographed.
pub(super) fn take(rt: &Runtime, dir: &Path, city: &City, out: &Path) -> anyhow::Result<()> {
    let code = city.office.inspector_code("member")?;
    let today = city_date(super::now_ms());
    city.office.plan(&today, "member", &["道北集贸市场"])?;
    let vault = dir.join("phone");
    let photos: Vec<String> = (0..6)
        .map(|n| picture(dir, 500 + n, Scene::Before))
        .collect::<Result<_, _>>()?;
    rt.block_on(async {
        begin(&vault, city, &code, &photos, out).await?;
        // The door, unanswered, so that it stands there again for the next size.
        for (width, height) in SIZES {
            let size = format!("{width}x{height}");
            let window = Window::open(&vault, width, height).await?;
            window.at("unlock-open").await?;
            snap(&window, out, &format!("unlock-{size}-light")).await?;
            window.unlock(zhicha_tests::window::PIN).await?;
            window.at("recovery-dialog").await?;
            snap(&window, out, &format!("recovery-{size}-light")).await?;
            window.close_app().await?;
        }
        for (nth, (width, height)) in SIZES.into_iter().enumerate() {
            let window = Window::unlocked(&vault, width, height).await?;
            if nth == 0 {
                window.click("recovery-later").await?;
            }
            every_screen(&window, out, &format!("{width}x{height}")).await?;
            window.close_app().await?;
        }
        Ok(())
    })
}

/// Binds, sets out, walks a little, logs two problems and begins a third.
async fn begin(
    vault: &Path,
    city: &City,
    code: &str,
    photos: &[String],
    out: &Path,
) -> anyhow::Result<()> {
    let (width, height) = SIZES[0];
    let size = format!("{width}x{height}");
    let window = Window::open(vault, width, height).await?;
    window.at("enrol-address").await?;
    snap(&window, out, &format!("enrol-{size}-light")).await?;
    window
        .enrol(&city.server.url, &city.server.fingerprint, code)
        .await?;
    window.click("refresh").await?;
    window.at("depart").await?;
    snap(&window, out, &format!("sealed-{size}-light")).await?;
    window.click("depart").await?;
    window.click("start-visit").await?;
    for answer in [
        "JMSC-04-true",
        "JMSC-05-true",
        "JMSC-14-false",
        "JMSC-15-true",
    ] {
        window.click(&format!("answer-{answer}")).await?;
    }
    let found = [
        ("D04", "地面积水两处，下水不畅", "道北集贸市场东侧熟食区"),
        ("B01", "摊位越线经营，通道仅剩1米", "道北集贸市场南门"),
        ("A01", "垃圾桶满溢", "道北集贸市场西门"),
    ];
    for (n, (category, note, place)) in found.iter().enumerate() {
        window.stand_at(49.5964 + n as f64 * 1e-4, 117.4291, 8.0)?;
        window.click("log-problem").await?;
        let pair = photos.get(n * 2..n * 2 + 2).context("photos")?;
        window.photo("photo-near", &pair[0]).await?;
        window.photo("photo-wide", &pair[1]).await?;
        window.click("category-all").await?;
        window.write("category-find", category).await?;
        window.click(&format!("category-{category}")).await?;
        window.write("capture-note", note).await?;
        window.rewrite("capture-place", place).await?;
        window.stored("place", place).await?;
        if n + 1 < found.len() {
            window.click("capture-done").await?;
            window.at("visit-end").await?;
        }
        if n == 0 {
            window.go("sync").await?;
            window.click("sync-now").await?;
            window.at("sync-all").await?;
            window.go("today").await?;
            window.click("resume-visit").await?;
        }
    }
    window.close_app().await
}

/// Every screen in every look.
async fn every_screen(window: &Window, out: &Path, size: &str) -> anyhow::Result<()> {
    window.go("problems").await?;
    window.click("problem-row").await?;
    window.at("problem-photo").await?;
    let problem = route(window).await?;
    window.click("problem-photo").await?;
    window.click("photo-mode").await?;
    let photo = route(window).await?;
    window.go("today").await?;
    window.click("resume-visit").await?;
    window.at("visit-end").await?;
    let visit = route(window).await?;
    window.go("today").await?;
    window.click("draft-row").await?;
    window.at("capture-done").await?;
    let capture = route(window).await?;
    for (look, step, theme) in LOOKS {
        window.go("me").await?;
        window.click(&format!("text-{step}")).await?;
        window.click(&format!("theme-{theme}")).await?;
        for (name, to) in [
            ("today", "today"),
            ("visit", &visit),
            ("capture", &capture),
            ("problems", "problems"),
            ("problem", &problem),
            ("photo", &photo),
            ("sync", "sync"),
            ("me", "me"),
        ] {
            window.go(to).await?;
            window.css("h1").await?;
            if name == "photo" {
                window.click("photo-mode").await?;
            }
            snap(window, out, &format!("{name}-{size}-{look}")).await?;
        }
        window.go(&visit).await?;
        window.click("visit-end").await?;
        window.at("visit-finish").await?;
        snap(window, out, &format!("wrapup-{size}-{look}")).await?;
        window.click("visit-go-on").await?;
        window.go(&capture).await?;
        window.click("category-all").await?;
        window.at("category-find").await?;
        snap(window, out, &format!("category-{size}-{look}")).await?;
        window.click("sheet-close").await?;
        window.go("today").await?;
    }
    window.go("me").await?;
    window.click("text-0").await?;
    window.click("theme-light").await
}

async fn route(window: &Window) -> anyhow::Result<String> {
    let url = window.page.current_url().await?;
    Ok(url
        .fragment()
        .unwrap_or_default()
        .trim_start_matches('/')
        .to_owned())
}

async fn snap(window: &Window, out: &Path, name: &str) -> anyhow::Result<()> {
    window.settled().await?;
    let to = out.join(format!("phone-{name}.png"));
    println!("  {}", to.display());
    window.picture(&to).await
}
