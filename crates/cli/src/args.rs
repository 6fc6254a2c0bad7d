//! What can be asked of `zhicha`.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// 直查手机端的命令行：离线记录，联网同步。
///
/// The phone of 直查 as a command. A day:
///
///   zhicha --vault V --pin-file P enrol --server https://office:8443 --fingerprint F --code 2345-WXYZ
///   zhicha --vault V --pin-file P pull
///   zhicha --vault V --pin-file P depart DUTY
///   zhicha --vault V --pin-file P visit start --task TASK
///   zhicha --vault V --pin-file P visit observe --visit VISIT --item BJXX-03 --passed 18 --of 20
///   zhicha --vault V --pin-file P problem add --visit VISIT --category B01 --at 49.5978,117.3785,8 \
///          --note 占用人行道约3米 --photo near.jpg --wide far.jpg
///   zhicha --vault V --pin-file P visit finish --visit VISIT
///   zhicha --vault V --pin-file P sync
///   zhicha --vault V --pin-file P status
///
/// The PIN comes from a file or from standard input, never from the command line. Exit codes: 0 done,
/// 1 not done, 2 wrong use, 3 kept but incomplete (a draft), 4 verify found a fault.
#[derive(Parser)]
#[command(version, verbatim_doc_comment)]
pub(crate) struct Args {
    /// 手机数据目录 (the vault's folder)
    #[arg(long)]
    pub(crate) vault: PathBuf,
    /// PIN 文件；不给就从标准输入读一行 (file with the PIN; one line of stdin without it)
    #[arg(long)]
    pub(crate) pin_file: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// 绑定这台手机 (bind this phone)
    Enrol(Enrol),
    /// 取任务和审核结果 (fetch duties, tasks and decisions)
    Pull,
    /// 看任务 (show duties and tasks)
    Tasks(Json),
    /// 出发：点位从这时起才知道 (set out; sites become known)
    Depart {
        /// 任务编号 (the duty)
        duty: String,
    },
    /// 检查 (a visit)
    #[command(subcommand)]
    Visit(Visit),
    /// 问题 (problems)
    #[command(subcommand)]
    Problem(Problem),
    /// 同步：记录、审核结果、照片 (sync)
    Sync,
    /// 本机有什么、哪些已同步 (what is here and what is synced)
    Status(Json),
    /// 把没同步的导出成加密文件 (unsent work as a sealed file)
    ExportBundle {
        /// 文件 (the file)
        file: PathBuf,
    },
    /// 核对签名、链条、照片校验值和服务器日志头 (check signatures, chain, hashes, server head)
    Verify(Json),
}

#[derive(ClapArgs)]
pub(crate) struct Json {
    /// 机器可读 (JSON)
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(ClapArgs)]
pub(crate) struct Enrol {
    /// 服务器地址 (https://host:port)
    #[arg(long)]
    pub(crate) server: String,
    /// 绑定码 (the code)
    #[arg(long)]
    pub(crate) code: String,
    /// 办公室给的证书指纹 (the certificate fingerprint the office gave you)
    #[arg(long)]
    pub(crate) fingerprint: Option<String>,
    /// 手机名 (what you call this phone)
    #[arg(long, default_value = "zhicha")]
    pub(crate) name: String,
}

#[derive(Subcommand)]
pub(crate) enum Visit {
    /// 开始 (begin)
    Start {
        /// 任务；不给就是随手拍 (the task; without it a free visit)
        #[arg(long)]
        task: Option<String>,
        /// 夜间 (at night)
        #[arg(long)]
        night: bool,
        /// 协助 (help, do not score)
        #[arg(long)]
        assist: bool,
        #[command(flatten)]
        json: Json,
    },
    /// 记一条 (one item)
    Observe(Observe),
    /// 结束 (end)
    Finish {
        /// 检查 (the visit)
        #[arg(long)]
        visit: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Grade {
    /// 符合
    Compliant,
    /// 基本符合
    Mostly,
    /// 不符合
    NonCompliant,
}

#[derive(ClapArgs)]
#[group(id = "answer", required = true, multiple = true)]
pub(crate) struct Observe {
    /// 检查 (the visit)
    #[arg(long)]
    pub(crate) visit: String,
    /// 条目 (the item's code)
    #[arg(long)]
    pub(crate) item: String,
    /// 符合/基本符合/不符合 (scale G3)
    #[arg(long)]
    pub(crate) grade: Option<Grade>,
    /// 符合 (scale O)
    #[arg(long)]
    pub(crate) ok: bool,
    /// 不符合 (scale O)
    #[arg(long)]
    pub(crate) not_ok: bool,
    /// 数到几处 (scale Q)
    #[arg(long)]
    pub(crate) found: Option<u32>,
    /// 合格几处 (scale R)
    #[arg(long, requires = "of")]
    pub(crate) passed: Option<u32>,
    /// 抽查几处 (scale R)
    #[arg(long, requires = "passed")]
    pub(crate) of: Option<u32>,
    /// 发生几次 (scale C)
    #[arg(long)]
    pub(crate) count: Option<u32>,
    /// 不适用 (not applicable)
    #[arg(long)]
    pub(crate) na: bool,
    /// 未观察 (not observed)
    #[arg(long)]
    pub(crate) unobserved: bool,
    /// 备注 (a note)
    #[arg(long, default_value = "")]
    pub(crate) note: String,
}

#[derive(Subcommand)]
pub(crate) enum Problem {
    /// 记一个问题 (record a problem)
    Add(Add),
    /// 完成一个草稿 (hand a draft over)
    Finish {
        /// 草稿 (the draft)
        draft: String,
        /// 补上类别 (its category)
        #[arg(long)]
        category: Option<String>,
    },
    /// 撤回 (take one back)
    Withdraw {
        /// 问题 (the problem)
        problem: String,
        /// 原因 (why)
        #[arg(long)]
        reason: String,
    },
    /// 补充 (add to one)
    Amend {
        /// 问题 (the problem)
        problem: String,
        /// 说明 (what)
        #[arg(long)]
        note: String,
    },
}

#[derive(ClapArgs)]
pub(crate) struct Add {
    /// 近景照片，可多张；从文件来的都记为导入 (close-ups; from a file they are imported)
    #[arg(long = "photo", required = true)]
    pub(crate) photos: Vec<PathBuf>,
    /// 远景照片 (wide shots)
    #[arg(long = "wide")]
    pub(crate) wide: Vec<PathBuf>,
    /// 类别代码 (category)
    #[arg(long, default_value = "")]
    pub(crate) category: String,
    /// 纬度,经度,精度米 (LAT,LON,ACC)
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
    /// 描述 (in words)
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// 具体位置 (the place in words)
    #[arg(long, default_value = "")]
    pub(crate) place: String,
    /// 条目 (the item it breaks)
    #[arg(long, default_value = "")]
    pub(crate) item: String,
    /// 检查 (the visit)
    #[arg(long)]
    pub(crate) visit: Option<String>,
    /// 建议整改类型 (suggested class, L0…L5)
    #[arg(long, default_value = "")]
    pub(crate) class: String,
    /// 缺近景或远景的原因 (why a view is missing)
    #[arg(long, default_value = "")]
    pub(crate) missing_shot: String,
    /// 不能显示的文件也原样保留 (keep what cannot be shown)
    #[arg(long)]
    pub(crate) keep_as_attachment: bool,
    /// 当作现场拍摄，只在测试版里有 (as if just taken; builds for tests only)
    #[cfg(feature = "test-camera")]
    #[arg(long)]
    pub(crate) camera: bool,
}
