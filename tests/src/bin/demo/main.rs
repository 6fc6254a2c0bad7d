//! `make demo`: one spot check from end to end, played by the real programs.
//!
//! A server is started with a small city; a duty is planned; the phone, its real window on a display
//! that is not there, learns its sites at departure; the server process is stopped and the problems
//! are logged without it; it is started again, the phone syncs, the office reviews, dispatches,
//! enters feedback and rechecks in the console, and exports. Everything shown in the report was read from the programs, nothing is made up for it.
#![allow(
    clippy::print_stdout,
    reason = "a command for people: its output is its purpose"
)]

mod pictures;
mod report;
mod story;

use anyhow::{Context as _, bail};
use clap::Parser;
use std::path::{Path, PathBuf};
use zhicha_tests::{bins, office::PASSWORD, server::ADMIN_PASSWORD};

/// Plays one unannounced spot check and leaves lists, vault and report in a folder.
#[derive(Parser)]
struct Args {
    /// Where the results go; its content is replaced.
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// A folder with your own photos (jpg); without it, photos are generated.
    #[arg(long)]
    photos: Option<PathBuf>,
}

/// Says that a folder's content is this demo's.
const MARK: &str = ".zhicha-demo";

/// Removes what an earlier demo left, and nothing that is not its own.
fn clear(out: &Path, photos: Option<&Path>) -> anyhow::Result<()> {
    let Ok(there) = out.canonicalize() else {
        return Ok(());
    };
    if photos.is_some_and(|p| p.starts_with(&there)) {
        bail!(
            "照片在结果目录 {} 里，会被清掉；请把照片放到别处，或换一个 OUT (the photos lie in the folder that is cleared; move them, or choose another OUT)",
            there.display()
        );
    }
    let old = ["vault", "data", "photos", "screens"].map(|name| out.join(name));
    if old.iter().any(|p| p.exists()) && !out.join(MARK).exists() {
        bail!(
            "{} 里已有 vault、data 或 photos，不是演示留下的，没有动；请换一个 OUT (the folder holds something that is not the demo's; nothing was touched, choose another OUT)",
            there.display()
        );
    }
    for old in old.iter().filter(|p| p.exists()) {
        std::fs::remove_dir_all(old).with_context(|| format!("clear {}", old.display()))?;
    }
    for page in ["vault.page", "vault.cache"] {
        let _ = std::fs::remove_dir_all(out.join(page));
    }
    for stale in [
        "data.recovery-key",
        "data.log",
        "vault.pin",
        "vault.position",
    ] {
        let _ = std::fs::remove_file(out.join(stale));
    }
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let out = &args.out;
    let own = args.photos.as_deref().map(Path::canonicalize).transpose();
    let own = own.context("照片目录打不开 (the photo folder cannot be opened)")?;
    clear(out, own.as_deref())?;
    std::fs::create_dir_all(out)?;
    std::fs::write(out.join(MARK), "zhicha demo\n")?;
    let out = out.canonicalize()?;

    let photos = pictures::choose(own.as_deref(), &out.join("photos"))?;
    let told = story::play(&out, &photos)?;
    let page = out.join("report.html");
    std::fs::write(&page, report::html(&told))?;

    println!();
    println!("演示完成 (done)。结果在 {} ：", out.display());
    println!("  report.html     全过程：记录、照片、两边的校验值、时间");
    println!("  整改清单.xlsx   交办问题清单 (document A)");
    println!("  整改台账.xlsx   台账，整改前后照片并排 (document B)");
    println!("  screens/        手机和控制台的截图");
    println!("  vault/          手机上的加密文件夹，原样；PIN 在 vault.pin");
    println!("  data/           服务器的数据目录");
    let (phone, server) = (bins::phone()?, bins::server()?);
    println!(
        "看看手机里有什么 (what is on the phone)：\n  {0} --vault {1}/vault --pin-file {1}/vault.pin status",
        phone.display(),
        out.display()
    );
    println!(
        "再启动服务器 (serve again)：\n  {} serve --data {}/data",
        server.display(),
        out.display()
    );
    println!(
        "账号 (accounts)：admin / {ADMIN_PASSWORD}；reviewer、rechecker、reader、chengguan / {PASSWORD}，只在这个演示里 (of this demo alone)"
    );
    Ok(())
}
