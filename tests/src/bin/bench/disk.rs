//! The machine's fsync floor: what one durable append costs here and now.

use crate::{Figure, median};
use std::{io::Write as _, time::Instant};

pub(crate) fn floor() -> anyhow::Result<Figure> {
    let mut file = tempfile::tempfile_in("target")?;
    let mut times = Vec::new();
    for _ in 0..200 {
        let begun = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(Figure::plain("fsync_floor_ms", median(times), "ms"))
}
