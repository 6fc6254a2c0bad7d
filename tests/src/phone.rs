//! A phone, played by the command `zhicha`.

use crate::{
    bins,
    server::{self, Server, output},
};
use anyhow::{Context as _, bail};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A vault folder and the PIN that opens it.
pub struct Phone {
    /// The vault.
    pub vault: PathBuf,
    pin_file: PathBuf,
}

impl Phone {
    /// A phone whose vault will be `vault`; its PIN lies in a file beside it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn new(vault: &Path) -> anyhow::Result<Self> {
        let pin_file = vault.with_extension("pin");
        std::fs::write(&pin_file, "428163\n")?;
        Ok(Self {
            vault: vault.to_owned(),
            pin_file,
        })
    }

    /// Runs one command.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn run(&self, args: &[&str]) -> anyhow::Result<Output> {
        let mut command = Command::new(bins::phone()?);
        command
            .arg("--vault")
            .arg(&self.vault)
            .arg("--pin-file")
            .arg(&self.pin_file)
            .args(args);
        output(command, None)
    }

    /// Starts one command and does not wait for it.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn spawn(&self, args: &[&str]) -> anyhow::Result<std::process::Child> {
        Command::new(bins::phone()?)
            .arg("--vault")
            .arg(&self.vault)
            .arg("--pin-file")
            .arg(&self.pin_file)
            .args(args)
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .context("start the phone")
    }

    /// Runs one command that has to succeed; gives what it printed.
    ///
    /// # Errors
    /// What it printed on stderr.
    pub fn must(&self, args: &[&str]) -> anyhow::Result<String> {
        let out = self.run(args)?;
        if !out.status.success() {
            bail!(
                "zhicha {} → {}\n{}{}",
                args.join(" "),
                out.status,
                String::from_utf8_lossy(&out.stdout),
                String::from_utf8_lossy(&out.stderr)
            );
        }
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    }

    /// `status --json`.
    ///
    /// # Errors
    /// When the command fails or prints no JSON.
    pub fn status(&self) -> anyhow::Result<Value> {
        serde_json::from_str(&self.must(&["status", "--json"])?).context("status --json")
    }

    /// Binds the phone.
    ///
    /// # Errors
    /// What the command printed.
    pub fn enrol(&self, url: &str, fingerprint: &str, code: &str) -> anyhow::Result<String> {
        self.must(&[
            "enrol",
            "--server",
            url,
            "--fingerprint",
            fingerprint,
            "--code",
            code,
            "--name",
            "巡查手机",
        ])
    }

    /// A phone of the inspector `lead`, bound to a fresh city whose server runs.
    ///
    /// # Errors
    /// What the programs printed.
    pub fn with_server(dir: &Path) -> anyhow::Result<(Self, Server)> {
        let data = dir.join("data");
        server::init(&data, server::ADMIN_PASSWORD)?;
        server::account(
            &data,
            "lead",
            "巡查员王",
            "inspector",
            server::ADMIN_PASSWORD,
        )?;
        let code = server::code(&data, "lead")?;
        let server = Server::start(&data, "127.0.0.1:0")?;
        let phone = Self::new(&dir.join("vault"))?;
        phone.enrol(&server.url, &server.fingerprint, &code)?;
        Ok((phone, server))
    }
}

/// A text field of an answer.
///
/// # Errors
/// When it is not there.
pub fn text(body: &Value, field: &str) -> anyhow::Result<String> {
    body[field]
        .as_str()
        .map(str::to_owned)
        .with_context(|| format!("no `{field}` in {body}"))
}
