//! The store's SQL keeps to what a second engine can run.
//!
//! SQLite numbers `$n` by first appearance, PostgreSQL by the digit: the two agree only while each
//! statement's parameters first appear in rising order from `$1`.
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
};

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The string literals of a source text, plain and raw, without looking at comments.
fn literals(source: &str) -> Vec<String> {
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let bytes: Vec<char> = code.chars().collect();
    let (mut at, mut found) = (0, Vec::new());
    while at < bytes.len() {
        match bytes[at] {
            // A character literal that is a quote.
            '\'' if bytes.get(at + 1) == Some(&'"') && bytes.get(at + 2) == Some(&'\'') => at += 3,
            'r' if matches!(bytes.get(at + 1), Some('"' | '#')) => {
                let hashes = bytes[at + 1..].iter().take_while(|c| **c == '#').count();
                if bytes.get(at + 1 + hashes) != Some(&'"') {
                    at += 1;
                    continue;
                }
                let end: String = std::iter::once('"')
                    .chain(std::iter::repeat_n('#', hashes))
                    .collect();
                let start = at + 2 + hashes;
                let rest: String = bytes[start..].iter().collect();
                let text = rest.split(&end).next().unwrap_or_default().to_owned();
                at = start + text.chars().count() + end.len();
                found.push(text);
            }
            '"' => {
                let mut text = String::new();
                at += 1;
                while at < bytes.len() && bytes[at] != '"' {
                    if bytes[at] == '\\' {
                        at += 1;
                    }
                    text.extend(bytes.get(at));
                    at += 1;
                }
                at += 1;
                found.push(text);
            }
            _ => at += 1,
        }
    }
    found
}

/// The numbers of a statement's parameters in the order they appear.
fn parameters(sql: &str) -> Vec<u32> {
    sql.split('$')
        .skip(1)
        .filter_map(|rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
        .collect()
}

/// Whether each number first appears right after the ones below it.
fn rises(numbers: &[u32]) -> bool {
    let mut highest = 0;
    numbers.iter().all(|n| {
        let fits = *n <= highest + 1 && *n > 0;
        highest = highest.max(*n);
        fits
    })
}

#[test]
fn parameters_first_appear_in_rising_order() {
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut files = Vec::new();
    rust_files(&store, &mut files);
    let mut seen = 0;
    for file in files {
        for sql in literals(&fs::read_to_string(&file).unwrap()) {
            let numbers = parameters(&sql);
            if numbers.is_empty() {
                continue;
            }
            seen += 1;
            assert!(rises(&numbers), "{}: {numbers:?} in\n{sql}", file.display());
        }
    }
    assert!(seen >= 5, "only {seen} statements were found");
}

#[test]
fn nothing_outside_the_store_speaks_sql() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    for file in files {
        // The rule is for what ships: a unit test beside the code may look into the tables, so as
        // to judge rows by something else than the functions that wrote them.
        let ships = file.file_name().is_some_and(|name| name != "tests.rs");
        if file.starts_with(source.join("store")) || !ships {
            continue;
        }
        for text in literals(&fs::read_to_string(&file).unwrap()) {
            let words = text.trim_start();
            let speaks = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "]
                .iter()
                .any(|verb| words.starts_with(verb));
            assert!(!speaks, "{}: {text}", file.display());
        }
    }
}

#[test]
fn the_check_itself_tells_right_from_wrong() {
    assert!(rises(&[1, 2, 2, 1, 3]));
    assert!(!rises(&[2, 1]));
    assert!(!rises(&[1, 3]));
    let source =
        "let a = \"x = $1 \\\" $2\"; // \"$9\"\n let b = r#\"say \"$1\" $2\"#; let c = '\"';";
    let texts = literals(source);
    assert_eq!(texts[0], "x = $1 \" $2");
    assert!(texts.contains(&"say \"$1\" $2".to_owned()));
}
