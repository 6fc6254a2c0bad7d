//! Checks `tauri.conf.json` and the capabilities, and builds the pages in.

fn main() {
    tauri_build::build();
}
