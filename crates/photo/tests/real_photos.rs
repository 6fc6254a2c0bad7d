//! Photos straight from phones, where `ZHICHA_PHOTOS` names their folder. They are not part of
//! the project; without them these tests say so and the generated ones stand in.

// Helpers fail their test by panicking.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;

use zhicha_photo::{Format, Inspected, NoPreview, inspect};

/// The photo `name`, if the folder is there. A folder without the photo is a failure.
fn photo(name: &str) -> Option<Inspected> {
    let Some(folder) = std::env::var_os("ZHICHA_PHOTOS") else {
        eprintln!("ZHICHA_PHOTOS is not set: {name} is not looked at");
        return None;
    };
    let path = PathBuf::from(folder).join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(inspect(&bytes).unwrap())
}

struct Known {
    name: &'static str,
    orientation: Option<u8>,
    shown: (u32, u32),
    preview: (u32, u32),
    make: &'static str,
    gps: Option<(f64, f64)>,
}

const PHOTOS: [Known; 6] = [
    Known {
        name: "oppo_r7plus_13mp_gps.jpg",
        orientation: None,
        shown: (3120, 4160),
        preview: (1200, 1600),
        make: "OPPO",
        gps: Some((60.267_464, 8.771_132)),
    },
    Known {
        name: "galaxy_s7edge_12mp_gps.jpg",
        orientation: Some(1),
        shown: (4032, 3024),
        preview: (1600, 1200),
        make: "samsung",
        gps: Some((48.892_5, 2.236_389)),
    },
    Known {
        name: "iphone5_orientation3_gps.jpg",
        orientation: Some(3),
        shown: (3264, 2448),
        preview: (1600, 1200),
        make: "Apple",
        gps: Some((47.627_167, -122.337_333)),
    },
    Known {
        name: "galaxy_s2_orientation6.jpg",
        orientation: Some(6),
        shown: (2448, 3264),
        preview: (1200, 1600),
        make: "SAMSUNG",
        gps: None,
    },
    Known {
        name: "galaxy_s_small_orientation6_gps.jpg",
        orientation: Some(6),
        shown: (480, 640),
        preview: (480, 640),
        make: "SAMSUNG",
        // It has a GPS block of zeros: the phone had no fix.
        gps: None,
    },
    Known {
        name: "moto_g_no_orientation.jpg",
        orientation: None,
        shown: (3264, 2448),
        preview: (1600, 1200),
        make: "Motorola",
        gps: None,
    },
];

#[test]
fn every_phones_photo_is_shown_with_its_facts() {
    for known in &PHOTOS {
        let Some(seen) = photo(known.name) else {
            return;
        };
        let name = known.name;
        assert_eq!(seen.format, Format::Jpeg);
        assert_eq!(seen.exif.orientation, known.orientation, "{name}");
        assert_eq!(seen.exif.make.as_deref(), Some(known.make), "{name}");
        assert!(
            seen.exif.model.is_some() && seen.exif.taken_at.is_some(),
            "{name}"
        );
        match (known.gps, &seen.exif.gps) {
            (None, None) => {}
            (Some((lat, lon)), Some(gps)) => {
                let apart = (gps.lat_deg - lat).abs().max((gps.lon_deg - lon).abs());
                assert!(apart < 1e-5, "{name}: {gps:?}");
            }
            other => panic!("{name}: {other:?}"),
        }
        let shown = seen
            .renditions
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((shown.width_px, shown.height_px), known.shown, "{name}");
        let preview = image::load_from_memory(&shown.preview).unwrap();
        assert_eq!((preview.width(), preview.height()), known.preview, "{name}");
        assert!(shown.thumbnail.len() < 40_000, "{name}");
    }
}

/// The picture as another decoder sees it, upright, beside ours.
#[test]
fn the_preview_is_what_another_decoder_shows() {
    let Some(folder) = std::env::var_os("ZHICHA_PHOTOS") else {
        return;
    };
    for name in [
        "galaxy_s_small_orientation6_gps.jpg",
        "galaxy_s7edge_12mp_gps.jpg",
    ] {
        let bytes = std::fs::read(PathBuf::from(&folder).join(name)).unwrap();
        let ours = image::load_from_memory(&inspect(&bytes).unwrap().renditions.unwrap().thumbnail);
        let ours = ours.unwrap().into_rgb8();
        let theirs = image::load_from_memory(&bytes).unwrap();
        let theirs = if name.contains("orientation6") {
            theirs.rotate90()
        } else {
            theirs
        };
        let (w, h) = ours.dimensions();
        let theirs = theirs.thumbnail_exact(w, h).into_rgb8();
        let sum: u64 = ours
            .iter()
            .zip(theirs.iter())
            .map(|(a, b)| u64::from(a.abs_diff(*b)))
            .sum();
        let mean = sum as f64 / f64::from(w * h * 3);
        assert!(mean < 6.0, "{name}: mean difference {mean}");
    }
}

#[test]
fn a_corrupted_photo_has_a_code_and_no_preview() {
    let Some(seen) = photo("corrupted.jpg") else {
        return;
    };
    let refused = seen.renditions.unwrap_err();
    assert!(["undecodable", "cut_off"].contains(&refused.code()));
    assert_eq!(seen.exif.width_px, Some(3648));
}

#[test]
fn an_iphones_heic_gives_its_facts() {
    let Some(seen) = photo("iphone8_gps.heic") else {
        return;
    };
    assert_eq!(seen.renditions, Err(NoPreview::HeicNotSupportedHere));
    assert_eq!(seen.mime(), "image/heic");
    assert_eq!(seen.exif.model.as_deref(), Some("iPhone 8"));
    let gps = seen.exif.gps.unwrap();
    assert!((gps.lat_deg - 23.177_917).abs() < 1e-5 && (gps.lon_deg - 113.394_317).abs() < 1e-5);
    assert_eq!(gps.accuracy_m, Some(65.0));
    assert_eq!(gps.timestamp_utc.as_deref(), Some("2018-02-05T07:11:43Z"));
}
