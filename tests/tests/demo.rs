//! The demo is the main job from end to end; here it is played and what it leaves is judged.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: a panic is how they fail"
)]

use std::{fs, io::Read as _, path::Path, process::Command};

fn play(out: &Path, photos: Option<&Path>) -> String {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_demo"));
    demo.arg("--out").arg(out);
    if let Some(photos) = photos {
        demo.arg("--photos").arg(photos);
    }
    let done = demo.output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let failed = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}\n{failed}");
    said
}

/// Pictures in a workbook, and how many of its anchors move and size with their cells.
fn pictures(path: &Path) -> (usize, usize) {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let (mut pictures, mut anchors) = (0, 0);
    for n in 0..zip.len() {
        let mut file = zip.by_index(n).unwrap();
        let name = file.name().unwrap().into_owned();
        if name.starts_with("xl/media/") {
            pictures += 1;
        }
        if name.starts_with("xl/drawings/drawing") {
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            anchors += text.matches("<xdr:twoCellAnchor").count();
            assert!(!text.contains("oneCellAnchor"));
        }
    }
    (pictures, anchors)
}

fn every_byte(folder: &Path, all: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            every_byte(&path, all);
        } else {
            all.extend(fs::read(path).unwrap());
        }
    }
}

#[test]
fn one_spot_check_from_planning_to_the_lists() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let said = play(&out, None);
    assert!(said.contains("演示完成"), "{said}");
    let report = fs::read_to_string(out.join("report.html")).unwrap();
    // The server was away: at least three attempts failed between the first and the last save.
    let first = report.find("记下问题").unwrap();
    let last = report.rfind("记下问题").unwrap();
    let between = report[first..last].matches("没有回应").count();
    assert!(between >= 3, "{between}");
    assert!(report.contains(&format!("<b>{between}</b>次连接失败")));
    assert!(report.contains("<b>18</b>个文件两边校验值一致"));
    assert!(!report.contains("不一致"));
    for state in ["已销号", "整改中", "已交办待签收"] {
        assert!(report.contains(state), "{state}");
    }
    assert!(!report.contains("src=\"http"));
    // Two views of three problems; two after-photos beside them in the ledger.
    assert_eq!(pictures(&out.join("整改清单.xlsx")), (6, 6));
    assert_eq!(pictures(&out.join("整改台账.xlsx")), (8, 8));
    // The vault lies there as on a phone's disk: nothing of it can be read.
    let mut vault = Vec::new();
    every_byte(&out.join("vault"), &mut vault);
    for word in ["三道街", "店外经营", "Exif", "SQLite format 3"] {
        assert!(
            !vault.windows(word.len()).any(|w| w == word.as_bytes()),
            "{word}"
        );
    }
    // What the window's page keeps for itself says nothing of the work either.
    let mut page = Vec::new();
    every_byte(&out.join("vault.page"), &mut page);
    assert!(!page.is_empty());
    for word in ["三道街", "店外经营", "Exif", "JFIF"] {
        let word = word.as_bytes();
        assert!(!page.windows(word.len()).any(|w| w == word));
    }
    // Again into the same folder, with photos of one's own: replaced, not added to.
    let own = dir.path().join("own");
    fs::rename(out.join("photos"), &own).unwrap();
    assert!(play(&out, Some(&own)).contains("演示完成"));
    assert_eq!(pictures(&out.join("整改台账.xlsx")), (8, 8));
}

#[test]
fn a_folder_that_is_not_the_demos_is_not_cleared() {
    let dir = tempfile::tempdir().unwrap();
    let album = dir.path().join("photos");
    fs::create_dir(&album).unwrap();
    fs::write(album.join("mine.jpg"), "precious").unwrap();
    let run = |photos: Option<&Path>| {
        let mut demo = Command::new(env!("CARGO_BIN_EXE_demo"));
        demo.arg("--out").arg(dir.path());
        if let Some(photos) = photos {
            demo.arg("--photos").arg(photos);
        }
        let done = demo.output().unwrap();
        assert!(!done.status.success());
        String::from_utf8_lossy(&done.stderr).into_owned()
    };
    assert!(run(None).contains("没有动"));
    assert!(run(Some(&album)).contains("照片在结果目录"));
    assert_eq!(fs::read(album.join("mine.jpg")).unwrap(), b"precious");
}

#[test]
fn a_folder_without_a_photo_says_so_and_leaves_nothing_half_done() {
    let dir = tempfile::tempdir().unwrap();
    let photos = dir.path().join("photos");
    fs::create_dir(&photos).unwrap();
    fs::write(photos.join("note.jpg"), "no picture").unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_demo"))
        .arg("--out")
        .arg(dir.path().join("out"))
        .arg("--photos")
        .arg(&photos)
        .output()
        .unwrap();
    assert!(!done.status.success());
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let failed = String::from_utf8_lossy(&done.stderr);
    assert!(
        said.contains("note.jpg") && failed.contains("没有可用的"),
        "{said}{failed}"
    );
}
