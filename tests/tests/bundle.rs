//! By file instead of by network: the same rows and the same hashes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests: a panic is how they fail, a print is how they tell the seed"
)]

use std::{fs, path::Path, process::Command};
use zhicha_photo::sample::{SampleSpec, jpeg};
use zhicha_tests::{
    phone::Phone,
    server::{self, Server},
};

/// Two problems with two photos each.
fn record(phone: &Phone, dir: &Path) {
    for n in 0..2 {
        let mut photos = Vec::new();
        for k in 0..2 {
            let path = dir.join(format!("{n}{k}.jpg"));
            let bytes = jpeg(&SampleSpec {
                seed: n * 2 + k,
                width_px: 1024,
                height_px: 768,
                ..SampleSpec::default()
            });
            fs::write(&path, bytes).unwrap();
            photos.push(path.to_string_lossy().into_owned());
        }
        phone
            .must(&[
                "problem",
                "add",
                "--category",
                "B03",
                "--at",
                "49.5978,117.3785,8",
                "--note",
                "杂物堆放",
                "--photo",
                &photos[0],
                "--wide",
                &photos[1],
            ])
            .unwrap();
    }
}

/// What the server made of it, without what two servers must differ in (times of receipt).
fn rows(data: &Path) -> String {
    let db = rusqlite::Connection::open(data.join("zhicha.db")).unwrap();
    db.query_row(
        "SELECT (SELECT json_group_array(op_id || hash || verdict) FROM
                    (SELECT * FROM ops ORDER BY op_id))
             || (SELECT json_group_array(problem_id || temp_no || state || category || note) FROM
                    (SELECT * FROM problems ORDER BY problem_id))
             || (SELECT json_group_array(photo_id || rendition || sha256 || (complete_ms > 0)) FROM
                    (SELECT * FROM photo_files ORDER BY photo_id, rendition))
             || (SELECT json_group_array(seq || hash) FROM logs)",
        [],
        |r| r.get(0),
    )
    .unwrap()
}

#[test]
fn a_bundle_gives_the_same_rows_and_hashes_as_sync_and_twice_does_no_harm() {
    let dir = tempfile::tempdir().unwrap();
    let (phone, server) = Phone::with_server(dir.path()).unwrap();
    let (address, data) = (server.address().to_owned(), server.data.clone());
    record(&phone, dir.path());
    let bundle = dir.path().join("work.zhicha");
    let bundle = bundle.to_string_lossy();
    phone.must(&["export-bundle", &bundle]).unwrap();
    server.stop().unwrap();

    // A copy of the city, as it was before any sync, takes the bundle.
    let copy = dir.path().join("copy");
    let copied = Command::new("cp")
        .arg("-a")
        .arg(&data)
        .arg(&copy)
        .status()
        .unwrap();
    assert!(copied.success());
    for _ in 0..2 {
        let copy = copy.to_string_lossy();
        server::must(&["import-bundle", "--data", &copy, &bundle], None).unwrap();
    }

    let server = Server::start(&data, &address).unwrap();
    phone.must(&["sync"]).unwrap();
    server.stop().unwrap();
    let by_sync = rows(&data);
    assert!(by_sync.contains("杂物堆放"), "{by_sync}");
    assert_eq!(rows(&copy), by_sync);

    // The phone learns from the copy's server that its work has arrived.
    let server = Server::start(&copy, &address).unwrap();
    phone.must(&["sync"]).unwrap();
    server.stop().unwrap();
}

#[test]
fn a_damaged_bundle_is_refused_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (phone, server) = Phone::with_server(dir.path()).unwrap();
    record(&phone, dir.path());
    let path = dir.path().join("work.zhicha");
    phone
        .must(&["export-bundle", &path.to_string_lossy()])
        .unwrap();
    let data = server.data.clone();
    server.stop().unwrap();
    let before = rows(&data);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let data_text = data.to_string_lossy();
    let out = server::run(
        &[
            "import-bundle",
            "--data",
            &data_text,
            &path.to_string_lossy(),
        ],
        None,
    )
    .unwrap();
    assert!(!out.status.success());
    assert!(String::from_utf8_lossy(&out.stderr).contains("没有导入"));
    assert_eq!(rows(&data), before);
}
