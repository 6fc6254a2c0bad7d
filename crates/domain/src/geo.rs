//! Places: one fix is kept per piece of evidence, in WGS-84, with what is known of its quality.
//!
//! A poor, old or simulated fix is recorded as such and never blocks work. Coordinates that no
//! place on Earth has are refused where they enter.

use serde::{Deserialize, Serialize};

/// A fix worse than this is shown as 较差.
pub const POOR_ACCURACY_M: f64 = 30.0;
/// A fix older than this at exposure is shown as 较旧.
pub const OLD_FIX_MS: u64 = 60_000;

/// The datum coordinates are stated in. Stored values are WGS-84; the tag says so on each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Datum {
    /// World Geodetic System 1984, what satellites and phones give.
    #[serde(rename = "WGS-84")]
    Wgs84,
}

/// One position as the phone got it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fix {
    /// Latitude, degrees north, −90..90.
    pub lat: f64,
    /// Longitude, degrees east, −180..180.
    pub lon: f64,
    /// Stated accuracy radius in metres; `None` where the source gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acc_m: Option<f64>,
    /// Always WGS-84 in this version.
    pub datum: Datum,
    /// Who gave it: `gps`, `network`, `system` (the phone, which did not say by what), `exif`, `hand`,
    /// `test`.
    pub provider: String,
    /// Age of the fix when it was used, milliseconds.
    #[serde(default)]
    pub age_ms: u64,
    /// The platform said the position is simulated.
    #[serde(default)]
    pub simulated: bool,
}

/// Why coordinates were not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BadFix {
    /// Latitude outside −90..90 or not a number.
    #[error("纬度 {0} 超出范围，应在 −90 到 90 之间 (latitude out of range)")]
    Latitude(f64),
    /// Longitude outside −180..180 or not a number.
    #[error("经度 {0} 超出范围，应在 −180 到 180 之间 (longitude out of range)")]
    Longitude(f64),
    /// Accuracy negative or not a number.
    #[error("定位精度 {0} 不是有效的米数，应为 0 到 1000000 (accuracy is not a length in metres)")]
    Accuracy(f64),
    /// The text is not `LAT,LON` or `LAT,LON,ACC`.
    #[error(
        "「{0}」不是坐标，请写成 纬度,经度,精度米，例如 49.5978,117.3785,8 (write LAT,LON,ACC)"
    )]
    Text(String),
}

impl Fix {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`BadFix`] naming the value that no place has.
    pub fn check(&self) -> Result<(), BadFix> {
        if !(-90.0..=90.0).contains(&self.lat) {
            return Err(BadFix::Latitude(self.lat));
        }
        if !(-180.0..=180.0).contains(&self.lon) {
            return Err(BadFix::Longitude(self.lon));
        }
        match self.acc_m {
            Some(acc) if !(0.0..=1_000_000.0).contains(&acc) => Err(BadFix::Accuracy(acc)),
            _ => Ok(()),
        }
    }

    /// Reads `LAT,LON` or `LAT,LON,ACC` (degrees, degrees, metres).
    ///
    /// # Errors
    /// [`BadFix`] saying what is wrong with the text or the values.
    pub fn parse(text: &str, provider: &str) -> Result<Self, BadFix> {
        let bad = || BadFix::Text(text.to_owned());
        let parts: Vec<f64> = text
            .split([',', '，'])
            .map(|p| p.trim().parse().map_err(|_| bad()))
            .collect::<Result<_, _>>()?;
        let (lat, lon, acc_m) = match parts[..] {
            [lat, lon] => (lat, lon, None),
            [lat, lon, acc] => (lat, lon, Some(acc)),
            _ => return Err(bad()),
        };
        let fix = Self {
            lat,
            lon,
            acc_m,
            datum: Datum::Wgs84,
            provider: provider.to_owned(),
            age_ms: 0,
            simulated: false,
        };
        fix.check().map(|()| fix)
    }

    /// Whether the fix is shown as 较差.
    #[must_use]
    pub fn is_poor(&self) -> bool {
        self.acc_m.is_none_or(|acc| acc > POOR_ACCURACY_M)
    }
}

/// The better of two fixes: real before simulated, then the smaller radius, then the fresher.
#[must_use]
pub fn better<'a>(a: &'a Fix, b: &'a Fix) -> &'a Fix {
    let key = |f: &Fix| (f.simulated, f.acc_m.unwrap_or(f64::INFINITY), f.age_ms);
    let (ka, kb) = (key(a), key(b));
    let b_wins =
        kb.0.cmp(&ka.0)
            .then(kb.1.total_cmp(&ka.1))
            .then(kb.2.cmp(&ka.2))
            .is_lt();
    if b_wins { b } else { a }
}

/// Great-circle distance in metres (haversine on a sphere of 6,371,008.8 m, the IUGG mean radius).
#[must_use]
pub fn distance_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    const R_M: f64 = 6_371_008.8;
    let (lat1, lat2) = (a.0.to_radians(), b.0.to_radians());
    let dlat = lat2 - lat1;
    let dlon = (b.1 - a.1).to_radians();
    let h = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * R_M * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_out_of_range_are_named() {
        assert_eq!(Fix::parse("91,117,8", "hand"), Err(BadFix::Latitude(91.0)));
        assert_eq!(
            Fix::parse("49.5,180.5", "hand"),
            Err(BadFix::Longitude(180.5))
        );
        assert_eq!(
            Fix::parse("49.5,117,-1", "hand"),
            Err(BadFix::Accuracy(-1.0))
        );
        assert!(matches!(
            Fix::parse("nan,1", "hand"),
            Err(BadFix::Latitude(_))
        ));
        for text in ["", "49.5", "北纬49度", "1,2,3,4"] {
            assert!(
                matches!(Fix::parse(text, "hand"), Err(BadFix::Text(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_full_width_comma_is_a_comma() {
        let fix = Fix::parse("49.5978，117.3785，8", "hand").unwrap();
        assert_eq!(
            (fix.lat, fix.lon, fix.acc_m),
            (49.5978, 117.3785, Some(8.0))
        );
    }

    #[test]
    fn a_real_fix_beats_a_simulated_and_a_tight_one_a_wide_one() {
        let wide = Fix::parse("49,117,46", "gps").unwrap();
        let tight = Fix::parse("49,117,8", "gps").unwrap();
        let mut fake = Fix::parse("49,117,1", "gps").unwrap();
        fake.simulated = true;
        assert_eq!(better(&wide, &tight), &tight);
        assert_eq!(better(&fake, &wide), &wide);
        assert!(wide.is_poor() && !tight.is_poor());
    }

    #[test]
    fn one_degree_of_latitude_is_111_km() {
        let d = distance_m((49.0, 117.0), (50.0, 117.0));
        assert!((d - 111_195.0).abs() < 10.0, "{d}");
    }
}
