//! From the phone to the server and back, with the server process really stopped in between.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests: a panic is how they fail, a print is how they tell the seed"
)]

use serde_json::Value;
use std::{fs, path::Path};
use zhicha_domain::hash::Digest;
use zhicha_photo::sample::{SampleSpec, jpeg};
use zhicha_tests::{
    phone::Phone,
    server::{self, Server},
};

fn photo(dir: &Path, seed: u64) -> String {
    let path = dir.join(format!("{seed}.jpg"));
    let bytes = jpeg(&SampleSpec {
        seed,
        width_px: 1600,
        height_px: 1200,
        ..SampleSpec::default()
    });
    fs::write(&path, bytes).unwrap();
    path.to_string_lossy().into_owned()
}

fn add(phone: &Phone, near: &str, wide: &str) {
    phone
        .must(&[
            "problem",
            "add",
            "--category",
            "B01",
            "--at",
            "49.5978,117.3785,8",
            "--note",
            "店外经营占道",
            "--photo",
            near,
            "--wide",
            wide,
        ])
        .unwrap();
}

fn synced(status: &Value) -> usize {
    status["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| p["sync"]["synced"] == true)
        .count()
}

/// Photo files as the server's database and disk have them: photo/rendition → hash of the bytes.
fn held(data: &Path) -> Vec<(String, String)> {
    let db = rusqlite::Connection::open(data.join("zhicha.db")).unwrap();
    let mut find = db
        .prepare(
            "SELECT photo_id || '/' || rendition, sha256 FROM photo_files
             WHERE complete_ms IS NOT NULL ORDER BY 1",
        )
        .unwrap();
    let rows: Vec<(String, String)> = find
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for (name, sha256) in &rows {
        let object = data.join("objects").join(&sha256[..2]).join(sha256);
        let bytes = fs::read(object).unwrap();
        assert_eq!(&Digest::of(&bytes).to_string(), sha256, "{name}");
    }
    rows
}

#[test]
fn problems_logged_without_a_server_arrive_whole_and_only_then_say_synced() {
    let dir = tempfile::tempdir().unwrap();
    let (phone, server) = Phone::with_server(dir.path()).unwrap();
    let (address, data) = (server.address().to_owned(), server.data.clone());
    server.stop().unwrap();

    for n in 0..3 {
        add(
            &phone,
            &photo(dir.path(), n * 2),
            &photo(dir.path(), n * 2 + 1),
        );
        let out = phone.run(&["sync"]).unwrap();
        assert_eq!(out.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&out.stderr).contains("数据在本机"));
    }
    let status = phone.status().unwrap();
    assert_eq!(synced(&status), 0, "{status}");
    assert!(status["oldest_unsent_ms"].as_i64().unwrap() >= 0);

    let server = Server::start(&data, &address).unwrap();
    phone.must(&["sync"]).unwrap();
    let status = phone.status().unwrap();
    assert_eq!(synced(&status), 3, "{status:#}");
    let verified: Value =
        serde_json::from_str(&phone.must(&["verify", "--json"]).unwrap()).unwrap();
    assert_eq!(verified["ops"], 9);
    assert_eq!(verified["server_seq"], 9);

    // The same hashes on both sides.
    let mut ours = Vec::new();
    for p in status["problems"].as_array().unwrap() {
        for photo in p["photos"].as_array().unwrap() {
            for file in photo["files"].as_array().unwrap() {
                ours.push((
                    format!(
                        "{}/{}",
                        photo["photo"].as_str().unwrap(),
                        file["rendition"].as_str().unwrap()
                    ),
                    file["sha256"].as_str().unwrap().to_owned(),
                ));
            }
        }
    }
    ours.sort();
    assert_eq!(held(&data), ours);

    // Again: nothing twice.
    phone.must(&["sync"]).unwrap();
    assert_eq!(held(&data), ours);
    server.stop().unwrap();
}

#[test]
fn a_server_killed_again_and_again_while_photos_arrive_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (phone, server) = Phone::with_server(dir.path()).unwrap();
    let (address, data) = (server.address().to_owned(), server.data.clone());
    for n in 0..4 {
        add(
            &phone,
            &photo(dir.path(), n * 2),
            &photo(dir.path(), n * 2 + 1),
        );
    }
    let mut server = Some(server);
    for round in 0..8u64 {
        let running = server.take().unwrap();
        let mut syncing = phone.spawn(&["sync"]).unwrap();
        // The instant of the kill is the test's subject: nothing is awaited here.
        std::thread::park_timeout(std::time::Duration::from_millis(60 + round * 45));
        running.kill().unwrap();
        syncing.wait().unwrap();
        // Whatever the phone calls confirmed, the server has.
        let confirmed: Vec<String> = phone.status().unwrap()["problems"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|p| p["photos"].as_array().unwrap().clone())
            .flat_map(|photo| photo["files"].as_array().unwrap().clone())
            .filter(|file| file["stage"] == "confirmed")
            .map(|file| file["sha256"].as_str().unwrap().to_owned())
            .collect();
        let there: Vec<String> = held(&data).into_iter().map(|(_, sha)| sha).collect();
        for sha in confirmed {
            assert!(there.contains(&sha), "round {round}: {sha}");
        }
        server = Some(Server::start(&data, &address).unwrap());
    }
    phone.must(&["sync"]).unwrap();
    assert_eq!(synced(&phone.status().unwrap()), 4);
    assert_eq!(held(&data).len(), 24);
    phone.must(&["verify"]).unwrap();
}

#[test]
fn a_used_up_code_binds_no_second_phone() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    server::init(&data, server::ADMIN_PASSWORD).unwrap();
    server::account(
        &data,
        "lead",
        "巡查员王",
        "inspector",
        server::ADMIN_PASSWORD,
    )
    .unwrap();
    let code = server::code(&data, "lead").unwrap();
    let server = Server::start(&data, "127.0.0.1:0").unwrap();
    let first = Phone::new(&dir.path().join("first")).unwrap();
    first
        .enrol(&server.url, &server.fingerprint, &code)
        .unwrap();
    let second = Phone::new(&dir.path().join("second")).unwrap();
    let refused = second
        .enrol(&server.url, &server.fingerprint, &code)
        .unwrap_err();
    assert!(refused.to_string().contains("绑定码"), "{refused}");
    let wrong = second
        .enrol(&server.url, &"ab".repeat(32), &code)
        .unwrap_err();
    assert!(wrong.to_string().contains("指纹"), "{wrong}");
}
