//! `init`

use anyhow::Context as _;
use clap::Args;
use std::path::PathBuf;
use zhicha_server::{
    app::{Clock as _, SystemClock},
    boot,
    city::CityKeys,
    store,
};

/// Makes keys and an empty database. An existing city is never touched.
#[derive(Args)]
pub(super) struct Init {
    /// 数据目录 (the data folder)
    #[arg(long)]
    data: PathBuf,
    /// 城市名 (the city's name)
    #[arg(long)]
    city: String,
    /// 恢复密钥写到哪里，写完请拿走离线保管 (where the recovery key goes; take it away)
    #[arg(long)]
    recovery_out: Option<PathBuf>,
}

impl Init {
    pub(super) fn run(self) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.data)
            .with_context(|| format!("数据目录 {} 建不了 (cannot make)", self.data.display()))?;
        let _lock = boot::lock(&self.data)?;
        let recovery = self
            .recovery_out
            .unwrap_or_else(|| self.data.with_extension("recovery-key"));
        let now_ms = SystemClock.now_ms();
        let keys = CityKeys::init(&self.data, &self.city, &recovery, now_ms, &mut rand::rng())?;
        let db = store::open(&self.data.join("zhicha.db"), now_ms)?;
        store::city_log::ensure_city(&db, &keys, now_ms)?;
        println!("{} 已建好：{} (set up)", self.city, self.data.display());
        println!(
            "恢复密钥在 {}：请拿走，离线保管 (take the recovery key away and keep it offline)",
            recovery.display()
        );
        println!(
            "下一步 (next)：zhicha-server account add --data {} --login … --name …",
            self.data.display()
        );
        Ok(())
    }
}
