//! Every way a line, a file or a server has been seen to fail, each on its own and then all at random.
//!
//! After each: nothing lost, nothing twice, and the phone never said more than the server held.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests: a panic is how they fail, a print is how they tell the seed"
)]

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use rusqlite::Connection;
use std::{collections::HashSet, fs, path::Path};
use tempfile::TempDir;
use zhicha_domain::{hash::Digest, photo::Shot, sync::SyncStage};
use zhicha_field::{
    FieldError, Vault,
    capture::{Intake, NewPhoto},
    net::{NetError, Response},
    problem::Draft,
    sync::{SyncOptions, SyncReport, sync_once},
};
use zhicha_photo::sample::{SampleSpec, jpeg};
use zhicha_tests::wire::{Fault, PIN, Served, Wire, clock};

struct World {
    dir: TempDir,
    served: Served,
    vault: Vault,
}

fn world() -> World {
    let dir = tempfile::tempdir().unwrap();
    let served = Served::fresh(dir.path()).unwrap();
    let vault = served.phone(&dir.path().join("vault"), "lead").unwrap();
    World { dir, served, vault }
}

fn add(vault: &mut Vault, seed: u64) {
    let rng = &mut rand::rng();
    let draft = Draft {
        category: "B01".into(),
        note: format!("第{seed}条"),
        place: "三道街".into(),
        missing_shot: "巷子太窄".into(),
        ..Draft::default()
    };
    let problem = vault.begin_problem(&draft, &clock(), rng).unwrap();
    let bytes = jpeg(&SampleSpec {
        seed,
        width_px: 640,
        height_px: 480,
        ..SampleSpec::default()
    });
    let photo = NewPhoto {
        bytes: &bytes,
        intake: Intake::import(),
        shot: Shot::Near,
        fix: None,
        keep_as_attachment: false,
    };
    vault.add_photo(problem, &photo, &clock(), rng).unwrap();
    vault.hand_over(problem, &clock(), rng).unwrap();
}

/// Small parts, so that a file takes several.
fn sync(vault: &mut Vault, wire: &mut Wire<'_>) -> Result<SyncReport, FieldError> {
    let options = SyncOptions { chunk_bytes: 8000 };
    sync_once(vault, wire, &clock(), &options)
}

fn db(data: &Path) -> Connection {
    Connection::open(data.join("zhicha.db")).unwrap()
}

fn number(data: &Path, sql: &str) -> i64 {
    db(data).query_row(sql, [], |r| r.get(0)).unwrap()
}

