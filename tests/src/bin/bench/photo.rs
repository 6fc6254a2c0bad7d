//! 12 megapixels of JPEG in → EXIF facts, SHA-256, preview, thumbnail; beside `vipsthumbnail`
//! making the same two pictures of the same files.

use crate::{Figure, median};
use anyhow::{Context as _, bail};
use std::{path::PathBuf, process::Command, time::Instant};
use zhicha_photo::{inspect, sample};

const ROUNDS: usize = 7;

/// Real photos of about 12 megapixels where `ZHICHA_PHOTOS` has some, else a generated one.
fn photos(dir: &std::path::Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if let Some(folder) = std::env::var_os("ZHICHA_PHOTOS") {
        for entry in std::fs::read_dir(&folder).context("ZHICHA_PHOTOS")? {
            let path = entry?.path();
            let bytes = std::fs::read(&path)?;
            let Ok(seen) = inspect(&bytes) else { continue };
            let Ok(made) = seen.renditions else { continue };
            let pixels = u64::from(made.width_px) * u64::from(made.height_px);
            if (11_000_000..14_000_000).contains(&pixels) {
                found.push(path);
            }
        }
        found.sort();
    }
    if found.is_empty() {
        let path = dir.join("sample.jpg");
        std::fs::write(&path, sample::jpeg(&sample::SampleSpec::default()))?;
        found.push(path);
    }
    Ok(found)
}

pub(crate) fn figures() -> anyhow::Result<Vec<Figure>> {
    let dir = tempfile::tempdir()?;
    let files = photos(dir.path())?;
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for _ in 0..ROUNDS {
        for file in &files {
            let bytes = std::fs::read(file)?;
            let begun = Instant::now();
            let seen = inspect(&bytes).map_err(|e| anyhow::anyhow!(e.message_en()))?;
            let took = begun.elapsed();
            if seen.renditions.is_err() {
                bail!("{} gave no preview", file.display());
            }
            ours.push(took.as_secs_f64() * 1000.0);

            let begun = Instant::now();
            for (size, name) in [("1600x1600", "p"), ("320x320", "t")] {
                let out = dir.path().join(format!("{name}.jpg[Q=80,strip]"));
                let done = Command::new("vipsthumbnail")
                    .arg(file)
                    .args(["--size", size, "-o"])
                    .arg(&out)
                    .status()
                    .context("vipsthumbnail (apt-get install libvips-tools)")?;
                if !done.success() {
                    bail!("vipsthumbnail: {done}");
                }
            }
            theirs.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    Ok(vec![
        Figure::plain("photo_pipeline_ms", ours, "ms"),
        Figure {
            peer: Some("vipsthumbnail ms".into()),
            peer_value: Some(theirs),
            ratio: Some(theirs / ours),
            ..Figure::plain("photo_pipeline_vs_vipsthumbnail", theirs / ours, "x")
        },
    ])
}
