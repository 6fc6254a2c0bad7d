//! `make demo`: one spot check from end to end, played by the real programs.
//!
//! A server is started with a small city; a duty is planned; the phone, played by `zhicha`, learns
//! its sites at departure; the server process is stopped and the problems are logged without it; it
//! is started again, the phone syncs, the office reviews, dispatches, enters feedback, rechecks and
//! exports. Everything shown in the report was read from the programs, nothing is made up for it.
#![allow(
    clippy::print_stdout,
    reason = "a command for people: its output is its purpose"
)]

mod pictures;
mod report;
mod story;

use anyhow::Context as _;
use clap::Parser;
use std::path::PathBuf;

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

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let out = &args.out;
    for old in ["vault", "data", "photos"] {
        let old = out.join(old);
        if old.exists() {
            std::fs::remove_dir_all(&old).with_context(|| format!("clear {}", old.display()))?;
        }
    }
    for stale in ["data.recovery-key", "data.log", "vault.pin"] {
        let _ = std::fs::remove_file(out.join(stale));
    }
    std::fs::create_dir_all(out)?;
    let out = out.canonicalize()?;

    let photos = pictures::choose(args.photos.as_deref(), &out.join("photos"))?;
    let told = story::play(&out, &photos)?;
    let page = out.join("report.html");
    std::fs::write(&page, report::html(&told))?;

    println!();
    println!("演示完成 (done)。结果在 {} ：", out.display());
    println!("  report.html     全过程：记录、照片、两边的校验值、时间");
    println!("  整改清单.xlsx   交办问题清单 (document A)");
    println!("  整改台账.xlsx   台账，整改前后照片并排 (document B)");
    println!("  vault/          手机上的加密文件夹，原样；PIN 在 vault.pin");
    println!("  data/           服务器的数据目录");
    println!(
        "看看手机里有什么：zhicha --vault {0}/vault --pin-file {0}/vault.pin status",
        out.display()
    );
    println!(
        "再启动服务器：zhicha-server serve --data {}/data",
        out.display()
    );
    Ok(())
}
