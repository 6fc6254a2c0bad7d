//! What people hand in wrong: each gets a message that says what happened and what to do, and
//! nothing that was saved is lost.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests: a panic is how they fail, a print is how they tell the seed"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};
use zhicha_photo::sample::{SampleSpec, jpeg};
use zhicha_tests::{
    phone::Phone,
    server::{self, Server},
};

struct Town {
    dir: tempfile::TempDir,
    phone: Phone,
    server: Server,
}

impl Town {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (phone, server) = Phone::with_server(dir.path()).unwrap();
        Self { dir, phone, server }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

fn words(out: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    )
}

fn small_photo() -> &'static [u8] {
    static PHOTO: OnceLock<Vec<u8>> = OnceLock::new();
    PHOTO.get_or_init(|| {
        jpeg(&SampleSpec {
            width_px: 800,
            height_px: 600,
            ..SampleSpec::default()
        })
    })
}

fn add(phone: &Phone, photo: &Path, more: &[&str]) -> Output {
    let photo = photo.to_string_lossy();
    let mut args = vec![
        "problem",
        "add",
        "--category",
        "B01",
        "--at",
        "49.5978,117.3785,8",
        "--note",
        "测试",
        "--missing-shot",
        "现场不便",
        "--photo",
        &photo,
    ];
    args.extend_from_slice(more);
    phone.run(&args).unwrap()
}

fn problems(phone: &Phone) -> usize {
    phone.status().unwrap()["problems"]
        .as_array()
        .unwrap()
        .len()
}

