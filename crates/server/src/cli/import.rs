//! `import-bundle`

use clap::Args;
use std::{path::PathBuf, sync::Arc};
use zhicha_server::{
    app::{SystemClock, Trust},
    boot, bundle,
};

/// Takes a bundle that a phone exported (`zhicha export-bundle`). Stop the server on this folder
/// first. The same bundle twice does no harm.
#[derive(Args)]
pub(super) struct ImportBundle {
    /// 数据目录 (the data folder)
    #[arg(long)]
    data: PathBuf,
    /// 数据包 (the bundle)
    file: PathBuf,
}

impl ImportBundle {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let _lock = boot::lock(&self.data)?;
        let app = boot::open(&self.data, Arc::new(SystemClock), Trust::default())?;
        let done = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(bundle::import(&app, &self.file))?;
        println!(
            "记录 {} 条、照片文件 {} 个已在服务器；没收下 {} 条，校验不一致 {} 个 (ops, files held; refused, mismatched)",
            done.ops, done.files, done.refused, done.mismatched
        );
        Ok(())
    }
}
