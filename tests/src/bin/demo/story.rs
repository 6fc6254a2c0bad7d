//! The story: what is done, in order, and what was seen of it.

mod inspector;
mod office;

use crate::pictures::Photos;
use anyhow::{Context as _, bail};
use inspector::Inspector;
use serde_json::Value;
use std::{
    path::Path,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use zhicha_domain::{hash::Digest, time::city_date};
use zhicha_tests::{
    office::Office,
    phone::{Phone, text},
    server::Server,
};

/// A step and when it was done.
pub(crate) struct Step {
    pub(crate) at_ms: i64,
    pub(crate) who: &'static str,
    pub(crate) what: String,
}

/// A file on both sides.
pub(crate) struct FilePair {
    pub(crate) temp_no: String,
    pub(crate) rendition: String,
    pub(crate) bytes: u64,
    pub(crate) phone: String,
    pub(crate) server: String,
}

/// What the report shows.
pub(crate) struct Told {
    pub(crate) photos_from: String,
    pub(crate) steps: Vec<Step>,
    /// Failed attempts to reach the server between the first and the last save.
    pub(crate) failed_attempts: usize,
    /// The problems as the office has them at the end.
    pub(crate) problems: Vec<Value>,
    /// A preview per photo, data for the page: (temporary number, caption, JPEG).
    pub(crate) pictures: Vec<(String, String, Vec<u8>)>,
    /// Screens of phone and console: (name, PNG).
    pub(crate) screens: Vec<(String, Vec<u8>)>,
    pub(crate) files: Vec<FilePair>,
    pub(crate) seconds: f64,
}

struct Diary {
    steps: Vec<Step>,
}

impl Diary {
    fn note(&mut self, who: &'static str, what: impl Into<String>) {
        let what = what.into();
        println!("  {who}：{what}");
        self.steps.push(Step {
            at_ms: now_ms(),
            who,
            what,
        });
    }
}

fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(0))
}

struct Found {
    category: &'static str,
    item: &'static str,
    /// Degrees north, degrees east, metres.
    at: (f64, f64, f64),
    place: &'static str,
    note: &'static str,
}

const FOUND: [Found; 3] = [
    Found {
        category: "B01",
        item: "BJXX-10",
        at: (49.59791, 117.43022, 8.0),
        place: "三道街与海关路交叉口向东15米路南",
        note: "店外经营，占用人行道约3米",
    },
    Found {
        category: "D05",
        item: "BJXX-03",
        at: (49.59802, 117.43081, 46.0),
        place: "三道街东段小巷中段路北",
        note: "两盏路灯不亮，一盏灯罩脱落",
    },
    Found {
        category: "B03",
        item: "BJXX-13",
        at: (49.59811, 117.43127, 12.0),
        place: "三道街东段小巷东口北侧",
        note: "废旧家具堆放在墙根，约2立方米",
    },
];

const SITE: &str = "三道街东段小巷";
const UNIT: &str = "城市管理局";

pub(crate) fn play(out: &Path, photos: &Photos) -> anyhow::Result<Told> {
    let begun = Instant::now();
    let rt = tokio::runtime::Runtime::new()?;
    let mut diary = Diary { steps: Vec::new() };
    println!("[1/6] 启动服务器，放进一座小城 (a server with a small city)");
    let data = out.join("data");
    let server = Server::fresh(&data)?;
    let office = Office::with_city(&server)?;
    diary.note(
        "办公室",
        "建好满洲里样例：5 个区划、8 个责任单位、5 个点位、8 个账号",
    );

    println!("[2/6] 手机绑定、出发 (the phone is bound and sets out)");
    let code = office.inspector_code("lead")?;
    let inspector = Inspector::bind(&rt, out, (&server.url, &server.fingerprint), &code)?;
    let today = city_date(now_ms());
    office.plan(&today, "lead", &[SITE])?;
    diary.note("审核员", format!("安排 {today} 的任务；点位只有服务器知道"));
    inspector.sealed()?;
    diary.note("手机", format!("已绑定；任务只写着日期 {today}，没有点位"));
    inspector.depart()?;
    diary.note("组长", format!("出发：点位是「{SITE}」"));

    println!(
        "[3/6] 停掉服务器，现场检查 (the server process is stopped; the visit is made without it)"
    );
    let address = server.address().to_owned();
    server.stop()?;
    diary.note("网络", "服务器进程已停止");
    let attempts = visit(&inspector, photos, &mut diary)?;

    println!("[4/6] 服务器恢复，同步 (the server is back; the phone syncs)");
    let server = Server::start(&data, &address)?;
    diary.note("网络", "服务器进程重新启动");
    inspector.sync()?;
    // The vault is closed by the window; the command reads the same one.
    let phone = Phone::new(&out.join("vault"))?;
    let status = phone.status()?;
    let problems = status["problems"].as_array().context("problems")?.clone();
    if problems.len() != FOUND.len() || !problems.iter().all(|p| p["sync"]["synced"] == true) {
        bail!("not everything is synced: {status:#}");
    }
    diary.note(
        "手机",
        format!(
            "{} 个问题已同步，每张照片的校验值都由服务器核对",
            problems.len()
        ),
    );
    phone.must(&["verify"])?;
    diary.note(
        "手机",
        "verify：签名、链条、照片校验值、服务器签过的日志头都对得上",
    );

    println!("[5/6] 审核、交办、反馈、复查 (review, dispatch, feedback, recheck)");
    let office = office.again(&server)?;
    let (mut files, mut pictures) = (Vec::new(), Vec::new());
    for p in &problems {
        compare(&office, p, &mut files, &mut pictures)?;
    }
    diary.note(
        "办公室",
        format!("逐字节比对 {} 个照片文件，两边一致", files.len()),
    );
    let ids: Vec<String> = problems
        .iter()
        .map(|p| text(p, "problem"))
        .collect::<Result<_, _>>()?;
    office::play(&rt, out, &server.url, &ids, photos, &mut diary)?;
    let problems: Vec<Value> = ids
        .iter()
        .map(|id| office.reviewer.get(&format!("/v1/problems/{id}")))
        .collect::<Result<_, _>>()?;
    after_photos(&office, &problems, &mut pictures)?;

    println!("[6/6] 导出清单 (the lists)");
    let notices = office.reviewer.get("/v1/dispatches")?;
    let dispatch = text(&notices["dispatches"][0], "dispatch")?;
    office.reviewer.download(
        &format!("/v1/exports/list.xlsx?dispatch={dispatch}"),
        &out.join("整改清单.xlsx"),
    )?;
    office
        .reviewer
        .download("/v1/exports/ledger.xlsx", &out.join("整改台账.xlsx"))?;
    diary.note("办公室", "导出整改清单和整改台账");
    Inspector::again(&rt, out)?.look(&mut diary)?;
    wait_stopped(server)?;
    Ok(Told {
        photos_from: photos.source.clone(),
        steps: diary.steps,
        failed_attempts: attempts,
        problems,
        pictures,
        screens: screens(&out.join("screens"))?,
        files,
        seconds: begun.elapsed().as_secs_f64(),
    })
}

