//! The office's pages in a real browser: what a 审核员 does with hands.

use crate::browser::Browser;
use anyhow::Context as _;
use fantoccini::Locator;
use std::path::Path;

/// A browser window of one signed-in person.
pub struct Console {
    browser: Browser,
    url: String,
}

impl std::ops::Deref for Console {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Console {
    /// Opens a window of 1440 × 900 and signs in.
    ///
    /// # Errors
    /// When the browser does not start or the server says no.
    pub async fn sign_in(url: &str, login: &str, password: &str) -> anyhow::Result<Self> {
        let browser = Browser::open(1440, 900).await?;
        browser.page.goto(url).await?;
        browser.write("login-name", login).await?;
        browser.write("login-password", password).await?;
        browser.click("login-enter").await?;
        browser.at("logout").await?;
        Ok(Self {
            browser,
            url: url.to_owned(),
        })
    }

    /// Goes to a page: `review`, `problems/…`.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub async fn open(&self, route: &str) -> anyhow::Result<()> {
        let address = format!("{}/#/{route}", self.url);
        Ok(self.browser.page.goto(&address).await?)
    }

    /// 审核: files all `count` that wait, by the key A.
    ///
    /// # Errors
    /// When another number waits.
    pub async fn accept_all(&self, count: usize) -> anyhow::Result<()> {
        self.open("review").await?;
        for left in (1..=count).rev() {
            self.says(&format!("待审 {left}")).await?;
            self.press("a").await?;
        }
        self.at("review-empty").await?;
        Ok(())
    }

    /// 交办: ticks everything that waits and names the unit and what is required; not sent yet.
    ///
    /// # Errors
    /// When the unit is not offered.
    pub async fn prepare_notice(&self, unit: &str, requirement: &str) -> anyhow::Result<()> {
        self.open("dispatch").await?;
        self.at("dispatch-tick").await?;
        let ticks = Locator::Css("[data-testid=dispatch-tick]");
        for tick in self.page.find_all(ticks).await? {
            tick.click().await?;
        }
        let field = "[data-testid=terms-unit] input";
        let option = format!(
            "//li[contains(@class, 'el-select-dropdown__item')][normalize-space()='{unit}']"
        );
        self.click_on(Locator::Css(field)).await?;
        // The list grows out of the field: what is clicked while it does may slip away.
        let settled = "const list = document.querySelector('.el-select-dropdown');
            return !!list && list.getAnimations({subtree: true}).length === 0
                && !document.querySelector('[class*=enter-active]')";
        self.until(settled).await?;
        self.click_on(Locator::XPath(&option)).await?;
        self.until("return !document.querySelector('.el-select-dropdown')?.checkVisibility()")
            .await?;
        self.write("terms-requirement", requirement).await
    }

    /// Sends the notice that was prepared.
    ///
    /// # Errors
    /// When the server does not take it.
    pub async fn send_notice(&self, unit: &str) -> anyhow::Result<()> {
        self.click("dispatch-send").await?;
        self.says(&format!("已交办给{unit}")).await
    }

    /// 代录: what the unit did, with a photo.
    ///
    /// # Errors
    /// When the server does not take it.
    pub async fn feedback(
        &self,
        problem: &str,
        measure: &str,
        result: &str,
        photo: &Path,
    ) -> anyhow::Result<()> {
        self.open(&format!("problems/{problem}")).await?;
        self.click("act-feedback").await?;
        self.write("feedback-measure", measure).await?;
        self.write("feedback-result", result).await?;
        self.after_photo(photo).await?;
        self.click("feedback-send").await?;
        self.says("待复查").await
    }

    /// Adds an after-photo in the open feedback.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn after_photo(&self, photo: &Path) -> anyhow::Result<()> {
        let shown = "return document.querySelectorAll('.shot img').length";
        let before = self.run(shown, vec![]).await?.as_u64().unwrap_or(0);
        let field = self.at("feedback-photo").await?;
        let path = photo.to_str().context("the photo's path")?;
        field.send_keys(path).await?;
        self.until(&format!("{shown} > {before}")).await
    }

    /// 复查: `pass`, `fail` …, with a note where one is needed.
    ///
    /// # Errors
    /// When the dialog does not open.
    pub async fn recheck(&self, problem: &str, result: &str, note: &str) -> anyhow::Result<()> {
        self.open(&format!("problems/{problem}")).await?;
        self.click("act-recheck").await?;
        self.click(&format!("reason-{result}")).await?;
        if !note.is_empty() {
            self.write("reason-note", note).await?;
        }
        self.click("reason-confirm").await
    }

    /// One of the plain steps, by the key of its button.
    ///
    /// # Errors
    /// When it is not offered.
    pub async fn step(&self, problem: &str, button: &str, note: &str) -> anyhow::Result<()> {
        self.open(&format!("problems/{problem}")).await?;
        self.click(&format!("act-{button}")).await?;
        if !note.is_empty() {
            self.write("reason-note", note).await?;
        }
        self.click("reason-confirm").await
    }

    /// Closes the window.
    ///
    /// # Errors
    /// When it is gone already.
    pub async fn close(self) -> anyhow::Result<()> {
        self.browser.close().await
    }
}
