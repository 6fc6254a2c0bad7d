//! Builds the console's files into the program, so that one file serves everything. Where they were
//! not built (`make ui`), the program serves the API alone.

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

fn files(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?)
        .join("../../ui/dist/console");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut found = Vec::new();
    if root.is_dir() {
        files(&root, &mut found)?;
    }
    found.sort();
    let mut code = String::from(
        "/// Path and bytes of each file.\npub(super) static FILES: &[(&str, &[u8])] = &[\n",
    );
    for path in &found {
        let name = path.strip_prefix(&root).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        let whole = path.canonicalize()?;
        let _ = writeln!(code, "    ({name:?}, include_bytes!({whole:?})),");
    }
    code += "];\n";
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("console.rs"), code)
}
