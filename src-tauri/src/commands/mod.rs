//! What the page can ask for.

pub(crate) mod day;
pub(crate) mod door;
pub(crate) mod problem;
pub(crate) mod sync;
pub(crate) mod visit;

use crate::failure::{Done, Failure};

/// An id from the page.
fn id<T: std::str::FromStr>(text: &str) -> Done<T> {
    text.parse()
        .map_err(|_| Failure::new("not_here", "没有这一条", "not there"))
}
