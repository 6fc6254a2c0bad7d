//! Lists and search over a vault with 50,000 problems: the first page, and a search for one rare
//! character, each as a screen asks for it.

use crate::{Figure, median};
use std::time::Instant;
use zhicha_field::Vault;

const PROBLEMS: u32 = 50_000;
const ROUNDS: usize = 30;

pub(crate) fn figures() -> anyhow::Result<Vec<Figure>> {
    let dir = tempfile::tempdir_in("target")?;
    let mut vault = Vault::create(dir.path(), b"428163", &mut rand::rng())?;
    vault.fill_for_measuring(PROBLEMS, |n| {
        let rare = if n % 10_000 == 7 {
            "井盖缺失"
        } else {
            "店外经营占道"
        };
        format!("第{n}条 {rare}")
    })?;
    let timed = |words: &str, rows: usize| -> anyhow::Result<f64> {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let page = vault.problem_page(words, false, None, 40)?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
            anyhow::ensure!(page.len() == rows, "{words}: {} rows", page.len());
        }
        Ok(median(times))
    };
    Ok(vec![
        Figure::plain("vault_first_page_ms", timed("", 40)?, "ms"),
        Figure::plain("vault_search_ms", timed("盖", 5)?, "ms"),
        Figure::plain("vault_search_common_ms", timed("店外", 40)?, "ms"),
    ])
}
