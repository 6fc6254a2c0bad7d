//! The photos of the demo: the user's own, or generated ones of 12 megapixels with EXIF and GPS.

use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};
use zhicha_photo::sample::{SampleGps, SampleSpec, Scene, jpeg};

/// Photos of the story: two for each problem, one after-photo for each.
pub(crate) struct Photos {
    /// Near and wide views.
    pub(crate) before: Vec<(PathBuf, PathBuf)>,
    /// After rectification.
    pub(crate) after: Vec<PathBuf>,
    /// Where they come from, for the report.
    pub(crate) source: String,
}

const PROBLEMS: usize = 3;

pub(crate) fn choose(own: Option<&Path>, made: &Path) -> anyhow::Result<Photos> {
    match own {
        Some(folder) => use_own(folder),
        None => generate(made),
    }
}

fn use_own(folder: &Path) -> anyhow::Result<Photos> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("照片目录 {} 打不开 (cannot open)", folder.display()))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|p| {
            let name = p.extension().and_then(|e| e.to_str()).unwrap_or_default();
            ["jpg", "jpeg", "png"].contains(&name.to_ascii_lowercase().as_str())
        })
        // Only pictures that can be shown; the others are named, not dropped silently.
        .filter(
            |p| match std::fs::read(p).map(|b| zhicha_photo::inspect(&b)) {
                Ok(Ok(seen)) if seen.renditions.is_ok() => true,
                _ => {
                    println!(
                        "  跳过 {}：不能显示 (cannot be shown, left out)",
                        p.display()
                    );
                    false
                }
            },
        )
        .collect();
    files.sort();
    if files.is_empty() {
        bail!(
            "{} 里没有可用的 jpg 或 png 照片 (no usable photo)",
            folder.display()
        );
    }
    let pick = |n: usize| files[n % files.len()].clone();
    Ok(Photos {
        before: (0..PROBLEMS)
            .map(|n| (pick(2 * n), pick(2 * n + 1)))
            .collect(),
        after: (0..PROBLEMS).map(|n| pick(2 * PROBLEMS + n)).collect(),
        source: format!("{}（{} 张）", folder.display(), files.len()),
    })
}

fn generate(folder: &Path) -> anyhow::Result<Photos> {
    std::fs::create_dir_all(folder)?;
    let write = |name: String, seed: u64, scene: Scene| -> anyhow::Result<PathBuf> {
        let shift = seed as f64 * 1e-4;
        let bytes = jpeg(&SampleSpec {
            seed,
            scene,
            gps: Some(SampleGps {
                lat_deg: 49.5978 + shift,
                lon_deg: 117.4302 + shift,
                altitude_m: 661.0,
                accuracy_m: 8.0,
            }),
            ..SampleSpec::default()
        });
        let path = folder.join(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    };
    let mut before = Vec::new();
    let mut after = Vec::new();
    for n in 0..PROBLEMS {
        let seed = n as u64 * 10 + 1;
        before.push((
            write(format!("{}-近景.jpg", n + 1), seed, Scene::Before)?,
            write(format!("{}-远景.jpg", n + 1), seed + 1, Scene::Before)?,
        ));
        after.push(write(format!("{}-整改后.jpg", n + 1), seed, Scene::After)?);
    }
    Ok(Photos {
        before,
        after,
        source: "生成的 1200 万像素照片，带 EXIF 和定位 (generated)".to_owned(),
    })
}
