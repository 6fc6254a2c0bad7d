//! The place a camera claims.
//!
//! A wrong place is worse than none, so a position is taken only whole and plausible: latitude
//! and longitude with their hemispheres, inside the globe, and not the exact 0°, 0° that phones
//! write when they had no fix.

use exif::{Exif, In, Tag, Value};
use serde::{Deserialize, Serialize};

use super::{number, string, text};

/// A position as the camera wrote it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GpsFacts {
    /// Latitude in degrees, north positive, in the datum named by `datum`.
    pub lat_deg: f64,
    /// Longitude in degrees, east positive.
    pub lon_deg: f64,
    /// Metres above sea level.
    pub altitude_m: Option<f64>,
    /// Radius of uncertainty in metres (`GPSHPositioningError`, EXIF 2.31).
    pub accuracy_m: Option<f64>,
    /// Dilution of precision: below 2 good, above 10 poor. Not metres.
    pub dop: Option<f64>,
    /// The datum's name as written, `WGS-84` on nearly every phone; phones sold in China may mean
    /// GCJ-02 without saying so.
    pub datum: Option<String>,
    /// Time of the fix in UTC, `YYYY-MM-DDTHH:MM:SSZ`. It comes from the satellites or the
    /// network, not from the clock a person can set.
    pub timestamp_utc: Option<String>,
    /// Where the lens pointed, in degrees clockwise from north, 0 to below 360.
    pub direction_deg: Option<f64>,
}

/// Reads the position, if it is whole and plausible.
pub(super) fn read(exif: &Exif) -> Option<GpsFacts> {
    let lat_deg = angle(exif, Tag::GPSLatitude)? * sign(exif, Tag::GPSLatitudeRef, b'N', b'S')?;
    let lon_deg = angle(exif, Tag::GPSLongitude)? * sign(exif, Tag::GPSLongitudeRef, b'E', b'W')?;
    if lat_deg.abs() > 90.0 || lon_deg.abs() > 180.0 || (lat_deg == 0.0 && lon_deg == 0.0) {
        return None;
    }
    Some(GpsFacts {
        lat_deg,
        lon_deg,
        altitude_m: altitude(exif),
        accuracy_m: number(exif, Tag::GPSHPositioningError).filter(|m| *m > 0.0 && *m < 1e6),
        dop: number(exif, Tag::GPSDOP).filter(|d| *d > 0.0 && *d < 1e4),
        datum: string(exif, Tag::GPSMapDatum),
        timestamp_utc: timestamp(exif),
        direction_deg: number(exif, Tag::GPSImgDirection).filter(|d| (0.0..360.0).contains(d)),
    })
}

/// Degrees, minutes and seconds as one number. Minutes and seconds may be missing (some cameras
/// write decimal degrees), but not unreadable.
fn angle(exif: &Exif, tag: Tag) -> Option<f64> {
    let value = &exif.get_field(tag, In::PRIMARY)?.value;
    let Value::Rational(parts) = value else {
        return None;
    };
    let mut degrees = 0.0;
    for (index, unit) in [1.0, 60.0, 3600.0]
        .into_iter()
        .enumerate()
        .take(parts.len().min(3))
    {
        degrees += text::rational(value, index)? / unit;
    }
    (!parts.is_empty()).then_some(degrees)
}

fn sign(exif: &Exif, tag: Tag, plus: u8, minus: u8) -> Option<f64> {
    let name = string(exif, tag)?;
    match name.bytes().next()?.to_ascii_uppercase() {
        letter if letter == plus => Some(1.0),
        letter if letter == minus => Some(-1.0),
        _ => None,
    }
}

fn altitude(exif: &Exif) -> Option<f64> {
    let metres = number(exif, Tag::GPSAltitude)?;
    let below = exif
        .get_field(Tag::GPSAltitudeRef, In::PRIMARY)
        .is_some_and(|field| match &field.value {
            Value::Byte(bytes) => bytes.first() == Some(&1),
            _ => false,
        });
    // From the Dead Sea's floor to an airliner.
    // Adding zero turns a negative zero into the ordinary one.
    Some(if below { -metres + 0.0 } else { metres }).filter(|m| (-1_000.0..20_000.0).contains(m))
}

fn timestamp(exif: &Exif) -> Option<String> {
    let date = string(exif, Tag::GPSDateStamp)?;
    let date = text::moment(&date)?;
    let mut parts = date.split([':', '-']).map(str::parse::<u16>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    let clock = &exif.get_field(Tag::GPSTimeStamp, In::PRIMARY)?.value;
    let (hour, minute, second) = (
        text::rational(clock, 0)?,
        text::rational(clock, 1)?,
        text::rational(clock, 2)?.floor(),
    );
    let plausible = (1980..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0.0..24.0).contains(&hour)
        && (0.0..60.0).contains(&minute)
        && (0.0..=60.0).contains(&second);
    plausible
        .then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02.0}:{minute:02.0}:{second:02.0}Z"))
}
