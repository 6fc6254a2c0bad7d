//! The phone's window.
//!
//! Everything a record is lives in `zhicha-field`; the commands here only translate: arguments in,
//! a call, plain values or a tagged failure out. Pictures reach the page by a scheme of their own
//! ([`photo`]), never through a command's JSON. One vault is open at a time, behind [`state::Phone`];
//! a pass of sync enters it for a moment at a time, so no tap waits for the network.
#![forbid(unsafe_code)]

mod commands;
mod failure;
mod photo;
mod state;

use tauri::Manager as _;

/// Opens the window and stays until it is closed.
///
/// # Panics
/// When the system gives no window; there is nothing to save then, since nothing was opened.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    let builder = tauri::Builder::default();
    // Phones only: where it stands, and the enrolment code read off the office's screen.
    #[cfg(mobile)]
    let builder = builder
        .plugin(tauri_plugin_geolocation::init())
        .plugin(tauri_plugin_barcode_scanner::init());
    let built = builder
        .register_uri_scheme_protocol("photo", |context, request| {
            photo::answer(&context.app_handle().state::<state::Phone>(), &request)
        })
        .invoke_handler(tauri::generate_handler![
            commands::door::door,
            commands::door::fingerprint,
            commands::door::enrol,
            commands::door::unlock,
            commands::door::lock,
            commands::door::me,
            commands::day::today,
            commands::day::pull,
            commands::day::depart,
            commands::visit::visit_start,
            commands::visit::visit,
            commands::visit::visit_observe,
            commands::visit::visit_finish,
            commands::problem::catalog,
            commands::problem::problem_begin,
            commands::problem::problem_change,
            commands::problem::problem_hand_over,
            commands::problem::problem_withdraw,
            commands::problem::problem_amend,
            commands::problem::problems,
            commands::problem::drafts,
            commands::problem::problem,
            commands::problem::draft,
            commands::photo::photo_open,
            commands::photo::photo_part,
            commands::photo::photo_close,
            commands::place::position,
            commands::sync::sync,
            commands::sync::strip,
            commands::sync::ledger,
        ])
        .setup(|app| {
            let folder = match std::env::var_os("ZHICHA_VAULT") {
                Some(folder) => folder.into(),
                None => app.path().app_data_dir()?.join("vault"),
            };
            app.manage(state::Phone::new(folder));
            #[cfg(desktop)]
            if let (Some(window), Some(size)) = (app.get_webview_window("main"), asked_size()) {
                window.set_size(size)?;
            }
            Ok(())
        })
        .run(tauri::generate_context!());
    if let Err(e) = built {
        tracing::error!(%e, "no window");
        std::process::exit(1);
    }
}

/// `ZHICHA_WINDOW=390x844`: a window of this size, for pictures of other phones.
#[cfg(desktop)]
fn asked_size() -> Option<tauri::LogicalSize<f64>> {
    let asked = std::env::var("ZHICHA_WINDOW").ok()?;
    let (width, height) = asked.split_once('x')?;
    Some(tauri::LogicalSize::new(
        width.parse().ok()?,
        height.parse().ok()?,
    ))
}
