//! The window on a computer; phones enter by the library.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    zhicha_app::run();
}
