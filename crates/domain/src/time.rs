//! Time as a phone can honestly state it, and as the office prints it.
//!
//! A phone's clock may be wrong by years, so a [`Stamp`] keeps the wall clock together with what
//! allows a later check: the boot it was read in, the monotonic time since that boot, and the last
//! known difference to the server's clock. Nothing is ever ordered by a stamp; order comes from
//! sequence numbers.

use serde::{Deserialize, Serialize};

/// The city's zone, which prints and deadlines use whatever zone a phone roams into: UTC+8.
pub const CITY_OFFSET_MIN: i32 = 8 * 60;

/// When something happened, as the device knew it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stamp {
    /// Device wall clock, milliseconds since 1970 UTC.
    pub ms: i64,
    /// Offset of the device's zone from UTC, minutes east.
    pub off_min: i32,
    /// Names the boot that `elapsed_ms` counts from; empty where the platform cannot say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub boot: String,
    /// Monotonic milliseconds since that boot.
    #[serde(default)]
    pub elapsed_ms: u64,
    /// Server clock minus device clock when last compared, milliseconds; `None`: 未校时.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_off_ms: Option<i64>,
}

impl Stamp {
    /// The best guess at true time: the wall clock corrected by the last server offset, if known.
    #[must_use]
    pub fn best_ms(&self) -> i64 {
        self.ms.saturating_add(self.server_off_ms.unwrap_or(0))
    }
}

/// Milliseconds since 1970 UTC → `2026-03-05 14:05` in the city's zone; `—` for times no calendar
/// holds.
#[must_use]
pub fn city_minute(ms: i64) -> String {
    format_city(ms, "%Y-%m-%d %H:%M")
}

/// Milliseconds since 1970 UTC → `2026-03-05` in the city's zone.
#[must_use]
pub fn city_date(ms: i64) -> String {
    format_city(ms, "%Y-%m-%d")
}

fn format_city(ms: i64, pattern: &str) -> String {
    let offset = jiff::tz::Offset::from_seconds(CITY_OFFSET_MIN * 60);
    match (jiff::Timestamp::from_millisecond(ms), offset) {
        (Ok(at), Ok(offset)) => {
            let civil = offset.to_datetime(at);
            civil.strftime(pattern).to_string()
        }
        _ => "—".to_owned(),
    }
}

/// A calendar date (`2026-03-05`) and nothing else: what a duty may say before departure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "String", into = "String")]
pub struct Day(String);

/// The text was not a date of the form `2026-03-05`.
#[derive(Debug, thiserror::Error)]
#[error("「{0}」不是日期，请写成 2026-03-05 (not a date, write it as 2026-03-05)")]
pub struct NotADay(String);

impl Day {
    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Day {
    type Error = NotADay;

    fn try_from(text: String) -> Result<Self, NotADay> {
        match text.parse::<jiff::civil::Date>() {
            Ok(date) if date.to_string() == text => Ok(Self(text)),
            _ => Err(NotADay(text)),
        }
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0
    }
}

/// Reads a deadline typed by a person in the city's zone, `2026-03-06 14:00` or `2026-03-06T14:00`,
/// as milliseconds since 1970 UTC.
///
/// # Errors
/// [`NotADay`] with the text when it is neither.
pub fn parse_city_minute(text: &str) -> Result<i64, NotADay> {
    let bad = || NotADay(text.to_owned());
    let normal = text.trim().replacen(' ', "T", 1);
    let civil: jiff::civil::DateTime = normal.parse().map_err(|_| bad())?;
    let offset = jiff::tz::Offset::from_seconds(CITY_OFFSET_MIN * 60).map_err(|_| bad())?;
    offset
        .to_timestamp(civil)
        .map(|at| at.as_millisecond())
        .map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_are_in_the_citys_zone() {
        assert_eq!(city_minute(0), "1970-01-01 08:00");
        assert_eq!(city_date(1_772_726_400_000), "2026-03-06");
        assert_eq!(city_minute(i64::MAX), "—");
    }

    #[test]
    fn a_typed_deadline_is_read_in_the_citys_zone() {
        let ms = parse_city_minute("2026-03-06 14:00").unwrap();
        assert_eq!(city_minute(ms), "2026-03-06 14:00");
        assert_eq!(parse_city_minute("2026-03-06T14:00").unwrap(), ms);
        assert!(parse_city_minute("明天下午").is_err());
        assert!(parse_city_minute("2026-02-30 10:00").is_err());
    }

    #[test]
    fn a_day_is_only_a_day() {
        assert!(Day::try_from("2026-03-05".to_owned()).is_ok());
        for bad in ["2026-3-5", "2026-02-30", "2026-03-05 08:00", ""] {
            assert!(Day::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_server_offset_corrects_the_wall_clock() {
        let stamp = Stamp {
            ms: 1000,
            off_min: 480,
            boot: String::new(),
            elapsed_ms: 5,
            server_off_ms: Some(-300),
        };
        assert_eq!(stamp.best_ms(), 700);
    }
}