/// A JPEG whose header claims a size; nothing but the header is real.
fn claims(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = small_photo().to_vec();
    let at = bytes
        .windows(2)
        .position(|w| w == [0xff, 0xc0])
        .expect("a baseline frame header");
    bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

#[test]
fn photos_that_are_none_are_named_and_can_be_kept_as_they_are() {
    let town = Town::new();
    let phone = &town.phone;
    let write = |name: &str, bytes: &[u8]| {
        let path = town.path(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let good = write("good.jpg", small_photo());
    assert!(add(phone, &good, &[]).status.success());

    let keepable = [
        ("notes.jpg", b"not a picture at all".to_vec(), "不是照片"),
        (
            "cut.jpg",
            small_photo()[..small_photo().len() / 2].to_vec(),
            "不完整",
        ),
        ("huge.jpg", claims(30_000, 30_000), "像素"),
    ];
    for (n, (name, bytes, word)) in keepable.iter().enumerate() {
        let path = write(name, bytes);
        let out = add(phone, &path, &[]);
        assert!(!out.status.success(), "{name}");
        assert!(
            words(&out).contains("--keep-as-attachment"),
            "{name}: {}",
            words(&out)
        );
        assert!(words(&out).contains(word), "{name}: {}", words(&out));
        assert_eq!(problems(phone), n + 1);
        let out = add(phone, &path, &["--keep-as-attachment"]);
        assert!(out.status.success(), "{name}: {}", words(&out));
        assert_eq!(problems(phone), n + 2);
    }
    for (name, bytes) in [
        ("empty.jpg", Vec::new()),
        ("big.jpg", vec![0xd8; 64 * 1024 * 1024 + 1]),
    ] {
        let path = write(name, &bytes);
        for more in [[].as_slice(), &["--keep-as-attachment"]] {
            let out = add(phone, &path, more);
            assert_eq!(out.status.code(), Some(1), "{name}: {}", words(&out));
        }
    }
    let out = add(phone, &town.path("nowhere.jpg"), &[]);
    assert!(words(&out).contains("nowhere.jpg"), "{}", words(&out));
    assert_eq!(problems(phone), 4);

    // The attachments travel like any photo, byte for byte.
    phone.must(&["sync"]).unwrap();
    let status = phone.status().unwrap();
    for p in status["problems"].as_array().unwrap() {
        assert_eq!(p["sync"]["synced"], true, "{p}");
    }
    phone.must(&["verify"]).unwrap();
}

#[test]
fn coordinates_no_place_has_are_refused_and_nothing_is_lost() {
    let town = Town::new();
    let phone = &town.phone;
    let photo = town.path("p.jpg");
    fs::write(&photo, small_photo()).unwrap();
    for (at, word) in [
        ("95,117,8", "纬度"),
        ("49.5,200,8", "经度"),
        ("北边", "49.5978"),
    ] {
        let photo = photo.to_string_lossy();
        let out = phone
            .run(&[
                "problem",
                "add",
                "--category",
                "B01",
                "--at",
                at,
                "--note",
                "x",
                "--photo",
                &photo,
            ])
            .unwrap();
        assert!(!out.status.success());
        assert!(words(&out).contains(word), "{at}: {}", words(&out));
    }
}

#[test]
fn a_wrong_or_used_up_code_and_a_wrong_address_say_what_to_do() {
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
    let running = Server::start(&data, "127.0.0.1:0").unwrap();
    let first = Phone::new(&dir.path().join("first")).unwrap();
    let second = Phone::new(&dir.path().join("second")).unwrap();
    let (url, print) = (&running.url, &running.fingerprint);
    let enrol = |phone: &Phone, url: &str, print: &str, code: &str| {
        phone
            .run(&[
                "enrol",
                "--server",
                url,
                "--fingerprint",
                print,
                "--code",
                code,
            ])
            .unwrap()
    };
    for (url, print, code, word) in [
        ("不是 地址", print.as_str(), code.as_str(), "地址"),
        ("http://203.0.113.7", print, &code, "https"),
        (url, &"ab".repeat(32), &code, "证书"),
        (url, print, "2222-2222", "绑定码"),
        (url, print, "0000", "绑定码"),
    ] {
        let out = enrol(&first, url, print, code);
        assert!(!out.status.success(), "{url} {code}");
        assert!(words(&out).contains(word), "{url} {code}: {}", words(&out));
    }
    assert!(enrol(&first, url, print, &code).status.success());
    let out = enrol(&second, url, print, &code);
    assert!(!out.status.success());
    assert!(words(&out).contains("绑定码"), "{}", words(&out));
}

#[test]
fn a_vault_open_elsewhere_and_a_wrong_pin_are_told_apart() {
    let town = Town::new();
    let phone = &town.phone;
    let lock = fs::OpenOptions::new()
        .write(true)
        .open(phone.vault.join("vault.lock"))
        .unwrap();
    lock.lock().unwrap();
    let out = phone.run(&["status"]).unwrap();
    assert!(!out.status.success());
    assert!(words(&out).contains("另一个程序"), "{}", words(&out));
    lock.unlock().unwrap();
    phone.must(&["status"]).unwrap();

    let pin = phone.vault.with_extension("pin");
    fs::write(&pin, "000000\n").unwrap();
    let out = phone.run(&["status"]).unwrap();
    assert!(!out.status.success());
    assert!(words(&out).contains("PIN"), "{}", words(&out));
}

#[test]
fn a_port_in_use_a_folder_not_set_up_and_a_newer_folder_are_named() {
    let town = Town::new();
    let data = town.server.data.to_string_lossy().into_owned();
    let fresh = town.path("other");
    server::init(&fresh, "another-long-password").unwrap();
    let fresh = fresh.to_string_lossy();
    let out = server::run(
        &["serve", "--data", &fresh, "--listen", town.server.address()],
        None,
    )
    .unwrap();
    assert!(!out.status.success());
    assert!(words(&out).contains("端口"), "{}", words(&out));

    let nothing = town.path("nothing");
    let out = server::run(
        &[
            "serve",
            "--data",
            &nothing.to_string_lossy(),
            "--listen",
            "127.0.0.1:0",
        ],
        None,
    )
    .unwrap();
    assert!(words(&out).contains("init"), "{}", words(&out));

    // A second server on a folder in use must not touch it.
    let out = server::run(&["serve", "--data", &data, "--listen", "127.0.0.1:0"], None).unwrap();
    assert!(!out.status.success(), "{}", words(&out));

    let db = PathBuf::from(fresh.as_ref()).join("zhicha.db");
    let connection = rusqlite::Connection::open(&db).unwrap();
    connection
        .execute(
            "INSERT INTO migrations (version, checksum, applied_ms) VALUES (9999, 'x', 0)",
            [],
        )
        .unwrap();
    drop(connection);
    let out = server::run(
        &["serve", "--data", &fresh, "--listen", "127.0.0.1:0"],
        None,
    )
    .unwrap();
    assert!(!out.status.success());
    assert!(words(&out).contains("更新的版本"), "{}", words(&out));
}

/// A file system of a few megabytes; needs root, which CI and the demo's machines have.
struct Tmpfs(PathBuf);

impl Tmpfs {
    fn mount(at: &Path, size: &str) -> Self {
        fs::create_dir_all(at).unwrap();
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(at)
            .status()
            .unwrap();
        assert!(
            done.success(),
            "mounting a tmpfs needs root: run the tests as root or with sudo"
        );
        Self(at.to_owned())
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_said_before_saved_is_said_and_loses_nothing() {
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
    let running = Server::start(&data, "127.0.0.1:0").unwrap();
    let disk = Tmpfs::mount(&dir.path().join("disk"), "6m");
    let phone = &Phone::new(&disk.0.join("vault")).unwrap();
    phone
        .enrol(&running.url, &running.fingerprint, &code)
        .unwrap();
    let photo = dir.path().join("p.jpg");
    let bytes = jpeg(&SampleSpec {
        width_px: 1600,
        height_px: 1200,
        ..SampleSpec::default()
    });
    fs::write(&photo, bytes).unwrap();
    let mut saved = 0;
    let full = loop {
        let out = add(phone, &photo, &[]);
        if !out.status.success() {
            break out;
        }
        saved += 1;
        assert!(saved < 100, "the disk never filled");
    };
    assert!(saved > 0);
    assert!(words(&full).contains("空间不足"), "{}", words(&full));
    assert!(!words(&full).lines().any(|l| l.starts_with("saved ")));
    assert_eq!(problems(phone), saved);
    phone.must(&["verify"]).unwrap();
    phone.must(&["sync"]).unwrap();
    assert!(
        phone.status().unwrap()["problems"]
            .as_array()
            .unwrap()
            .iter()
            .all(|p| p["sync"]["synced"] == true)
    );
}
