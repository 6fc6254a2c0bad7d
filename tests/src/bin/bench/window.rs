//! The phone's window over a vault with 50,000 problems, and what the pages weigh.
//!
//! `app_start_ms`: from the start of the process to a keypad that takes digits, and from 解锁 to a list
//! of tasks that can be tapped, without the derivation of the key from the PIN (measured apart on an
//! empty vault and taken off: it is slow on purpose).

use crate::{Figure, median};
use anyhow::Context as _;
use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};
use zhicha_field::Vault;
use zhicha_tests::{
    office::Office,
    phone::Phone,
    server::Server,
    window::{PIN, Window},
};

const PROBLEMS: u32 = 50_000;
const ROUNDS: usize = 5;

pub(crate) fn figures() -> anyhow::Result<Vec<Figure>> {
    let dir = tempfile::tempdir_in("target")?;
    let dir_path = dir.path().canonicalize()?;
    let server = Server::fresh(&dir_path.join("data"))?;
    let code = Office::with_city(&server)?.inspector_code("lead")?;
    let phone = Phone::new(&dir_path.join("vault"))?;
    phone.enrol(&server.url, &server.fingerprint, &code)?;
    let mut vault = Vault::open(&phone.vault, PIN.as_bytes())?;
    vault.fill_for_measuring(PROBLEMS, |n| format!("第{n}条 店外经营占道"))?;
    drop(vault);
    let derivation_ms = derivation(&dir_path)?;

    let rt = tokio::runtime::Runtime::new()?;
    let (mut starts, mut gaps, mut nodes) = (Vec::new(), Vec::new(), 0.0_f64);
    for _ in 0..ROUNDS {
        let (start, gap, most) = rt.block_on(once(&phone.vault))?;
        starts.push(start - derivation_ms);
        gaps.push(gap);
        nodes = nodes.max(most);
    }
    Ok(vec![
        Figure::plain("app_start_ms", median(starts), "ms"),
        Figure::plain("app_key_derivation_ms", derivation_ms, "ms"),
        Figure::plain("ui_longest_task_ms", median(gaps), "ms"),
        Figure::plain("ui_list_row_nodes", nodes, "nodes"),
        first_load("ui_phone_first_load_kb", "inspector", &["Unlock", "Today"])?,
        first_load(
            "ui_console_first_load_kb",
            "console",
            &["Login", "Overview"],
        )?,
    ])
}

/// Opening a vault with nothing in it: the key's derivation and next to nothing else.
fn derivation(dir: &Path) -> anyhow::Result<f64> {
    let folder = dir.join("empty");
    drop(Vault::create(&folder, PIN.as_bytes(), &mut rand::rng())?);
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        drop(Vault::open(&folder, PIN.as_bytes())?);
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(median(times))
}

/// One start: milliseconds to a usable list of tasks, the longest time the page's thread was busy on
/// the main path, the most rows the list of 50,000 had in the page.
async fn once(vault: &Path) -> anyhow::Result<(f64, f64, f64)> {
    let window = Window::open(vault, 390, 844).await?;
    window.at("unlock-open").await?;
    let number = |value: serde_json::Value| value.as_f64().unwrap_or(f64::NAN);
    // From the process's birth to the keypad, by the system's own clock of processes.
    let keypad_wall_ms = number(
        window
            .run("return performance.timeOrigin + (performance.getEntriesByName('ready')[0]?.startTime ?? NaN)", vec![])
            .await?,
    );
    let to_keypad = keypad_wall_ms - window.born_ms()?;
    window
        .run(
            "window.longest = 0; let last = performance.now();
             const tick = () => { const now = performance.now(); window.longest = Math.max(window.longest, now - last); last = now; setTimeout(tick, 0); };
             setTimeout(tick, 0);
             window.unlocked = new Promise(done => {
               document.querySelector('[data-testid=unlock-open]').addEventListener('click', () => {
                 const begun = performance.now();
                 const look = () => document.querySelector('[data-testid=refresh]') && !document.querySelector('[aria-busy=true]')
                   ? done(performance.now() - begun) : requestAnimationFrame(look);
                 look();
               });
             });",
            vec![],
        )
        .await?;
    window.unlock(PIN).await?;
    let script = "const done = arguments[0]; window.unlocked.then(done)";
    let to_list = number(window.page.execute_async(script, vec![]).await?);
    window.go("problems").await?;
    window.at("problem-row").await?;
    let mut most = 0.0_f64;
    for step in 0..20 {
        let script = "document.querySelector('.body').scrollBy(0, 4000); return document.querySelectorAll('[data-testid=problem-row]').length";
        most = most.max(number(window.run(script, vec![]).await?));
        if step % 5 == 0 {
            window.at("problem-row").await?;
        }
    }
    let longest = number(window.run("return window.longest", vec![]).await?);
    window.close_app().await?;
    Ok((to_keypad + to_list, longest, most))
}

/// What comes over before the first page works: the document, its scripts and styles with all they
/// import, and those of the first pages; gzip, kB of 1,000 bytes.
fn first_load(name: &'static str, product: &str, pages: &[&str]) -> anyhow::Result<Figure> {
    let dist = Path::new("ui/dist").join(product);
    let index = std::fs::read_to_string(dist.join("index.html")).context("ui/dist (make ui)")?;
    let mut wanted: Vec<String> = quoted(&index)
        .filter_map(|path| path.strip_prefix("./assets/").map(str::to_owned))
        .collect();
    for entry in std::fs::read_dir(dist.join("assets"))? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        if pages
            .iter()
            .any(|page| file.starts_with(&format!("{page}-")))
        {
            wanted.push(file);
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(file) = wanted.pop() {
        if !seen.insert(file.clone()) || !file.ends_with(".js") {
            continue;
        }
        let text = std::fs::read_to_string(dist.join("assets").join(&file))?;
        // Static imports stand at the head of a chunk: `import{…}from"./x.js"`.
        for (at, _) in text.match_indices("from\"./") {
            let rest = text.get(at + 7..).unwrap_or_default();
            if let Some(end) = rest.find('"') {
                wanted.push(rest[..end].to_owned());
            }
        }
    }
    let mut bytes = gzipped(&dist.join("index.html"))?;
    for file in &seen {
        bytes += gzipped(&dist.join("assets").join(file))?;
    }
    Ok(Figure::plain(name, bytes as f64 / 1000.0, "kB"))
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

fn gzipped(path: &Path) -> anyhow::Result<usize> {
    let done = Command::new("gzip")
        .args(["-9", "-c"])
        .arg(path)
        .stdin(Stdio::null())
        .output()?;
    anyhow::ensure!(done.status.success(), "gzip {}", path.display());
    Ok(done.stdout.len())
}
