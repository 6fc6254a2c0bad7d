//! The inspector's part, by hand in the phone's real window.

use super::{Diary, FOUND, Found, SITE};
use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;
use zhicha_tests::window::Window;

/// The phone's size.
const SIZE: (u32, u32) = (390, 844);

/// A hand that holds the phone.
pub(super) struct Inspector<'a> {
    rt: &'a Runtime,
    window: Window,
    screens: PathBuf,
}

impl<'a> Inspector<'a> {
    /// Takes a new phone and binds it.
    pub(super) fn bind(
        rt: &'a Runtime,
        out: &Path,
        server: (&str, &str),
        code: &str,
    ) -> anyhow::Result<Self> {
        let window = rt.block_on(async {
            let window = Window::open(&out.join("vault"), SIZE.0, SIZE.1).await?;
            window.enrol(server.0, server.1, code).await?;
            anyhow::Ok(window)
        })?;
        Ok(Self {
            rt,
            window,
            screens: out.join("screens"),
        })
    }

    /// Opens the same phone again, with its PIN.
    pub(super) fn again(rt: &'a Runtime, out: &Path) -> anyhow::Result<Self> {
        let vault = out.join("vault");
        let window = rt.block_on(Window::unlocked(&vault, SIZE.0, SIZE.1))?;
        Ok(Self {
            rt,
            window,
            screens: out.join("screens"),
        })
    }

    fn picture(&self, name: &str) -> anyhow::Result<()> {
        let to = self.screens.join(format!("phone-{name}.png"));
        self.rt.block_on(async {
            self.window.settled().await?;
            self.window.picture(&to).await
        })
    }

    /// 今日 before 出发: a date and nothing else.
    pub(super) fn sealed(&self) -> anyhow::Result<()> {
        self.rt.block_on(async {
            self.window.click("refresh").await?;
            self.window.at("depart").await?;
            if self.window.text().await?.contains(SITE) {
                bail!("the phone knew the site before departure");
            }
            anyhow::Ok(())
        })?;
        self.picture("1-sealed")
    }

    /// 出发
    pub(super) fn depart(&self) -> anyhow::Result<()> {
        self.rt.block_on(async {
            self.window.click("depart").await?;
            self.window.says(SITE).await
        })?;
        self.picture("2-today")
    }

    /// The walk: answers by the manual.
    pub(super) fn walk(&self) -> anyhow::Result<usize> {
        let answers = [
            "answer-BJXX-01-mostly",
            "answer-BJXX-02-true",
            "answer-BJXX-03-good-more",
            "answer-BJXX-03-bad-more",
            "answer-BJXX-10-more",
            "answer-BJXX-13-more",
        ];
        self.rt.block_on(async {
            self.window.click("start-visit").await?;
            for answer in answers {
                self.window.click(answer).await?;
            }
            self.window.says("已看 5").await?;
            anyhow::Ok(())
        })?;
        self.picture("3-visit")?;
        Ok(5)
    }

    /// One problem, two photos; gives the temporary number.
    pub(super) fn log(
        &self,
        nth: usize,
        found: &Found,
        photos: &(PathBuf, PathBuf),
    ) -> anyhow::Result<String> {
        let (lat, lon, acc_m) = found.at;
        self.window.stand_at(lat, lon, acc_m)?;
        let path = |p: &PathBuf| p.to_str().map(str::to_owned).context("the photo's path");
        let (near, wide) = (path(&photos.0)?, path(&photos.1)?);
        self.rt.block_on(async {
            self.window.click(&format!("log-{}", found.item)).await?;
            self.window.photo("photo-near", &near).await?;
            self.window.photo("photo-wide", &wide).await?;
            self.window
                .click(&format!("category-{}", found.category))
                .await?;
            self.window.write("capture-note", found.note).await?;
            self.window.rewrite("capture-place", found.place).await
        })?;
        if nth == 0 {
            self.picture("4-capture")?;
        }
        self.rt.block_on(async {
            self.window.click("capture-done").await?;
            self.window.says("已记下").await?;
            self.window.at("visit-end").await?;
            let said = self.window.text().await?;
            let number = said.split_whitespace().find(|word| word.starts_with("临-"));
            number.map(str::to_owned).context("the temporary number")
        })
    }

    /// 立即同步 while nobody answers.
    pub(super) fn try_in_vain(&self) -> anyhow::Result<()> {
        self.rt.block_on(async {
            self.window.go("sync").await?;
            self.window.click("sync-now").await?;
            self.window.at("sync-wrong").await?;
            let said = self.window.at("sync-records").await?.text().await?;
            if !said.starts_with("0/") {
                bail!("a record is said to be synced although the server is stopped: {said}");
            }
            anyhow::Ok(())
        })?;
        self.picture("5-offline")?;
        self.rt.block_on(async {
            self.window.go("today").await?;
            self.window.click("resume-visit").await?;
            self.window.at("visit-end").await?;
            anyhow::Ok(())
        })
    }

    /// 结束巡查
    pub(super) fn finish(&self) -> anyhow::Result<()> {
        self.rt.block_on(async {
            self.window.click("visit-end").await?;
            self.window.click("visit-finish").await?;
            self.window.at("refresh").await?;
            anyhow::Ok(())
        })
    }

    /// 立即同步, until everything is confirmed; then the phone is laid aside.
    pub(super) fn sync(self) -> anyhow::Result<()> {
        self.rt.block_on(async {
            self.window.go("sync").await?;
            self.window.click("sync-now").await?;
            self.window.at("sync-all").await?;
            anyhow::Ok(())
        })?;
        self.picture("6-synced")?;
        self.rt.block_on(async {
            self.window.go("problems").await?;
            self.window.click("problem-row").await?;
            self.window.click("problem-photo").await?;
            self.window.click("photo-mode").await
        })?;
        self.picture("7-photo")?;
        let Self { rt, window, .. } = self;
        rt.block_on(window.close_app())
    }

    /// The states as the office left them.
    pub(super) fn look(self, diary: &mut Diary) -> anyhow::Result<()> {
        self.rt.block_on(async {
            self.window.go("sync").await?;
            self.window.click("sync-now").await?;
            self.window.at("sync-all").await?;
            self.window.go("problems").await?;
            self.window.says("已销号").await
        })?;
        self.picture("8-problems")?;
        diary.note(
            "手机",
            format!("看到办公室的进展：{} 条各有状态", FOUND.len()),
        );
        let Self { rt, window, .. } = self;
        rt.block_on(window.close_app())
    }
}
