//! The phone's own window: the real app on a display that is not there, driven by WebKit's driver.
//!
//! What is killed here is the app's own process, as a flat battery would; its vault stays.

use crate::{bins, browser::Browser};
use anyhow::{Context as _, bail};
use serde_json::json;
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The PIN of every phone here.
pub const PIN: &str = "428163";

/// A window of the app over a vault; app, driver and display end when it is dropped.
pub struct Window {
    // Dropped in this order: the driver with its app, then the display under them.
    browser: Browser,
    _display: Display,
    vault: PathBuf,
}

/// A display nobody looks at.
struct Display(Child);

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl std::ops::Deref for Window {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

/// Whether a program has the vault open.
fn is_open(vault: &Path) -> bool {
    let lock = fs::File::options()
        .append(true)
        .open(vault.join("vault.lock"));
    lock.is_ok_and(|file| file.try_lock().is_err())
}

/// Starts one; gives its name.
fn display(width: u32, height: u32) -> anyhow::Result<(Display, String)> {
    let mut child = Command::new("Xvfb")
        .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0"])
        .arg(format!("{width}x{height}x24"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("Xvfb (apt-get install xvfb)")?;
    let stdout = child.stdout.take().context("Xvfb's stdout")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    if line.trim().is_empty() {
        bail!("Xvfb gave no display");
    }
    Ok((Display(child), format!(":{}", line.trim())))
}

impl Window {
    /// Opens the app on `vault` in a window of this size.
    ///
    /// # Errors
    /// When display, driver or app do not start.
    pub async fn open(vault: &Path, width: u32, height: u32) -> anyhow::Result<Self> {
        let app = bins::app()?;
        let (display, name) = display(width, height)?;
        let port = crate::browser::free_port()?;
        let driver = Command::new("WebKitWebDriver")
            .args(["--host=127.0.0.1".to_owned(), format!("--port={port}")])
            .env("DISPLAY", name)
            .env_remove("WAYLAND_DISPLAY")
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("ZHICHA_VAULT", vault)
            .env("ZHICHA_WINDOW", format!("{width}x{height}"))
            .env("ZHICHA_POSITION", vault.with_extension("position"))
            // What the page keeps for itself lies beside the vault, as on a phone of its own.
            .env("XDG_DATA_HOME", vault.with_extension("page"))
            .env("XDG_CACHE_HOME", vault.with_extension("cache"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("WebKitWebDriver (apt-get install webkit2gtk-driver)")?;
        let capabilities = json!({"webkitgtk:browserOptions": {"binary": app, "args": []}});
        let browser = Browser::connect(driver, port, &capabilities).await?;
        Ok(Self {
            browser,
            _display: display,
            vault: vault.to_owned(),
        })
    }

    /// Opens the app, and its vault with the PIN.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn unlocked(vault: &Path, width: u32, height: u32) -> anyhow::Result<Self> {
        let window = Self::open(vault, width, height).await?;
        window.unlock(PIN).await?;
        window.at("refresh").await?;
        Ok(window)
    }

    /// Types a PIN on the keypad.
    ///
    /// # Errors
    /// When there is no keypad.
    pub async fn unlock(&self, pin: &str) -> anyhow::Result<()> {
        for digit in pin.chars() {
            self.click(&format!("key-{digit}")).await?;
        }
        self.click("unlock-open").await
    }

    /// Where the phone is from now on: degrees and metres, as WGS-84.
    ///
    /// # Errors
    /// When the file of positions cannot be written.
    pub fn stand_at(&self, lat: f64, lon: f64, acc_m: f64) -> anyhow::Result<()> {
        let path = self.vault.with_extension("position");
        Ok(fs::write(path, format!("{lat},{lon},{acc_m}\n"))?)
    }

    /// Binds the phone to the server by hand: address, code, fingerprint, PIN.
    ///
    /// # Errors
    /// When it is not bound.
    pub async fn enrol(&self, url: &str, fingerprint: &str, code: &str) -> anyhow::Result<()> {
        self.write("enrol-address", url).await?;
        self.write("enrol-code", code).await?;
        self.click("enrol-next").await?;
        let shown = self.at("enrol-fingerprint").await?.text().await?;
        let shown: String = shown.chars().filter(char::is_ascii_hexdigit).collect();
        if !shown.eq_ignore_ascii_case(fingerprint) {
            bail!("the window shows fingerprint {shown}, the server's is {fingerprint}");
        }
        self.write("enrol-pin", PIN).await?;
        self.write("enrol-pin-again", PIN).await?;
        self.click("enrol-bind").await?;
        self.at("refresh").await?;
        Ok(())
    }

    /// Gives a file to a field of pictures and waits until one more is shown.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn photo(&self, field: &str, file: &str) -> anyhow::Result<()> {
        let shown = "return document.querySelectorAll('[data-testid=capture-photo]').length";
        let before = self.run(shown, vec![]).await?.as_u64().unwrap_or(0);
        self.at(field).await?.send_keys(file).await?;
        self.until(&format!(
            "return document.querySelectorAll('[data-testid=capture-photo]').length > {before}"
        ))
        .await
    }

    /// Closes the window as its user does, and waits until the vault is closed.
    ///
    /// # Errors
    /// When it is gone already, or does not end.
    pub async fn close_app(self) -> anyhow::Result<()> {
        self.browser.page.clone().close().await?;
        let until = Instant::now() + Duration::from_secs(20);
        while is_open(&self.vault) {
            if Instant::now() > until {
                bail!("the app did not close its vault when its window was closed");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Waits until the latest draft on disk holds `text` in this field: the last key is in the vault.
    ///
    /// # Errors
    /// When it never does.
    pub async fn stored(&self, field: &str, text: &str) -> anyhow::Result<()> {
        let script = "const [field, done] = arguments;
            window.__TAURI_INTERNALS__.invoke('drafts').then(d => done(d[0]?.draft[field] ?? ''))";
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let held = self.page.execute_async(script, vec![field.into()]).await?;
            if held == text {
                return Ok(());
            }
            if Instant::now() > until {
                bail!("the vault holds {held} for {field}, not {text}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// kill -9 of the app; gives the vault back to be opened again.
    ///
    /// # Errors
    /// When there is no such process.
    pub fn kill(self) -> anyhow::Result<PathBuf> {
        let mut killed = 0;
        for pid in self.processes()? {
            let done = Command::new("/bin/sh")
                .args(["-c", "kill -9 \"$1\"", "sh"])
                .arg(pid.to_string())
                .status()?;
            killed += u32::from(done.success());
        }
        if killed == 0 {
            bail!("no process of the app holds {}", self.vault.display());
        }
        Ok(self.vault)
    }

    /// The app's own process, found by its program and its vault.
    fn processes(&self) -> anyhow::Result<Vec<u32>> {
        let app = fs::canonicalize(bins::app()?)?;
        let wanted = format!("ZHICHA_VAULT={}", self.vault.display());
        let mut found = Vec::new();
        for process in fs::read_dir("/proc")?.flatten() {
            let folder = process.path();
            let is_app = fs::read_link(folder.join("exe")).is_ok_and(|exe| exe == app);
            let environment = fs::read(folder.join("environ")).unwrap_or_default();
            let ours = environment
                .split(|b| *b == 0)
                .any(|v| v == wanted.as_bytes());
            if is_app && ours {
                found.extend(process.file_name().to_string_lossy().parse::<u32>());
            }
        }
        Ok(found)
    }

    /// When the app's process was started, milliseconds since 1970, by the system.
    ///
    /// # Errors
    /// When it is gone.
    pub fn born_ms(&self) -> anyhow::Result<f64> {
        let pid = *self.processes()?.first().context("the app's process")?;
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // Field 22, in hundredths of a second since boot; the name in field 2 may hold spaces.
        let after_name = stat.rsplit_once(')').context("stat")?.1;
        let ticks: f64 = after_name
            .split_whitespace()
            .nth(19)
            .context("start time")?
            .parse()?;
        let uptime = fs::read_to_string("/proc/uptime")?;
        let up_s: f64 = uptime
            .split_whitespace()
            .next()
            .context("uptime")?
            .parse()?;
        let now_ms = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)?
            .as_secs_f64()
            * 1000.0;
        Ok(now_ms - (up_s * 1000.0 - ticks * 10.0))
    }
}
