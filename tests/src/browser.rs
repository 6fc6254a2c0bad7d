//! A real page without a screen, driven as a person drives it: clicks and keys. Chromium for the
//! console; the phone's own window is in [`crate::window`].

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

/// Whether a click would hit: the element stays where it is for two frames, and nothing lies over it.
const READY: &str = "const [element, done] = arguments;
    const box = () => JSON.stringify(element.getBoundingClientRect());
    const before = box();
    requestAnimationFrame(() => requestAnimationFrame(() => {
        if (!element.isConnected || box() !== before) return done(false);
        const r = element.getBoundingClientRect();
        const at = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
        const hit = !!at && (element === at || element.contains(at) || at.contains(element)
            || !!element.labels && [...element.labels].some(l => l.contains(at)));
        if (!hit) element.scrollIntoView({block: 'center'});
        done(hit);
    }))";

/// A page behind its driver; both end when dropped.
pub struct Browser {
    driver: Child,
    /// The page.
    pub page: Client,
}

pub(crate) fn free_port() -> anyhow::Result<u16> {
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
        let browser = Self::connect(driver, port, &capabilities).await?;
        // The window's own frame is not part of the page.
        let inner = browser.run("return window.innerHeight", vec![]).await?;
        let frame = u64::from(height).saturating_sub(inner.as_u64().unwrap_or(u64::from(height)));
        let whole = height + u32::try_from(frame)?;
        browser.page.set_window_size(width, whole).await?;
        Ok(browser)
    }

    /// A session with a driver that listens on `port`, or is about to.
    ///
    /// # Errors
    /// When it gives none.
    pub(crate) async fn connect(
        driver: Child,
        port: u16,
        capabilities: &Value,
    ) -> anyhow::Result<Self> {
        let capabilities = capabilities.as_object().cloned().unwrap_or_default();
        let until = Instant::now() + PATIENCE;
        loop {
            let tried = ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities.clone())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await;
            match tried {
                Ok(page) => return Ok(Self { driver, page }),
                Err(e) if Instant::now() > until => return Err(e).context("no session"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
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
        let selector = format!("[data-testid=\"{id}\"]");
        self.click_on(Locator::Css(&selector)).await
    }

    /// Clicks what is found.
    ///
    /// # Errors
    /// When it is not there or cannot be clicked.
    pub async fn click_on(&self, what: Locator<'_>) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let element = match what {
                Locator::Css(selector) => self.css(selector).await?,
                _ => self.page.wait().at_most(PATIENCE).for_element(what).await?,
            };
            // Something that is just being drawn anew may be gone for a moment, a sheet may still
            // slide; what lies under something else is scrolled out from under it, as a thumb would.
            let ready = self
                .page
                .execute_async(READY, vec![serde_json::to_value(&element)?])
                .await;
            let late = Instant::now() > until;
            if ready.is_ok_and(|r| r == true) || late {
                match element.click().await {
                    Ok(()) => return Ok(()),
                    Err(e) if late => return Err(e).context(format!("{what:?}")),
                    Err(_) => {}
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Types into what has this `data-testid`.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn write(&self, id: &str, text: &str) -> anyhow::Result<()> {
        self.click(id).await?;
        self.at(id)
            .await?
            .send_keys(text)
            .await
            .context(id.to_owned())
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

    /// Empties what has this `data-testid` and types into it.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn rewrite(&self, id: &str, text: &str) -> anyhow::Result<()> {
        let field = self.at(id).await?;
        // A page's own model hears of it only by the event.
        let script = "arguments[0].value = ''; arguments[0].dispatchEvent(new Event('input'))";
        self.run(script, vec![serde_json::to_value(&field)?])
            .await?;
        self.write(id, text).await
    }

    /// Goes to a page of a window whose pages are told apart by the hash.
    ///
    /// # Errors
    /// When there is no page.
    pub async fn go(&self, route: &str) -> anyhow::Result<()> {
        let script = "location.hash = arguments[0]";
        self.run(script, vec![format!("#/{route}").into()]).await?;
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

    /// Waits until a script gives `true`.
    ///
    /// # Errors
    /// With the text that is there when it does not.
    pub async fn until(&self, script: &str) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        while self.run(script, vec![]).await? != true {
            if Instant::now() > until {
                bail!("never true: {script}\n{}", self.text().await?);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
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

    /// Waits until nothing is being loaded, nothing moves and every picture in sight is drawn, for
    /// some frames on end.
    ///
    /// # Errors
    /// When something never comes.
    pub async fn settled(&self) -> anyhow::Result<()> {
        let script = "const done = arguments[0];
            const seen = i => { const r = i.getBoundingClientRect();
                return r.width > 0 && r.bottom > 0 && r.top < innerHeight; };
            const still = () => !document.querySelector('[aria-busy=true]')
                && [...document.images].filter(seen).every(i => i.complete && i.naturalWidth > 0)
                && document.getAnimations().every(a => a.playState !== 'running');
            let frames = 0;
            const look = () => {
                frames = still() ? frames + 1 : 0;
                if (frames > 12) done(true); else requestAnimationFrame(look);
            };
            look();";
        self.page.execute_async(script, vec![]).await?;
        Ok(())
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
