//! The story: what is done, in order, and what was seen of it.

use crate::pictures::Photos;
use anyhow::{Context as _, bail};
use serde_json::Value;
use std::{
    path::Path,
    time::{Instant, SystemTime, UNIX_EPOCH},
};
use zhicha_domain::hash::Digest;
use zhicha_tests::{
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
    /// The problems as the phone shows them at the end.
    pub(crate) problems: Vec<Value>,
    /// A preview per photo, data for the page: (temporary number, caption, JPEG).
    pub(crate) pictures: Vec<(String, String, Vec<u8>)>,
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
    at: &'static str,
    place: &'static str,
    note: &'static str,
    class: &'static str,
}

const FOUND: [Found; 3] = [
    Found {
        category: "B01",
        item: "BJXX-10",
        at: "49.59791,117.43022,8",
        place: "三道街与海关路交叉口向东15米路南",
        note: "店外经营，占用人行道约3米",
        class: "L0",
    },
    Found {
        category: "D05",
        item: "BJXX-03",
        at: "49.59802,117.43081,46",
        place: "三道街东段小巷中段路北",
        note: "两盏路灯不亮，一盏灯罩脱落",
        class: "L1",
    },
    Found {
        category: "B03",
        item: "BJXX-13",
        at: "49.59811,117.43127,12",
        place: "三道街东段小巷东口北侧",
        note: "废旧家具堆放在墙根，约2立方米",
        class: "L0",
    },
];

pub(crate) fn play(out: &Path, photos: &Photos) -> anyhow::Result<Told> {
    let begun = Instant::now();
    let mut diary = Diary { steps: Vec::new() };
    println!("[1/4] 建城市、启动服务器、绑定手机 (a city, its server, a phone)");
    let (phone, server) = Phone::with_server(out)?;
    diary.note("办公室", "建好城市和账号，服务器启动，发出一次性绑定码");
    diary.note("手机", "核对证书指纹，绑定");

    println!(
        "[2/4] 停掉服务器，现场检查 (the server process is stopped; the visit is made without it)"
    );
    let (address, data) = (server.address().to_owned(), server.data.clone());
    server.stop()?;
    diary.note("网络", "服务器进程已停止");
    let visit: Value = serde_json::from_str(&phone.must(&["visit", "start", "--json"])?)?;
    let visit = text(&visit, "visit")?;
    let mut attempts = 0;
    for (found, (near, wide)) in FOUND.iter().zip(&photos.before) {
        let (near, wide) = (near.to_string_lossy(), wide.to_string_lossy());
        let said = phone.must(&[
            "problem",
            "add",
            "--visit",
            &visit,
            "--item",
            found.item,
            "--category",
            found.category,
            "--at",
            found.at,
            "--place",
            found.place,
            "--note",
            found.note,
            "--class",
            found.class,
            "--photo",
            &near,
            "--wide",
            &wide,
        ])?;
        diary.note(
            "巡查员",
            format!("记下问题：{}（{}）", found.note, said.trim()),
        );
        if phone.run(&["sync"])?.status.success() {
            bail!("sync succeeded although the server is stopped");
        }
        attempts += 1;
        diary.note("手机", "试着连接服务器：没有回应，数据在本机");
    }
    phone.must(&["visit", "finish", "--visit", &visit])?;
    diary.note("巡查员", "结束巡查");

    println!("[3/4] 服务器恢复，同步 (the server is back; the phone syncs)");
    let server = Server::start(&data, &address)?;
    diary.note("网络", "服务器进程重新启动");
    phone.must(&["sync"])?;
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

    println!("[4/4] 两边比对 (both sides are compared)");
    let (mut files, mut pictures) = (Vec::new(), Vec::new());
    for p in &problems {
        compare(&data, p, &mut files, &mut pictures)?;
    }
    diary.note("比对", format!("{} 个照片文件逐字节一致", files.len()));
    server.stop()?;
    Ok(Told {
        photos_from: photos.source.clone(),
        steps: diary.steps,
        failed_attempts: attempts,
        problems,
        pictures,
        files,
        seconds: begun.elapsed().as_secs_f64(),
    })
}

/// Reads each file the phone calls confirmed from the server's disk and compares hashes.
fn compare(
    data: &Path,
    problem: &Value,
    files: &mut Vec<FilePair>,
    pictures: &mut Vec<(String, String, Vec<u8>)>,
) -> anyhow::Result<()> {
    let temp_no = text(problem, "temp_no")?;
    let photos = problem["photos"].as_array().context("photos")?;
    for (n, photo) in photos.iter().enumerate() {
        for file in photo["files"].as_array().context("files")? {
            let rendition = text(file, "rendition")?;
            let phone = text(file, "sha256")?;
            let object = data.join("objects").join(&phone[..2]).join(&phone);
            let bytes = std::fs::read(&object).with_context(|| object.display().to_string())?;
            let server = Digest::of(&bytes).to_string();
            if phone != server {
                bail!("{temp_no} {rendition}: {phone} here, {server} there");
            }
            if rendition == "preview" {
                let caption = if n == 0 { "近景" } else { "远景" };
                pictures.push((temp_no.clone(), caption.to_owned(), bytes.clone()));
            }
            files.push(FilePair {
                temp_no: temp_no.clone(),
                rendition,
                bytes: bytes.len() as u64,
                phone,
                server,
            });
        }
    }
    Ok(())
}
