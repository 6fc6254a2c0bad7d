//! Running the commands.

use crate::args::{Add, Args, Command, Enrol, Grade, Observe, Problem, Visit};
use anyhow::{Context as _, bail};
use serde_json::json;
use std::{io::BufRead as _, path::Path};
use zeroize::Zeroizing;
use zhicha_domain::{
    geo::Fix,
    ids::{DutyId, ProblemId, TaskId, VisitId},
    ops::body::{self, Outcome, VisitMode, VisitRole},
    photo::Shot,
};
use zhicha_field::{
    FieldError, Vault,
    capture::{Intake, NewPhoto},
    clock::SystemClock,
    enrol::Ticket,
    net::{Https, fetch_ca, fingerprint_of},
    problem::Draft,
    sync::{self, SyncOptions},
};

const DONE: u8 = 0;
const FAULT: u8 = 4;

/// 3: kept but incomplete; 1: not done.
pub(crate) fn exit_code(error: &anyhow::Error) -> u8 {
    match error.downcast_ref::<FieldError>() {
        Some(FieldError::StillMissing(_)) => 3,
        _ => 1,
    }
}

pub(crate) fn run(args: Args) -> anyhow::Result<u8> {
    let pin = pin(args.pin_file.as_deref())?;
    let clock = SystemClock;
    let mut rng = rand::rng();
    let open = || Vault::open(&args.vault, &pin);
    match args.command {
        Command::Enrol(enrol) => enrol_phone(&args.vault, &pin, &enrol)?,
        Command::Pull => {
            let mut vault = open()?;
            let mut line = online(&vault)?;
            let changes = sync::pull_once(&mut vault, &mut line, &clock)?;
            println!("收到 {changes} 条变化 ({changes} changes)");
        }
        Command::Depart { duty } => {
            let mut vault = open()?;
            let duty: DutyId = id(&duty)?;
            let mut line = online(&vault)?;
            sync::depart(&mut vault, duty, &mut line, &clock)?;
            for card in vault.tasks()?.tasks {
                println!("{}  {}  {}", card.task, card.site.name, card.site.address);
            }
        }
        Command::Tasks(as_json) => {
            let tasks = open()?.tasks()?;
            if as_json.json {
                println!("{}", serde_json::to_string(&tasks)?);
            } else {
                for duty in &tasks.duties {
                    let lead = if duty.lead { "  组长" } else { "" };
                    println!("{}  {}{lead}", duty.date.as_str(), duty.duty);
                }
                for card in &tasks.tasks {
                    println!("{}  {}  {} 项", card.task, card.site.name, card.items.len());
                }
            }
        }
        Command::Visit(visit) => visits(&mut open()?, visit, &clock, &mut rng)?,
        Command::Problem(problem) => problems(&mut open()?, problem, &clock, &mut rng)?,
        Command::Sync => {
            let mut vault = open()?;
            let mut line = online(&vault)?;
            let report = sync::sync_once(&mut vault, &mut line, &clock, &SyncOptions::default())?;
            println!(
                "记录 {} 条、照片文件 {} 个已由服务器核对，收到 {} 条变化 (ops, files, changes)",
                report.ops, report.files, report.changes
            );
            if report.refused + report.mismatched > 0 {
                println!(
                    "服务器没收下 {} 条，校验不一致 {} 个，都在本机 (refused, mismatched; all kept)",
                    report.refused, report.mismatched
                );
                return Ok(3);
            }
        }
        Command::Status(as_json) => {
            let status = open()?.status(&clock)?;
            if as_json.json {
                println!("{}", serde_json::to_string(&status)?);
            } else {
                println!("{} {}", status.city, status.account);
                for p in &status.problems {
                    let word = if p.sync.synced {
                        "已同步"
                    } else {
                        p.sync.stage.zh()
                    };
                    println!(
                        "{} {}  {}  照片 {}/{}",
                        p.temp_no, p.no, word, p.sync.photos_confirmed, p.sync.photos
                    );
                }
                println!(
                    "草稿 {}，待同步记录 {} 条，照片 {:.1} MB",
                    status.drafts.len(),
                    status.ops_waiting,
                    status.bytes_waiting as f64 / 1e6
                );
            }
        }
        Command::ExportBundle { file } => {
            let out = open()?.export_bundle(&file, &clock, &mut rng)?;
            println!(
                "已导出 {} 条记录、{} 个照片文件到 {}，只有服务器能打开 (only the server can open it)",
                out.ops,
                out.files,
                file.display()
            );
        }
        Command::Verify(as_json) => {
            let found = open()?.verify()?;
            if as_json.json {
                println!("{}", serde_json::to_string(&found)?);
            } else {
                println!(
                    "记录 {} 条：签名和链条{}；照片文件 {} 个；服务器签到第 {} 条",
                    found.ops,
                    if found.faults.is_empty() {
                        "都对"
                    } else {
                        "有问题"
                    },
                    found.files,
                    found.server_seq.unwrap_or(0)
                );
                println!(
                    "没有证明：手机时间是否准确，导入的照片拍的是什么 (not proven: the phone's clock, what an imported picture shows)"
                );
            }
            for fault in &found.faults {
                eprintln!("{fault}");
            }
            return Ok(if found.faults.is_empty() { DONE } else { FAULT });
        }
    }
    Ok(DONE)
}

