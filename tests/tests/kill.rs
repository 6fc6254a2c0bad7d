//! A saved record survives kill -9 at any instant.
//!
//! The phone's program records problems with photos and prints `saved <id>` after its commit. It is
//! killed at a random instant of each run; whatever it had said is saved must be there afterwards,
//! and the vault must hold, signatures, chain and photo hashes included.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests: a panic is how they fail, a print is how they tell the seed"
)]

use std::{
    collections::HashSet,
    io::Read as _,
    process::Stdio,
    time::{Duration, Instant},
};
use zhicha_tests::{bins, phone::Phone};

fn kills() -> usize {
    std::env::var("ZHICHA_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(200)
}

/// A small xorshift: the seed is printed, so that a run can be had again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

#[test]
fn whatever_was_said_to_be_saved_survives_a_kill_at_any_instant() {
    let seed = std::env::var("ZHICHA_SEED")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(0x5eed_2026_u64);
    println!(
        "seed {seed} (ZHICHA_SEED), kills {} (ZHICHA_KILLS)",
        kills()
    );
    let mut dice = Dice(seed | 1);

    let dir = tempfile::tempdir().unwrap();
    let (phone, server) = Phone::with_server(dir.path()).unwrap();
    server.stop().unwrap();

    let photo = dir.path().join("p.jpg");
    let spec = zhicha_photo::sample::SampleSpec {
        width_px: 640,
        height_px: 480,
        ..Default::default()
    };
    std::fs::write(&photo, zhicha_photo::sample::jpeg(&spec)).unwrap();
    let add = |note: &str| {
        let mut command = std::process::Command::new(bins::phone().unwrap());
        command
            .arg("--vault")
            .arg(&phone.vault)
            .arg("--pin-file")
            .arg(phone.vault.with_extension("pin"))
            .args(["problem", "add", "--category", "B01"])
            .args(["--at", "49.5978,117.3785,8", "--note", note, "--photo"])
            .arg(&photo)
            .arg("--wide")
            .arg(&photo)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    };

    // How long an undisturbed run takes, so that kills fall all over it.
    let begun = Instant::now();
    let out = add("undisturbed").output().unwrap();
    let whole = begun.elapsed();
    assert!(out.status.success());
    let mut promised: HashSet<String> = saved(&String::from_utf8_lossy(&out.stdout));
    assert_eq!(promised.len(), 1);

    let (mut before, mut after) = (0, 0);
    for n in 0..kills() {
        let mut child = add(&format!("kill {n}")).spawn().unwrap();
        let span = u64::try_from(whole.as_micros()).unwrap() * 13 / 10;
        // The instant is the test's subject: nothing is awaited here.
        std::thread::park_timeout(Duration::from_micros(dice.below(span)));
        child.kill().unwrap();
        let mut text = String::new();
        child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        child.wait().unwrap();
        let said = saved(&text);
        if said.is_empty() {
            before += 1;
        } else {
            after += 1;
        }
        promised.extend(said);
        if n % 50 == 49 {
            check(&phone, &promised);
        }
    }
    check(&phone, &promised);
    println!("killed before saved {before}, after {after}");
    assert!(before > 0, "no kill fell before a save");
}

fn saved(text: &str) -> HashSet<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("saved "))
        .filter_map(|rest| rest.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

fn check(phone: &Phone, promised: &HashSet<String>) {
    let status = phone.status().unwrap();
    let held: HashSet<String> = status["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| {
            assert_eq!(p["photos"].as_array().unwrap().len(), 2, "{p}");
            p["problem"].as_str().unwrap().to_owned()
        })
        .collect();
    let lost: Vec<_> = promised.difference(&held).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    phone.must(&["verify"]).unwrap();
}
