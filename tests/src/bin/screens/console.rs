//! The console, 1440 × 900: light, dark, large text.

use std::path::Path;
use zhicha_tests::{
    browser::Browser,
    office::PASSWORD,
    server::{ADMIN_PASSWORD, Server},
};

pub(super) async fn take(server: &Server, out: &Path, problem: &str) -> anyhow::Result<()> {
    let case = format!("problems/{problem}");
    for (login, password, routes) in [
        (
            "reviewer",
            PASSWORD,
            &["overview", "review", "dispatch", "ledger", "rounds", &case][..],
        ),
        ("chengguan", PASSWORD, &["overview", "ledger", &case]),
        ("admin", ADMIN_PASSWORD, &["org"]),
    ] {
        let browser = Browser::open(1440, 900).await?;
        browser.page.goto(&server.url).await?;
        browser.at("login-name").await?;
        if login == "reviewer" {
            browser
                .picture(&out.join("console-login-light.png"))
                .await?;
        }
        browser.write("login-name", login).await?;
        browser.write("login-password", password).await?;
        browser.click("login-enter").await?;
        browser.at("logout").await?;
        for route in routes {
            browser
                .page
                .goto(&format!("{}/#/{route}", server.url))
                .await?;
            browser.css("h1").await?;
            browser.settled().await?;
            let name = route.split('/').next().unwrap_or_default();
            for (mode, on) in [("light", ""), ("dark", "dark"), ("large", "large")] {
                let script = "document.documentElement.classList.remove('dark', 'large');
                              if (arguments[0]) document.documentElement.classList.add(arguments[0])";
                browser.run(script, vec![on.into()]).await?;
                let to = out.join(format!("console-{login}-{name}-{mode}.png"));
                browser.picture(&to).await?;
                println!("  {}", to.display());
            }
        }
        browser.close().await?;
    }
    Ok(())
}
