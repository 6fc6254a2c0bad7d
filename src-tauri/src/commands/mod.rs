//! What the page can ask for.

pub(crate) mod day;
pub(crate) mod door;
pub(crate) mod photo;
pub(crate) mod place;
pub(crate) mod problem;
pub(crate) mod sync;
pub(crate) mod visit;

use crate::failure::{Done, Failure};

/// An id from the page.
fn id<T: std::str::FromStr>(text: &str) -> Done<T> {
    text.parse()
        .map_err(|_| Failure::new("not_here", "没有这一条", "not there"))
}

/// Does the work on a thread of its own kind: disk and network wait there, and no other command
/// waits behind them.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Done<T> + Send + 'static) -> Done<T> {
    let done = tauri::async_runtime::spawn_blocking(work).await;
    done.unwrap_or_else(|e| {
        tracing::error!(%e, "a command broke off");
        Err(Failure::new(
            "failed",
            "这一步没有做完，已保存的都在，请再试一次",
            "this step broke off; everything saved is there, try again",
        ))
    })
}