/// The walk without a server; gives how many attempts to reach it failed between the first and the
/// last save.
fn visit(inspector: &Inspector<'_>, photos: &Photos, diary: &mut Diary) -> anyhow::Result<usize> {
    let mut attempts = 0;
    let seen = inspector.walk()?;
    diary.note("巡查员", format!("按手册看了 {seen} 项"));
    for (nth, (found, pair)) in FOUND.iter().zip(&photos.before).enumerate() {
        let temp_no = inspector.log(nth, found, pair)?;
        diary.note(
            "巡查员",
            format!("记下问题：{}（已存本机 {temp_no}）", found.note),
        );
        // Only what lies between the first and the last save is counted.
        if nth + 1 == FOUND.len() {
            break;
        }
        for again in ["", "再"] {
            inspector.try_in_vain()?;
            attempts += 1;
            diary.note(
                "手机",
                format!("{again}试着连接服务器：没有回应，数据在本机"),
            );
        }
    }
    inspector.finish()?;
    diary.note("巡查员", "结束巡查，没看的项目记为未观察");
    Ok(attempts)
}

/// The screens that were photographed on the way, in order: (name, PNG).
fn screens(folder: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut names: Vec<_> = std::fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    names.sort();
    names
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            Ok((name.into_owned(), std::fs::read(path)?))
        })
        .collect()
}

/// Adds what the units sent, as the office shows it.
fn after_photos(
    office: &Office,
    problems: &[Value],
    pictures: &mut Vec<(String, String, Vec<u8>)>,
) -> anyhow::Result<()> {
    for problem in problems {
        for photo in problem["photo_list"].as_array().context("photos")? {
            if photo["side"] == "after" {
                let path = format!("/v1/photos/{}/preview", text(photo, "photo")?);
                let shown = office.reviewer.bytes(&path)?;
                pictures.push((text(problem, "no")?, "整改后（网页上传）".to_owned(), shown));
            }
        }
    }
    Ok(())
}

/// Fetches each file the phone says is confirmed and compares hashes.
fn compare(
    office: &Office,
    problem: &Value,
    files: &mut Vec<FilePair>,
    pictures: &mut Vec<(String, String, Vec<u8>)>,
) -> anyhow::Result<()> {
    let temp_no = text(problem, "temp_no")?;
    for (n, photo) in problem["photos"]
        .as_array()
        .context("photos")?
        .iter()
        .enumerate()
    {
        let id = text(photo, "photo")?;
        for file in photo["files"].as_array().context("files")? {
            let rendition = text(file, "rendition")?;
            let bytes = office
                .reviewer
                .bytes(&format!("/v1/photos/{id}/{rendition}"))?;
            let (phone, server) = (text(file, "sha256")?, Digest::of(&bytes).to_string());
            if phone != server {
                bail!("{temp_no} {rendition}: {phone} here, {server} there");
            }
            files.push(FilePair {
                temp_no: temp_no.clone(),
                rendition: rendition.clone(),
                bytes: bytes.len() as u64,
                phone,
                server,
            });
            if rendition == "preview" {
                let caption = if n == 0 { "近景" } else { "远景" };
                pictures.push((temp_no.clone(), caption.to_owned(), bytes));
            }
        }
    }
    Ok(())
}

fn wait_stopped(server: Server) -> anyhow::Result<()> {
    let begun = Instant::now();
    server.stop()?;
    if begun.elapsed() > Duration::from_secs(12) {
        bail!("the server took too long to stop");
    }
    Ok(())
}
