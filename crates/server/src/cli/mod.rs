//! The commands.

mod import;
mod people;
mod serve;
mod setup;

use clap::{Parser, Subcommand};

/// 直查服务：收记录、审核、交办、销号、导出。
///
/// The office's service of 直查. A first evening:
///
///   zhicha-server init --data /srv/zhicha --city 满洲里市 --recovery-out /media/usb/recovery.key
///   zhicha-server account add --data /srv/zhicha --login admin --name 管理员   (password on stdin)
///   zhicha-server serve --data /srv/zhicha --listen 0.0.0.0:8443
///
/// `init` writes the recovery key to the file you name: take it away and keep it offline; it alone
/// opens the vault of a phone whose PIN is forgotten. `serve` prints the fingerprint that phones
/// compare when they are bound.
#[derive(Parser)]
#[command(version, verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 建立一座城市的数据目录 (set up a city's data folder)
    Init(setup::Init),
    /// 启动服务 (serve)
    Serve(serve::Serve),
    /// 账号 (accounts)
    #[command(subcommand)]
    Account(people::Account),
    /// 打印绑定手机的一次性绑定码 (print a one-time code that binds a phone)
    Code(people::Code),
    /// 导入手机导出的数据包 (import a phone's bundle)
    ImportBundle(import::ImportBundle),
    /// 打印接口文档 OpenAPI 3.1 (print the API document)
    Openapi,
}

/// Runs one command.
///
/// # Errors
/// What happened and what to do.
pub(crate) fn run(args: Args) -> anyhow::Result<()> {
    match args.command {
        Command::Init(init) => init.run(),
        Command::Serve(serve) => serve.run(),
        Command::Account(account) => account.run(),
        Command::Code(code) => code.run(),
        Command::ImportBundle(import) => import.run(),
        Command::Openapi => {
            println!("{}", zhicha_server::api::openapi().to_pretty_json()?);
            Ok(())
        }
    }
}
