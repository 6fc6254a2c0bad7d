//! `make bench`: a table and `out/bench.json`.
//!
//! Every figure is a median or percentile of one run on this machine, beside the named peer where
//! there is one and beside the machine's fsync floor where bytes are made durable. Nothing here is a
//! test: figures move with the machine, ratios less so.
#![allow(
    clippy::print_stdout,
    reason = "a command for people: its output is its purpose"
)]

mod browse;
mod disk;
mod photo;
mod push;
mod save;
mod window;

use serde::Serialize;

/// One line of the table.
#[derive(Serialize)]
struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    floor: Option<f64>,
}

impl Figure {
    fn plain(name: &'static str, value: f64, unit: &'static str) -> Self {
        Self {
            name,
            value,
            unit,
            peer: None,
            peer_value: None,
            ratio: None,
            floor: None,
        }
    }
}

/// The middle of the values.
fn median(values: Vec<f64>) -> f64 {
    percentile(values, 0.5)
}

/// The value below which the part `p` of them lies.
fn percentile(mut values: Vec<f64>, p: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * p) as usize;
    let last = values.len().saturating_sub(1);
    values.get(at.min(last)).copied().unwrap_or(f64::NAN)
}

fn main() -> anyhow::Result<()> {
    // `bench photo push`: only these; all without a name.
    let names: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|n| n == name);
    let floor = disk::floor()?;
    let floor_ms = floor.value;
    let mut figures = vec![floor];
    if wanted("photo") {
        figures.extend(photo::figures()?);
    }
    if wanted("browse") {
        figures.extend(browse::figures()?);
    }
    if wanted("window") {
        figures.extend(window::figures()?);
    }
    if wanted("save") {
        figures.extend(save::figures(floor_ms)?);
    }
    if wanted("push") {
        figures.extend(push::figures(floor_ms)?);
    }

    println!(
        "{:<34} {:>12} {:<6} {:>24} {:>8}",
        "name", "value", "unit", "peer", "ratio"
    );
    for f in &figures {
        let peer = match (&f.peer, f.peer_value) {
            (Some(name), Some(value)) => format!("{name} {value:.1}"),
            _ => f.floor.map(|v| format!("floor {v:.2}")).unwrap_or_default(),
        };
        let ratio = f.ratio.map(|r| format!("{r:.2}")).unwrap_or_default();
        println!(
            "{:<34} {:>12.2} {:<6} {:>24} {:>8}",
            f.name, f.value, f.unit, peer, ratio
        );
    }
    std::fs::create_dir_all("out")?;
    std::fs::write("out/bench.json", serde_json::to_string_pretty(&figures)?)?;
    println!("→ out/bench.json");
    Ok(())
}
