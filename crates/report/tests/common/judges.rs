//! Programs of others that read the files. One that is missing fails the test with the line that
//! installs it; no test is skipped.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const APT: &str = "apt-get install -y python3-openpyxl python3-pil libreoffice-calc-nogui \
                   poppler-utils fonts-noto-cjk";

/// What openpyxl finds in `xlsx`.
pub(crate) fn openpyxl(xlsx: &Path) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check_xlsx.py");
    let output = run(Command::new(python()).arg(script).arg(xlsx));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The first Python that has openpyxl and Pillow: apt puts them beside the system's own, which
/// need not be the first on the path.
fn python() -> PathBuf {
    let tried = ["python3", "/usr/bin/python3"];
    for python in tried {
        let asked = Command::new(python)
            .args(["-c", "import openpyxl, PIL"])
            .output();
        if asked.is_ok_and(|o| o.status.success()) {
            return python.into();
        }
    }
    panic!("none of {tried:?} has openpyxl and Pillow; install: {APT}");
}

/// Prints `xlsx` to PDF with LibreOffice; the PDF lies in `folder`.
pub(crate) fn pdf(xlsx: &Path, folder: &Path) -> PathBuf {
    let profile = folder.join("profile");
    run(Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.display()
        ))
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder)
        .arg(xlsx));
    let made = folder.join(xlsx.file_stem().unwrap()).with_extension("pdf");
    assert!(
        made.exists(),
        "LibreOffice made no PDF; is its Calc part there? install: {APT}"
    );
    made
}

/// (page, width, height) of every picture in a PDF, transparency masks left out.
pub(crate) fn pictures_in_pdf(pdf: &Path) -> Vec<(u32, u32, u32)> {
    let output = run(Command::new("pdfimages").arg("-list").arg(pdf));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .skip(2)
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|fields| fields[2] == "image")
        .map(|fields| {
            let number = |n: usize| fields[n].parse().unwrap();
            (number(0), number(3), number(4))
        })
        .collect()
}

/// The text of one page of a PDF.
pub(crate) fn page_text(pdf: &Path, page: u32) -> String {
    let page = page.to_string();
    let output = run(Command::new("pdftotext")
        .args(["-f", &page, "-l", &page, "-layout"])
        .arg(pdf)
        .arg("-"));
    String::from_utf8(output.stdout).unwrap()
}

fn run(command: &mut Command) -> Output {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(output) if output.status.success() => output,
        Ok(output) => panic!(
            "{program} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => panic!("{program} does not start ({error}); install: {APT}"),
    }
}