fn pin(file: Option<&Path>) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let text = match file {
        Some(path) => Zeroizing::new(
            std::fs::read_to_string(path)
                .with_context(|| format!("PIN 文件 {} 读不出 (cannot read)", path.display()))?,
        ),
        None => {
            let mut line = Zeroizing::new(String::new());
            std::io::stdin().lock().read_line(&mut line)?;
            line
        }
    };
    Ok(Zeroizing::new(text.trim().as_bytes().to_vec()))
}

fn id<T: std::str::FromStr>(text: &str) -> anyhow::Result<T> {
    text.parse()
        .ok()
        .with_context(|| format!("「{text}」不是编号 (not an id)"))
}

fn online(vault: &Vault) -> anyhow::Result<Https> {
    let (server, ca_pem) = vault.server()?;
    Ok(Https::new(&server, &ca_pem)?)
}

fn enrol_phone(folder: &Path, pin: &[u8], enrol: &Enrol) -> anyhow::Result<()> {
    let fingerprint = enrol
        .fingerprint
        .as_deref()
        .map(fingerprint_of)
        .transpose()?;
    let ca_pem = fetch_ca(&enrol.server, fingerprint)?;
    let mut rng = rand::rng();
    // A vault whose enrolment was cut off goes on with the key it has.
    let mut vault = match Vault::open(folder, pin) {
        Err(FieldError::NoVault(_)) => Vault::create(folder, pin, &mut rng)?,
        vault => vault?,
    };
    let mut line = Https::new(&enrol.server, &ca_pem)?;
    let ticket = Ticket {
        server: &enrol.server,
        ca_pem: &ca_pem,
        code: &enrol.code,
        device_name: &enrol.name,
    };
    let bound = vault.enrol(&ticket, &mut line, &SystemClock, &mut rng)?;
    println!(
        "已绑定到 {}，账号 {}，本机 {} (bound)",
        bound.city_name, bound.account_name, bound.device_label
    );
    Ok(())
}

fn visits(
    vault: &mut Vault,
    visit: Visit,
    clock: &SystemClock,
    rng: &mut rand::rngs::ThreadRng,
) -> anyhow::Result<()> {
    match visit {
        Visit::Start {
            task,
            night,
            assist,
            json: as_json,
        } => {
            let task: Option<TaskId> = task.as_deref().map(id).transpose()?;
            let mode = if night {
                VisitMode::Night
            } else {
                VisitMode::Day
            };
            let role = if assist {
                VisitRole::Assist
            } else {
                VisitRole::Lead
            };
            let visit = vault.start_visit(task, mode, role, clock, rng)?;
            if as_json.json {
                println!("{}", json!({ "visit": visit }));
            } else {
                println!("{visit}");
            }
        }
        Visit::Observe(observe) => {
            let visit: VisitId = id(&observe.visit)?;
            let outcome = outcome(&observe)?;
            vault.observe(visit, &observe.item, outcome, &observe.note, clock, rng)?;
            println!("已记 {} (recorded)", observe.item);
        }
        Visit::Finish { visit } => {
            let left = vault.finish_visit(id(&visit)?, clock, rng)?;
            println!(
                "已结束，未观察 {} 项 (finished; {} items not observed)",
                left.len(),
                left.len()
            );
        }
    }
    Ok(())
}

