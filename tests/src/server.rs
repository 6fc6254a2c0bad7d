//! A server process: started, awaited by its first line, stopped or killed.

use crate::bins;
use anyhow::{Context as _, bail};
use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// The password of the accounts of a city under test.
pub const ADMIN_PASSWORD: &str = "manzhouli-test-0471";

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    /// `https://127.0.0.1:PORT`
    pub url: String,
    /// SHA-256 of the city CA.
    pub fingerprint: String,
    /// Its data folder.
    pub data: PathBuf,
}

/// Runs the server program once.
///
/// # Errors
/// When it cannot be started.
pub fn run(args: &[&str], stdin: Option<&str>) -> anyhow::Result<Output> {
    let mut command = Command::new(bins::server()?);
    command.args(args);
    output(command, stdin)
}

pub(crate) fn output(mut command: Command, stdin: Option<&str>) -> anyhow::Result<Output> {
    command
        .stdin(if stdin.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().context("start")?;
    if let (Some(text), Some(mut pipe)) = (stdin, child.stdin.take()) {
        use std::io::Write as _;
        // A program that refuses its arguments may be gone before it reads.
        let _ = pipe.write_all(text.as_bytes());
    }
    child.wait_with_output().context("run")
}

/// Runs the server program and fails with its words if it fails.
///
/// # Errors
/// What it printed.
pub fn must(args: &[&str], stdin: Option<&str>) -> anyhow::Result<String> {
    let out = run(args, stdin)?;
    if !out.status.success() {
        bail!(
            "zhicha-server {}: {}",
            args.join(" "),
            String::from_utf8_lossy(&out.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Makes a city with a first administrator `admin`.
///
/// # Errors
/// What the server program printed.
pub fn init(data: &Path, password: &str) -> anyhow::Result<()> {
    let data_text = data.to_string_lossy();
    let recovery = data.with_extension("recovery-key");
    let recovery = recovery.to_string_lossy();
    must(
        &[
            "init",
            "--data",
            &data_text,
            "--city",
            "满洲里市",
            "--recovery-out",
            &recovery,
        ],
        None,
    )?;
    account(data, "admin", "管理员", "admin", password)
}

/// Adds an account to a folder that no server uses.
///
/// # Errors
/// What the server program printed.
pub fn account(
    data: &Path,
    login: &str,
    name: &str,
    preset: &str,
    password: &str,
) -> anyhow::Result<()> {
    let data = data.to_string_lossy();
    must(
        &[
            "account", "add", "--data", &data, "--login", login, "--name", name, "--preset", preset,
        ],
        Some(&format!("{password}\n")),
    )?;
    Ok(())
}

/// A one-time code for `login`, from a folder that no server uses.
///
/// # Errors
/// What the server program printed.
pub fn code(data: &Path, login: &str) -> anyhow::Result<String> {
    let data = data.to_string_lossy();
    let out = must(&["code", "--data", &data, "--login", login], None)?;
    Ok(out.trim().to_owned())
}

/// Asks a process to end. The shell's own `kill`: a bare Debian has no program of that name.
///
/// # Errors
/// When the system has no shell.
pub fn terminate(child: &Child) -> std::io::Result<()> {
    let pid = child.id().to_string();
    let mut shell = Command::new("sh");
    shell.args(["-c", "kill -TERM \"$0\"", &pid]);
    shell.status().map(|_| ())
}

impl Server {
    /// Makes a city with a first administrator and serves it.
    ///
    /// # Errors
    /// What the server program printed.
    pub fn fresh(data: &Path) -> anyhow::Result<Self> {
        init(data, ADMIN_PASSWORD)?;
        Self::start(data, "127.0.0.1:0")
    }

    /// Starts on an initialised folder at `listen` and waits until it serves.
    ///
    /// # Errors
    /// When it stops before it is ready.
    pub fn start(data: &Path, listen: &str) -> anyhow::Result<Self> {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(data.with_extension("log"))?;
        let mut child = Command::new(bins::server()?)
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--listen", listen])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("start the server")?;
        let stdout = child.stdout.take().context("the server's stdout")?;
        let mut lines = BufReader::new(stdout).lines();
        let line = loop {
            match lines.next() {
                Some(line) => {
                    let line = line?;
                    if line.starts_with("listening ") {
                        break line;
                    }
                }
                None => {
                    let _ = child.wait();
                    let log = std::fs::read_to_string(data.with_extension("log"))?;
                    bail!("the server stopped before it was ready:\n{log}");
                }
            }
        };
        // Keep the pipe drained, so that the server never blocks on it.
        std::thread::spawn(move || lines.for_each(drop));
        let words: Vec<&str> = line.split_whitespace().collect();
        let address = words.get(1).context("address in the first line")?;
        let fingerprint = words.get(3).copied().unwrap_or_default().to_owned();
        let address = address.trim_start_matches("https://");
        Ok(Self {
            child,
            url: format!("https://{address}"),
            fingerprint,
            data: data.to_owned(),
        })
    }

    /// `127.0.0.1:PORT`
    #[must_use]
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("https://")
    }

    /// Asks it to stop (SIGTERM) and waits.
    ///
    /// # Errors
    /// When it does not stop within 15 seconds or stops with an error.
    pub fn stop(mut self) -> anyhow::Result<()> {
        terminate(&self.child)?;
        let until = Instant::now() + Duration::from_secs(15);
        loop {
            if let Some(status) = self.child.try_wait()? {
                if status.success() {
                    return Ok(());
                }
                bail!("the server stopped with {status}");
            }
            if Instant::now() > until {
                bail!("the server did not stop within 15 s of SIGTERM");
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// kill -9.
    ///
    /// # Errors
    /// When the system cannot.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Resident memory in bytes, where the system tells.
    #[must_use]
    pub fn rss_bytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
        let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
