use super::*;
use crate::{ExifFacts, Renditions, inspect};

fn renditions(spec: &SampleSpec) -> Renditions {
    inspect(&jpeg(spec)).unwrap().renditions.unwrap()
}

/// Mean of the red, green and blue of a rendition's rows from `top` to `bottom`, in per cent.
fn mean(jpeg: &[u8], top: u32, bottom: u32) -> [f64; 3] {
    let picture = image::load_from_memory(jpeg).unwrap().into_rgb8();
    let rows = picture.height() * top / 100..picture.height() * bottom / 100;
    let count = f64::from(rows.len() as u32 * picture.width());
    let mut sums = [0.0; 3];
    for y in rows {
        for x in 0..picture.width() {
            for (sum, value) in sums.iter_mut().zip(picture.get_pixel(x, y).0) {
                *sum += f64::from(value) / count;
            }
        }
    }
    sums
}

#[test]
fn a_sample_is_as_large_as_a_phones_photo() {
    let bytes = jpeg(&SampleSpec::default());
    assert!(
        (2_500_000..4_000_000).contains(&bytes.len()),
        "{} bytes",
        bytes.len()
    );
    let seen = inspect(&bytes).unwrap().renditions.unwrap();
    assert_eq!((seen.width_px, seen.height_px), (3000, 4000));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let spec = SampleSpec {
        width_px: 400,
        height_px: 300,
        ..SampleSpec::default()
    };
    assert_eq!(jpeg(&spec), jpeg(&spec));
    assert_ne!(jpeg(&spec), jpeg(&SampleSpec { seed: 2, ..spec }));
}

#[test]
fn every_orientation_shows_the_same_street() {
    for orientation in 1..=8 {
        let turned = orientation >= 5;
        let (width_px, height_px) = if turned { (480, 640) } else { (640, 480) };
        let seen = renditions(&SampleSpec {
            width_px,
            height_px,
            orientation,
            ..SampleSpec::default()
        });
        assert_eq!((seen.width_px, seen.height_px), (640, 480));
        let (sky, road) = (mean(&seen.preview, 0, 7), mean(&seen.preview, 92, 100));
        assert!(
            sky[2] > 190.0 && sky[2] > sky[0] + 15.0,
            "sky {sky:?} at {orientation}"
        );
        assert!(
            road.iter().all(|value| *value < 100.0),
            "road {road:?} at {orientation}"
        );
    }
}

#[test]
fn before_and_after_differ_on_the_pavement_and_nowhere_else() {
    let [before, after] = [Scene::Before, Scene::After].map(|scene| {
        let spec = SampleSpec {
            scene,
            width_px: 1200,
            height_px: 1600,
            orientation: 1,
            ..SampleSpec::default()
        };
        renditions(&spec).thumbnail
    });
    let apart = |top, bottom| {
        let (a, b) = (mean(&before, top, bottom), mean(&after, top, bottom));
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>()
    };
    assert!(
        apart(60, 75) > 20.0,
        "the pavement differs by {}",
        apart(60, 75)
    );
    assert!(apart(0, 40) < 1.0 && apart(84, 100) < 1.0);
}

#[test]
fn the_facts_come_back_as_they_were_asked_for() {
    let spec = SampleSpec {
        width_px: 64,
        height_px: 48,
        orientation: 8,
        gps: Some(SampleGps {
            lat_deg: -12.345_678,
            lon_deg: -98.765_432,
            altitude_m: -3.5,
            accuracy_m: 4.7,
        }),
        ..SampleSpec::default()
    };
    let facts = inspect(&jpeg(&spec)).unwrap().exif;
    let gps = facts.gps.clone().unwrap();
    assert!((gps.lat_deg + 12.345_678).abs() < 1e-7, "{}", gps.lat_deg);
    assert!((gps.lon_deg + 98.765_432).abs() < 1e-7, "{}", gps.lon_deg);
    assert_eq!((gps.altitude_m, gps.accuracy_m), (Some(-3.5), Some(4.7)));
    assert_eq!(gps.datum.as_deref(), Some("WGS-84"));
    let expected = ExifFacts {
        orientation: Some(8),
        taken_at: Some("2026:03:05 09:12:44".to_owned()),
        taken_at_subsec: Some("250".to_owned()),
        taken_at_offset: Some("+08:00".to_owned()),
        make: Some("Zhicha".to_owned()),
        model: Some("sample".to_owned()),
        software: Some("zhicha-photo".to_owned()),
        width_px: Some(64),
        height_px: Some(48),
        gps: Some(gps),
        ..ExifFacts::default()
    };
    assert_eq!(facts, expected);
}

#[test]
fn a_sample_without_a_place_says_nothing_of_one() {
    let spec = SampleSpec {
        width_px: 1,
        height_px: 0,
        orientation: 99,
        gps: None,
        ..SampleSpec::default()
    };
    let seen = inspect(&jpeg(&spec)).unwrap();
    assert_eq!((seen.exif.gps, seen.exif.orientation), (None, Some(1)));
    assert!(seen.renditions.is_ok());
}
