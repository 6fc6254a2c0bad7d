//! A real browser without a screen, driven as a person drives it: clicks and keys.

use anyhow::{Context as _, bail};
use fantoccini::{Client, ClientBuilder, Locator, elements::Element, key::Key};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How long anything on a page may take to appear.
const PATIENCE: Duration = Duration::from_secs(40);

/// Chromium behind its driver; both end when dropped.
pub struct Browser {
    driver: Child,
    /// The page.
    pub page: Client,
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Browser {
    /// Opens a window of this size.
    ///
    /// # Errors
    /// When driver or browser do not start.
    pub async fn open(width: u32, height: u32) -> anyhow::Result<Self> {
        let port = free_port()?;
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("chromedriver (apt-get install chromium-driver)")?;
        let capabilities = json!({
            // The city's own authority is not in the machine's store.
            "acceptInsecureCerts": true,
            "goog:chromeOptions": {"args": [
                "--headless=new", "--no-sandbox", "--disable-gpu",
                "--disable-background-networking", "--disable-dev-shm-usage",
                "--force-device-scale-factor=1", "--hide-scrollbars", "--lang=zh-CN",
                format!("--window-size={width},{height}"),
            ]},
            "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
        });
        let capabilities = capabilities.as_object().cloned().unwrap_or_default();
        let until = Instant::now() + PATIENCE;
        let page = loop {
            let tried = ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities.clone())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await;
            match tried {
                Ok(page) => break page,
                Err(e) if Instant::now() > until => return Err(e).context("Chromium"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        };
        let browser = Self { driver, page };
        // The window's own frame is not part of the page.
        let inner = browser.run("return window.innerHeight", vec![]).await?;
        let frame = u64::from(height).saturating_sub(inner.as_u64().unwrap_or(u64::from(height)));
        let whole = height + u32::try_from(frame)?;
        browser.page.set_window_size(width, whole).await?;
        Ok(browser)
    }

    /// The element with this `data-testid`, once it is there.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn at(&self, id: &str) -> anyhow::Result<Element> {
        self.css(&format!("[data-testid=\"{id}\"]")).await
    }

    /// The first element a selector finds, once it is there.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn css(&self, selector: &str) -> anyhow::Result<Element> {
        let wait = self.page.wait().at_most(PATIENCE);
        let found = wait.for_element(Locator::Css(selector)).await;
        match found {
            Ok(element) => Ok(element),
            Err(e) => bail!(
                "no {selector} at {}: {e}\n{}",
                self.page.current_url().await?,
                self.text().await?
            ),
        }
    }

    /// Clicks what has this `data-testid`.
    ///
    /// # Errors
    /// When it is not there or cannot be clicked.
    pub async fn click(&self, id: &str) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            // Something that is just being drawn anew may be gone, or covered, for a moment.
            match self.at(id).await?.click().await {
                Ok(()) => return Ok(()),
                Err(e) if Instant::now() > until => return Err(e).context(id.to_owned()),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Types into what has this `data-testid`.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn write(&self, id: &str, text: &str) -> anyhow::Result<()> {
        let field = self.at(id).await?;
        field.click().await?;
        field.send_keys(text).await.context(id.to_owned())
    }

    /// Presses keys on the page as a whole.
    ///
    /// # Errors
    /// When there is no page.
    pub async fn press(&self, keys: &str) -> anyhow::Result<()> {
        self.css("body").await?.send_keys(keys).await?;
        Ok(())
    }

    /// Waits until the dialog has put its focus on what has this `data-testid`, types there and
    /// presses Enter.
    ///
    /// # Errors
    /// When the focus does not come there.
    pub async fn type_into_dialog(&self, focused: &str, keys: &str) -> anyhow::Result<()> {
        let script = "return document.activeElement?.dataset.testid ?? ''";
        let until = Instant::now() + PATIENCE;
        while self.run(script, vec![]).await? != focused {
            if Instant::now() > until {
                bail!("the focus is not on {focused}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let field = self.page.active_element().await?;
        field.send_keys(keys).await?;
        let field = self.page.active_element().await?;
        field
            .send_keys(&String::from(char::from(Key::Enter)))
            .await?;
        Ok(())
    }

    /// All visible text.
    ///
    /// # Errors
    /// When there is no page.
    pub async fn text(&self) -> anyhow::Result<String> {
        let text = self
            .page
            .execute("return document.body.innerText", vec![])
            .await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the visible text holds `words`.
    ///
    /// # Errors
    /// With the text that is there instead.
    pub async fn says(&self, words: &str) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let text = self.text().await?;
            if text.contains(words) {
                return Ok(());
            }
            if Instant::now() > until {
                bail!("「{words}」 is not on the page:\n{text}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Runs script on the page.
    ///
    /// # Errors
    /// When it throws.
    pub async fn run(&self, script: &str, args: Vec<Value>) -> anyhow::Result<Value> {
        self.page.execute(script, args).await.context("script")
    }

    /// Serious findings of axe-core on what is shown now, one line each.
    ///
    /// # Errors
    /// When axe-core is not installed or does not run.
    pub async fn axe(&self) -> anyhow::Result<Vec<String>> {
        let axe =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&axe).context("axe-core (npm ci in ui/)")?;
        self.run(&axe, vec![]).await?;
        let script = "const done = arguments[arguments.length - 1];
            axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})
               .then(r => done(r.violations
                   .filter(v => ['serious', 'critical'].includes(v.impact))
                   .map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | '))));";
        let found = self.page.execute_async(script, vec![]).await?;
        let lines = found.as_array().context("axe's answer")?;
        Ok(lines
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect())
    }

    /// A picture of the window.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn picture(&self, to: &Path) -> anyhow::Result<()> {
        let png = self.page.screenshot().await?;
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(to, png)?)
    }

    /// Addresses that the page asked anything of.
    ///
    /// # Errors
    /// When there is no page.
    pub async fn origins(&self) -> anyhow::Result<Vec<String>> {
        let script = "return [...new Set(performance.getEntriesByType('resource')
            .map(e => new URL(e.name).origin).concat([location.origin]))]";
        let found = self.run(script, vec![]).await?;
        let list = found.as_array().context("origins")?;
        Ok(list
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect())
    }

    /// Closes the window.
    ///
    /// # Errors
    /// When it is gone already.
    pub async fn close(self) -> anyhow::Result<()> {
        self.page.clone().close().await?;
        Ok(())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // SIGTERM lets the driver end its browser.
        let _ = crate::server::terminate(&self.driver);
        let _ = self.driver.wait();
    }
}
