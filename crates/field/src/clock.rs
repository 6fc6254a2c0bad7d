//! The phone's clocks, passed in so that tests own them.

use std::time::{SystemTime, UNIX_EPOCH};
use zhicha_domain::time::Stamp;

/// Wall clock, zone, boot and monotonic time.
pub trait Clock {
    /// Now, without the server offset, which the vault adds.
    fn stamp(&self) -> Stamp;

    /// Wall clock, milliseconds since 1970 UTC.
    fn now_ms(&self) -> i64 {
        self.stamp().ms
    }
}

/// The machine's clocks. Boot id and uptime are Linux's; elsewhere they are left out.
pub struct SystemClock;

impl Clock for SystemClock {
    fn stamp(&self) -> Stamp {
        let ms = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let up = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
        let seconds: f64 = up
            .split(' ')
            .next()
            .and_then(|s| s.parse().ok())
            .unwrap_or(0.0);
        Stamp {
            ms,
            off_min: zhicha_domain::time::CITY_OFFSET_MIN,
            boot: boot.trim().chars().take(8).collect(),
            elapsed_ms: (seconds * 1000.0) as u64,
            server_off_ms: None,
        }
    }
}
