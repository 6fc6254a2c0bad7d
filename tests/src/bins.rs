//! Where the programs under test are.

use anyhow::{Context as _, bail};
use std::path::PathBuf;

/// The server.
///
/// # Errors
/// When it was not built.
pub fn server() -> anyhow::Result<PathBuf> {
    find("ZHICHA_SERVER_BIN", "zhicha-server")
}

/// The phone as a command.
///
/// # Errors
/// When it was not built.
pub fn phone() -> anyhow::Result<PathBuf> {
    find("ZHICHA_BIN", "zhicha")
}

/// The phone's window.
///
/// # Errors
/// When it was not built.
pub fn app() -> anyhow::Result<PathBuf> {
    find("ZHICHA_APP_BIN", "zhicha-app")
}

/// The named variable, else the program beside the running one.
fn find(variable: &str, name: &str) -> anyhow::Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        let path = PathBuf::from(path);
        if !path.is_file() {
            bail!("{variable} names {}, which is not there", path.display());
        }
        return Ok(path);
    }
    let here = std::env::current_exe().context("where am I")?;
    here.ancestors()
        .skip(1)
        .take(3)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .with_context(|| {
            format!("{name} is not built: run `make test`, or `cargo build -p zhicha-server -p zhicha-cli`")
        })
}
