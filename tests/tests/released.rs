//! What is released is not what tests are built with.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests: a panic is how they fail, a print is how they tell the seed"
)]

use zhicha_tests::bins;

fn holds(program: &std::path::Path, text: &str) -> bool {
    let bytes = std::fs::read(program).unwrap();
    bytes.windows(text.len()).any(|w| w == text.as_bytes())
}

#[test]
fn the_released_phone_program_has_no_way_to_mark_a_picture_as_taken_on_site() {
    let out = std::process::Command::new(bins::phone().unwrap())
        .args(["problem", "add", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8_lossy(&out.stdout);
    assert!(help.contains("--photo"), "{help}");
    assert!(!help.contains("--camera"), "{help}");
    let out = std::process::Command::new(bins::phone().unwrap())
        .args([
            "--vault", "/nowhere", "problem", "add", "--camera", "--photo", "x",
        ])
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2), "the flag is unknown");
}

#[test]
fn the_released_server_carries_plain_sqlite_and_no_libcrypto() {
    let server = bins::server().unwrap();
    assert!(holds(&server, "SQLite format 3"));
    assert!(!holds(&server, "cipher_version"));
    assert!(!holds(&server, "libcrypto.so"));
}
