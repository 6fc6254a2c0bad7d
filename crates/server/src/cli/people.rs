//! `account add`, `code`: accounts and enrolment codes from the machine itself. There is no default
//! account and no default password.

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use std::{io::Read as _, path::PathBuf};
use zhicha_domain::{ids::uuid_v7, rights::Preset};
use zhicha_server::{
    api::secret,
    app::{Clock as _, SystemClock},
    boot,
    city::CityKeys,
    password,
    store::{self, Tx, accounts::NewAccount},
};

#[derive(Subcommand)]
pub(super) enum Account {
    /// 建一个账号；密码从标准输入读 (add an account; the password is read from stdin)
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
    /// 角色 (preset): admin, reviewer, inspector, reader
    #[arg(long, default_value = "admin", value_parser = preset)]
    preset: Preset,
    /// 密码文件；不给就从标准输入读 (file with the password; stdin without it)
    #[arg(long)]
    password_file: Option<PathBuf>,
}

impl Account {
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
            preset: add.preset,
            unit: None,
            password_hash: password::hash(secret)?,
        };
        if !tx.insert_account(&account, now_ms)? {
            bail!(
                "登录名 {} 已有人用，请换一个 (this login is taken)",
                add.login
            );
        }
        println!("{} {} 已建好 (added)", add.preset.zh(), add.login);
        Ok(())
    }
}

fn preset(text: &str) -> Result<Preset, String> {
    match Preset::from_key(text) {
        Some(Preset::Unit) => {
            Err("责任单位账号要先有单位，请在服务里建 (a unit account needs its unit first)".into())
        }
        Some(preset) => Ok(preset),
        None => Err("可用：admin, reviewer, inspector, reader".into()),
    }
}

/// Prints a one-time code that binds a phone to an account, good for a day.
#[derive(Args)]
pub(super) struct Code {
    /// 数据目录 (the data folder)
    #[arg(long)]
    data: PathBuf,
    /// 绑定到谁 (whose phone)
    #[arg(long)]
    login: String,
}

/// How long a code is good for, milliseconds.
const CODE_MS: i64 = 24 * 3_600_000;

impl Code {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let _lock = boot::lock(&self.data)?;
        let keys = CityKeys::load(&self.data)?;
        let now_ms = SystemClock.now_ms();
        let db = store::open(&self.data.join("zhicha.db"), now_ms)?;
        let tx = Tx::over(&db, keys.city);
        let Some(account) = tx.account_by_login(&self.login)? else {
            bail!("没有登录名 {} (no such login)", self.login);
        };
        let code = zhicha_domain::numbers::enrol_code(rand::random());
        tx.insert_code(&secret::stored(&code), account, now_ms + CODE_MS)?;
        println!("{code}");
        Ok(())
    }
}
