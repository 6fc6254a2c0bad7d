//! `admin add`: the first administrator. There is no default password.

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use std::{io::Read as _, path::PathBuf};
use zhicha_domain::{ids::uuid_v7, rights::Preset};
use zhicha_server::{
    app::{Clock as _, SystemClock},
    boot,
    city::CityKeys,
    password,
    store::{self, Tx, accounts::NewAccount},
};

#[derive(Subcommand)]
pub(super) enum Admin {
    /// 建一个管理员；密码从标准输入读 (add an administrator; the password is read from stdin)
    Add(Add),
}

#[derive(Args)]
pub(super) struct Add {
    /// 数据目录 (the data folder)
    #[arg(long)]
    data: PathBuf,
    /// 登录名 (login)
    #[arg(long)]
    login: String,
    /// 姓名 (name)
    #[arg(long)]
    name: String,
    /// 密码文件；不给就从标准输入读 (file with the password; stdin without it)
    #[arg(long)]
    password_file: Option<PathBuf>,
}

impl Admin {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let Self::Add(add) = self;
        let text = match &add.password_file {
            Some(path) => std::fs::read_to_string(path)
                .with_context(|| format!("密码文件 {} 读不出 (cannot read)", path.display()))?,
            None => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                text
            }
        };
        let secret = text.lines().next().unwrap_or_default();
        if let Err(weak) = password::check(secret) {
            bail!("{weak}");
        }
        let _lock = boot::lock(&add.data)?;
        let keys = CityKeys::load(&add.data)?;
        let now_ms = SystemClock.now_ms();
        let db = store::open(&add.data.join("zhicha.db"), now_ms)?;
        let tx = Tx::over(&db, keys.city);
        let account = NewAccount {
            account: uuid_v7(now_ms, rand::random()).into(),
            login: add.login.clone(),
            name: add.name,
            preset: Preset::Admin,
            unit: None,
            password_hash: password::hash(secret)?,
        };
        if !tx.insert_account(&account, now_ms)? {
            bail!(
                "登录名 {} 已有人用，请换一个 (this login is taken)",
                add.login
            );
        }
        println!("管理员 {} 已建好 (added)", add.login);
        Ok(())
    }
}