fn texts(db: &Connection, sql: &str) -> HashSet<String> {
    let mut find = db.prepare(sql).unwrap();
    let rows = find.query_map([], |r| r.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// Everything the phone calls confirmed, the server holds; gives how many problems are synced.
fn honest(vault: &Vault, data: &Path) -> usize {
    let db = db(data);
    let objects = texts(&db, "SELECT sha256 FROM objects");
    let problems = texts(&db, "SELECT problem_id FROM problems");
    let complete = texts(
        &db,
        "SELECT photo_id || rendition FROM photo_files WHERE complete_ms IS NOT NULL",
    );
    let status = vault.status(&clock()).unwrap();
    for p in &status.problems {
        if p.text == SyncStage::Confirmed {
            assert!(problems.contains(&p.problem), "{}", p.temp_no);
        }
        for photo in &p.photos {
            for file in &photo.files {
                if file.stage == SyncStage::Confirmed {
                    assert!(objects.contains(&file.sha256), "{}", p.temp_no);
                    let object = data.join("objects").join(&file.sha256[..2]);
                    let bytes = fs::read(object.join(&file.sha256)).unwrap();
                    assert_eq!(Digest::of(&bytes).to_string(), file.sha256);
                }
                if p.sync.synced {
                    assert!(complete.contains(&format!("{}{}", photo.photo, file.rendition)));
                }
            }
        }
        if p.sync.synced {
            assert_eq!(p.sync.photos_confirmed, p.sync.photos);
        }
    }
    status.problems.iter().filter(|p| p.sync.synced).count()
}

/// A pass without faults brings everything over, once; a second one where a part that was damaged
/// before is only noticed when its file is whole.
fn heals(w: &mut World, problems: usize) {
    let report = sync(&mut w.vault, &mut w.served.wire()).unwrap();
    if report.mismatched > 0 {
        sync(&mut w.vault, &mut w.served.wire()).unwrap();
    }
    assert_eq!(honest(&w.vault, &w.served.data), problems);
    let rows = i64::try_from(problems).unwrap();
    assert_eq!(
        number(&w.served.data, "SELECT count(*) FROM problems"),
        rows
    );
    assert_eq!(number(&w.served.data, "SELECT count(*) FROM ops"), rows * 2);
    assert_eq!(
        number(
            &w.served.data,
            "SELECT count(*) FROM photo_files WHERE complete_ms IS NOT NULL"
        ),
        rows * 3
    );
    w.vault.verify().unwrap();
}

#[test]
fn a_reply_lost_after_the_commit_doubles_nothing() {
    for (method, path) in [
        ("POST", "/v1/sync/push"),
        ("GET", "/v1/sync/pull"),
        ("POST", "/v1/uploads"),
        ("PATCH", "/v1/uploads"),
    ] {
        let mut w = world();
        add(&mut w.vault, 1);
        let mut wire = w.served.wire().once(method, path, Fault::LoseReply);
        assert!(sync(&mut w.vault, &mut wire).is_err(), "{method} {path}");
        assert_eq!(honest(&w.vault, &w.served.data), 0);
        heals(&mut w, 1);
    }
}

#[test]
fn the_last_part_whose_reply_was_lost_is_not_sent_again() {
    let mut w = world();
    add(&mut w.vault, 1);
    let mut parts = 0;
    // The whole thumbnail goes in one part of this size; its reply is lost.
    let mut wire = w.served.wire().failing(move |r| {
        parts += usize::from(r.method == "PATCH");
        (r.method == "PATCH" && parts == 1).then_some(Fault::LoseReply)
    });
    let whole = SyncOptions {
        chunk_bytes: 1 << 20,
    };
    sync_once(&mut w.vault, &mut wire, &clock(), &whole).unwrap_err();
    let mut sent = 0;
    let counter = std::sync::Arc::new(std::sync::Mutex::new(0));
    let seen = std::sync::Arc::clone(&counter);
    let mut wire = w.served.wire().failing(move |r| {
        if r.method == "PATCH" {
            *seen.lock().unwrap() += 1;
        }
        None
    });
    sync_once(&mut w.vault, &mut wire, &clock(), &whole).unwrap();
    sent += *counter.lock().unwrap();
    assert_eq!(
        sent, 2,
        "thumbnail was there, preview and original were not"
    );
    assert_eq!(honest(&w.vault, &w.served.data), 1);
}

#[test]
fn an_upload_cut_in_mid_chunk_goes_on_from_what_was_kept() {
    let mut w = world();
    add(&mut w.vault, 1);
    let mut parts = 0;
    let mut wire = w.served.wire().failing(move |r| {
        parts += usize::from(r.method == "PATCH");
        (r.method == "PATCH" && parts == 5).then_some(Fault::Cut)
    });
    sync(&mut w.vault, &mut wire).unwrap_err();
    honest(&w.vault, &w.served.data);
    heals(&mut w, 1);
}

#[test]
fn a_photo_damaged_on_the_way_is_noticed_and_sent_again() {
    let mut w = world();
    add(&mut w.vault, 1);
    let mut wire = w.served.wire().once("PATCH", "/v1/uploads", Fault::Flip);
    let report = sync(&mut w.vault, &mut wire).unwrap();
    assert_eq!((report.mismatched, report.files), (1, 2));
    let status = w.vault.status(&clock()).unwrap();
    assert_eq!(status.problems[0].sync.stage, SyncStage::Mismatch);
    assert_eq!(honest(&w.vault, &w.served.data), 0);
    heals(&mut w, 1);
}

#[test]
fn an_op_damaged_on_the_way_waits_and_goes_again() {
    let mut w = world();
    add(&mut w.vault, 1);
    let mut wire = w.served.wire().once("POST", "/v1/sync/push", Fault::Flip);
    let _ = sync(&mut w.vault, &mut wire);
    assert_eq!(honest(&w.vault, &w.served.data), 0);
    heals(&mut w, 1);
}

#[test]
fn a_photo_damaged_on_the_phone_keeps_no_other_back_and_never_says_synced() {
    let mut w = world();
    add(&mut w.vault, 1);
    add(&mut w.vault, 2);
    let file = fs::read_dir(w.dir.path().join("vault/photos"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .max_by_key(|p| fs::metadata(p).unwrap().len())
        .unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let report = sync(&mut w.vault, &mut w.served.wire()).unwrap();
    assert_eq!((report.damaged, report.files), (1, 5));
    assert_eq!(honest(&w.vault, &w.served.data), 1);
    let status = w.vault.status(&clock()).unwrap();
    assert!(
        status
            .problems
            .iter()
            .any(|p| p.sync.stage == SyncStage::Failed)
    );
}

#[test]
fn a_session_dead_for_days_pauses_sync_and_nothing_else() {
    let mut w = world();
    add(&mut w.vault, 1);
    const NO: &str = r#"{"code":"unauthorized","zh":"过期","en":"ended"}"#;
    for day in 0..3 {
        let mut wire = w
            .served
            .wire()
            .failing(|r| (!r.path.starts_with("/v1/session")).then_some(Fault::Answer(401, NO)));
        let error = sync(&mut w.vault, &mut wire).unwrap_err();
        assert!(error.to_string().contains("可继续记录"), "{error}");
        add(&mut w.vault, 10 + day);
    }
    assert_eq!(honest(&w.vault, &w.served.data), 0);
    heals(&mut w, 4);
}

#[test]
fn a_session_that_ends_during_a_pass_is_renewed_in_it() {
    let mut w = world();
    add(&mut w.vault, 1);
    const NO: &str = r#"{"code":"unauthorized","zh":"过期","en":"ended"}"#;
    let mut wire = w
        .served
        .wire()
        .once("PATCH", "/v1/uploads", Fault::Answer(401, NO));
    sync(&mut w.vault, &mut wire).unwrap();
    assert_eq!(honest(&w.vault, &w.served.data), 1);
}

#[test]
fn a_proxys_413_halves_batches_and_parts_until_they_pass() {
    let mut w = world();
    for n in 0..6 {
        add(&mut w.vault, n);
    }
    let mut wire = w.served.wire().failing(|r| {
        (r.body.len() > 2500).then_some(Fault::Answer(413, "<h1>Request Entity Too Large</h1>"))
    });
    sync(&mut w.vault, &mut wire).unwrap();
    assert_eq!(honest(&w.vault, &w.served.data), 6);
    heals(&mut w, 6);
}

#[test]
fn a_portal_or_a_proxy_that_answers_is_not_taken_for_the_office() {
    for (status, page) in [
        (200, "<html>请登录</html>"),
        (407, "Proxy Authentication"),
        (302, ""),
    ] {
        let mut w = world();
        add(&mut w.vault, 1);
        let mut wire = w
            .served
            .wire()
            .failing(move |_| Some(Fault::Answer(status, page)));
        let error = sync(&mut w.vault, &mut wire).unwrap_err();
        assert!(
            matches!(error, FieldError::Net(NetError::NotOurs(s)) if s == status),
            "{error:?}"
        );
        assert!(error.to_string().contains("数据在本机"));
        assert_eq!(honest(&w.vault, &w.served.data), 0);
        heals(&mut w, 1);
    }
}

#[test]
fn a_change_of_a_kind_nobody_knows_yet_keeps_no_other_back() {
    let mut w = world();
    add(&mut w.vault, 1);
    fn newer(answer: &mut Response) {
        let text = String::from_utf8(answer.body.clone()).unwrap();
        let added = r#""changes":[{"at_ms":1,"kind":"weather","body":{"c":-30}},"#;
        answer.body = text.replacen(r#""changes":["#, added, 1).into_bytes();
    }
    let mut wire = w
        .served
        .wire()
        .once("GET", "/v1/sync/pull", Fault::Edit(newer));
    sync(&mut w.vault, &mut wire).unwrap();
    assert_eq!(honest(&w.vault, &w.served.data), 1);
}

#[test]
fn a_receipt_for_other_bytes_confirms_nothing() {
    let mut w = world();
    add(&mut w.vault, 1);
    fn other(answer: &mut Response) {
        let mut body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        body["results"][1]["hash"] = "ab".repeat(32).into();
        answer.body = body.to_string().into_bytes();
    }
    let mut wire = w
        .served
        .wire()
        .once("POST", "/v1/sync/push", Fault::Edit(other));
    let report = sync(&mut w.vault, &mut wire).unwrap();
    assert_eq!((report.ops, report.refused), (1, 1));
    let status = w.vault.status(&clock()).unwrap();
    assert!(!status.problems[0].sync.synced);
    assert_eq!(status.problems[0].sync.stage, SyncStage::Refused);
}

#[test]
fn what_the_server_can_never_take_is_marked_and_stays_on_the_phone() {
    let mut w = world();
    add(&mut w.vault, 1);
    fn refused(answer: &mut Response) {
        let mut body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        body["results"][1] = serde_json::json!({
            "status": "refused", "code": "too_large", "zh": "太长", "en": "too long",
        });
        answer.body = body.to_string().into_bytes();
    }
    let mut wire = w
        .served
        .wire()
        .once("POST", "/v1/sync/push", Fault::Edit(refused));
    let report = sync(&mut w.vault, &mut wire).unwrap();
    assert_eq!((report.ops, report.refused), (1, 1));
    let status = w.vault.status(&clock()).unwrap();
    assert_eq!(status.problems.len(), 1);
    assert_eq!(status.problems[0].sync.stage, SyncStage::Refused);
    w.vault.verify().unwrap();
}

#[test]
fn a_server_that_cannot_read_an_op_twice_is_believed() {
    let mut w = world();
    add(&mut w.vault, 1);
    fn refused(answer: &mut Response) {
        let mut body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        for result in body["results"].as_array_mut().unwrap() {
            *result = serde_json::json!({
                "status": "refused", "code": "malformed", "zh": "读不懂", "en": "malformed",
            });
        }
        answer.body = body.to_string().into_bytes();
    }
    for refused_for_good in [0, 2] {
        let mut wire = w
            .served
            .wire()
            .once("POST", "/v1/sync/push", Fault::Edit(refused));
        let report = sync(&mut w.vault, &mut wire).unwrap();
        assert_eq!((report.ops, report.refused), (0, refused_for_good));
    }
    let status = w.vault.status(&clock()).unwrap();
    assert_eq!(status.problems[0].sync.stage, SyncStage::Refused);
}

/// A vault that a screen uses as well.
#[derive(Clone)]
struct Shared(std::sync::Arc<std::sync::Mutex<Vault>>);

impl zhicha_field::sync::Door for Shared {
    fn enter<T>(
        &mut self,
        work: impl FnOnce(&mut Vault) -> Result<T, FieldError>,
    ) -> Result<T, FieldError> {
        work(&mut self.0.lock().unwrap())
    }
}

#[test]
fn recording_goes_on_while_a_pass_waits_for_the_network() {
    let World {
        dir: _dir,
        served,
        mut vault,
    } = world();
    add(&mut vault, 1);
    let shared = Shared(std::sync::Arc::new(std::sync::Mutex::new(vault)));
    let beside = shared.clone();
    let mut recorded = 0;
    let mut wire = served.wire().failing(move |r| {
        // While a part is under way, another problem is recorded.
        if r.method == "PATCH" && recorded < 2 {
            recorded += 1;
            let mut vault = beside.0.try_lock().expect("the pass holds the vault");
            add(&mut vault, 10 + recorded);
        }
        None
    });
    let options = SyncOptions { chunk_bytes: 8000 };
    sync_once(&mut shared.clone(), &mut wire, &clock(), &options).unwrap();
    let mut vault = shared.0.lock().unwrap();
    assert_eq!(vault.status(&clock()).unwrap().problems.len(), 3);
    sync(&mut vault, &mut served.wire()).unwrap();
    assert_eq!(honest(&vault, &served.data), 3);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_server_restored_from_an_older_copy_gets_back_what_it_lost() {
    let World {
        dir,
        served,
        mut vault,
    } = world();
    add(&mut vault, 1);
    sync(&mut vault, &mut served.wire()).unwrap();
    let data = served.data.clone();
    drop(served);
    copy(&data, &dir.path().join("copy"));
    let served = Served::open(&data).unwrap();
    add(&mut vault, 2);
    add(&mut vault, 3);
    sync(&mut vault, &mut served.wire()).unwrap();
    assert_eq!(honest(&vault, &data), 3);
    drop(served);

    // The copy is put back, without any word to anybody.
    let data = dir.path().join("copy");
    let served = Served::open(&data).unwrap();
    assert_eq!(number(&data, "SELECT count(*) FROM problems"), 1);
    let mut w = World { dir, served, vault };
    // One pass notices, the next ones send; nobody presses anything.
    for _ in 0..2 {
        sync(&mut w.vault, &mut w.served.wire()).unwrap();
    }
    heals(&mut w, 3);
}

#[test]
fn two_phones_from_one_backup_lose_neither_ones_records() {
    let mut w = world();
    add(&mut w.vault, 1);
    drop(w.vault);
    let twin = w.dir.path().join("twin");
    copy(&w.dir.path().join("vault"), &twin);
    let mut first = Vault::open(&w.dir.path().join("vault"), PIN).unwrap();
    let mut second = Vault::open(&twin, PIN).unwrap();
    add(&mut first, 2);
    add(&mut second, 3);
    sync(&mut first, &mut w.served.wire()).unwrap();
    sync(&mut second, &mut w.served.wire()).unwrap();
    let data = &w.served.data;
    // The shared record once, each one's own once, and the fork in sight.
    assert_eq!(number(data, "SELECT count(*) FROM problems"), 3);
    assert_eq!(number(data, "SELECT count(*) FROM ops"), 6);
    assert_eq!(number(data, "SELECT max(forked) FROM logs"), 1);
    honest(&first, data);
    honest(&second, data);
}

#[test]
fn whatever_fails_in_whatever_order_the_phone_never_says_too_much_and_everything_arrives() {
    for seed in 0..24u64 {
        println!("seed {seed}");
        let mut rng = StdRng::seed_from_u64(seed);
        let mut w = world();
        let mut problems = 0;
        for round in 0..6u64 {
            if rng.random_bool(0.6) {
                add(&mut w.vault, seed * 100 + round);
                problems += 1;
            }
            let mut line = StdRng::seed_from_u64(rng.random());
            let mut wire = w.served.wire().failing(move |_| {
                if line.random_bool(0.75) {
                    return None;
                }
                Some(match line.random_range(0..6) {
                    0 => Fault::Unreachable,
                    1 => Fault::LoseReply,
                    2 => Fault::Cut,
                    3 => Fault::Flip,
                    4 => Fault::Answer(413, "too large"),
                    _ => Fault::Answer(502, "<html>bad gateway</html>"),
                })
            });
            let _ = sync(&mut w.vault, &mut wire);
            honest(&w.vault, &w.served.data);
            if rng.random_bool(0.3) {
                let folder = w.vault.folder().to_owned();
                drop(w.vault);
                w.vault = Vault::open(&folder, PIN).unwrap();
            }
        }
        heals(&mut w, problems);
    }
}