fn outcome(o: &Observe) -> anyhow::Result<Outcome> {
    let mut given = Vec::new();
    if let Some(grade) = o.grade {
        let grade = match grade {
            Grade::Compliant => body::Grade::Compliant,
            Grade::Mostly => body::Grade::Mostly,
            Grade::NonCompliant => body::Grade::NonCompliant,
        };
        given.push(Outcome::Grade { grade });
    }
    given.extend(o.ok.then_some(Outcome::YesNo { ok: true }));
    given.extend(o.not_ok.then_some(Outcome::YesNo { ok: false }));
    given.extend(o.found.map(|found| Outcome::Quantity { found }));
    given.extend(
        o.passed
            .zip(o.of)
            .map(|(passed, sampled)| Outcome::Ratio { passed, sampled }),
    );
    given.extend(o.count.map(|count| Outcome::Count { count }));
    given.extend(o.na.then_some(Outcome::NotApplicable));
    given.extend(o.unobserved.then_some(Outcome::Unobserved));
    match given.pop() {
        Some(one) if given.is_empty() => Ok(one),
        _ => bail!("请给且只给一个答案，例如 --ok 或 --count 2 (give exactly one answer)"),
    }
}

fn problems(
    vault: &mut Vault,
    problem: Problem,
    clock: &SystemClock,
    rng: &mut rand::rngs::ThreadRng,
) -> anyhow::Result<()> {
    match problem {
        Problem::Add(add) => return add_problem(vault, &add, clock, rng),
        Problem::Finish { draft, category } => {
            let id: ProblemId = id(&draft)?;
            if let Some(category) = category {
                let mut held = vault.draft(id)?;
                held.category = category;
                vault.change_draft(id, &held, clock)?;
            }
            let done = vault.hand_over(id, clock, rng)?;
            println!("saved {} {}", done.problem, done.temp_no);
        }
        Problem::Withdraw { problem, reason } => {
            vault.withdraw_problem(id(&problem)?, &reason, clock, rng)?;
            println!("已撤回，联网后送达 (withdrawn)");
        }
        Problem::Amend { problem, note } => {
            vault.amend_problem(id(&problem)?, &note, clock, rng)?;
            println!("已补充，联网后送达 (added)");
        }
    }
    Ok(())
}

fn add_problem(
    vault: &mut Vault,
    add: &Add,
    clock: &SystemClock,
    rng: &mut rand::rngs::ThreadRng,
) -> anyhow::Result<()> {
    // Everything that can be wrong with the request is found before anything is stored.
    let fix = add
        .at
        .as_deref()
        .map(|at| Fix::parse(at, "hand"))
        .transpose()?;
    let visit: Option<VisitId> = add.visit.as_deref().map(id).transpose()?;
    let site = visit.map(|v| vault.site_of(v)).transpose()?.flatten();
    let draft = Draft {
        category: add.category.clone(),
        note: add.note.clone(),
        place: add.place.clone(),
        by_hand: fix.clone(),
        item: add.item.clone(),
        visit,
        site,
        class: add.class.clone(),
        missing_shot: add.missing_shot.clone(),
        ..Draft::default()
    };
    let problem = vault.begin_problem(&draft, clock, rng)?;
    let near = add.photos.iter().map(|p| (p, Shot::Near));
    let wide = add.wide.iter().map(|p| (p, Shot::Wide));
    for (path, shot) in near.chain(wide) {
        let kept = || format!("草稿 {problem} 已保存 (the draft is kept)");
        let bytes = std::fs::read(path)
            .with_context(|| format!("照片 {} 读不出；{} (cannot read)", path.display(), kept()))?;
        let photo = NewPhoto {
            bytes: &bytes,
            intake: intake(add),
            shot,
            fix: None,
            keep_as_attachment: add.keep_as_attachment,
        };
        vault.add_photo(problem, &photo, clock, rng).map_err(|e| {
            let way = match e {
                FieldError::NeedsAttachment { .. } => {
                    "；要原样保留请加 --keep-as-attachment (to keep it as it is)"
                }
                _ => "",
            };
            let told = format!("照片 {}；{}{way}", path.display(), kept());
            anyhow::Error::new(e).context(told)
        })?;
    }
    let done = vault.hand_over(problem, clock, rng)?;
    println!("saved {} {}", done.problem, done.temp_no);
    Ok(())
}

#[cfg(feature = "test-camera")]
fn intake(add: &Add) -> Intake {
    if add.camera {
        Intake::test_camera(zhicha_field::clock::Clock::stamp(&SystemClock))
    } else {
        Intake::import()
    }
}

#[cfg(not(feature = "test-camera"))]
fn intake(_: &Add) -> Intake {
    Intake::import()
}
