//! Moments as an office reads them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::offset;

/// The wall clock of the city: prints and deadlines are in UTC+8 wherever the machine stands.
pub(crate) fn civil(at: Timestamp) -> DateTime {
    offset(8).to_datetime(at)
}

/// Day and minute, as in 2026-03-05 14:05.
pub(crate) fn shown(at: Timestamp) -> String {
    civil(at).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_in_the_citys_zone_to_the_minute() {
        assert_eq!(
            shown("2026-03-05T06:05:59Z".parse().unwrap()),
            "2026-03-05 14:05"
        );
        assert_eq!(
            shown("2026-03-05T16:30:00Z".parse().unwrap()),
            "2026-03-06 00:30"
        );
    }

    #[test]
    fn the_ends_of_time_are_shown_without_failing() {
        assert!(!shown(Timestamp::MIN).is_empty());
        assert!(!shown(Timestamp::MAX).is_empty());
    }
}
