//! By file instead of by network: the same rows and the same hashes.

use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path};
use zhicha_domain::hash::Digest;
use zhicha_photo::sample::{SampleSpec, jpeg};
use zhicha_tests::{
    office::Office,
    phone::Phone,
    server::{self, Server},
};

/// Two problems with two photos each, recorded on `phone`.
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

/// What the office has, without what two servers must differ in (times of receipt).
fn rows(office: &Office) -> BTreeMap<String, Value> {
    let list = office.reviewer.get("/v1/problems").unwrap();
    list["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| {
            let id = p["problem"].as_str().unwrap();
            let whole = office.reviewer.get(&format!("/v1/problems/{id}")).unwrap();
            let mut hashes = BTreeMap::new();
            for photo in whole["photos"].as_array().unwrap() {
                let photo = photo["photo"].as_str().unwrap();
                for rendition in ["original", "preview", "thumbnail"] {
                    let bytes = office
                        .reviewer
                        .bytes(&format!("/v1/photos/{photo}/{rendition}"))
                        .unwrap();
                    hashes.insert(
                        format!("{photo}/{rendition}"),
                        Digest::of(&bytes).to_string(),
                    );
                }
            }
            let row = json!({
                "temp_no": whole["temp_no"], "category": whole["category"], "note": whole["note"],
                "state": whole["state"], "found_ms": whole["found_ms"], "files": hashes,
            });
            (id.to_owned(), row)
        })
        .collect()
}

#[test]
fn a_bundle_gives_the_same_rows_and_hashes_as_sync_and_twice_does_no_harm() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::fresh(&dir.path().join("data")).unwrap();
    let office = Office::with_city(&server).unwrap();
    let phone = Phone::new(&dir.path().join("vault")).unwrap();
    let code = office.inspector_code("lead").unwrap();
    phone
        .enrol(&server.url, &server.fingerprint, &code)
        .unwrap();
    record(&phone, dir.path());
    let bundle = dir.path().join("work.zhicha");
    let bundle = bundle.to_string_lossy();
    phone.must(&["export-bundle", &bundle]).unwrap();

    // A second city folder, as it was before any sync, takes the bundle.
    let address = server.address().to_owned();
    let data = server.data.clone();
    server.stop().unwrap();
    let copy = dir.path().join("copy");
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .arg(&data)
        .arg(&copy)
        .status()
        .unwrap();
    assert!(copied.success());
    let copy_text = copy.to_string_lossy();
    for _ in 0..2 {
        server::must(&["import-bundle", "--data", &copy_text, &bundle], None).unwrap();
    }

    let server = Server::start(&data, &address).unwrap();
    phone.must(&["sync"]).unwrap();
    let office = office.again(&server).unwrap();
    let by_sync = rows(&office);
    assert_eq!(by_sync.len(), 2);
    server.stop().unwrap();

    let server = Server::start(&copy, "127.0.0.1:0").unwrap();
    let office = office.again(&server).unwrap();
    assert_eq!(rows(&office), by_sync);
}

#[test]
fn a_damaged_bundle_is_refused_whole() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::fresh(&dir.path().join("data")).unwrap();
    let office = Office::with_city(&server).unwrap();
    let phone = Phone::new(&dir.path().join("vault")).unwrap();
    let code = office.inspector_code("lead").unwrap();
    phone
        .enrol(&server.url, &server.fingerprint, &code)
        .unwrap();
    record(&phone, dir.path());
    let path = dir.path().join("work.zhicha");
    phone
        .must(&["export-bundle", &path.to_string_lossy()])
        .unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let data = server.data.clone();
    server.stop().unwrap();
    let out = server::run(
        &[
            "import-bundle",
            "--data",
            &data.to_string_lossy(),
            &path.to_string_lossy(),
        ],
        None,
    )
    .unwrap();
    assert!(!out.status.success());
    let server = Server::start(&data, "127.0.0.1:0").unwrap();
    let office = office.again(&server).unwrap();
    assert!(rows(&office).is_empty());
}
