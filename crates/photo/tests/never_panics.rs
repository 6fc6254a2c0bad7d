//! Whatever the bytes, there is an answer: random files, and good ones with random damage.

// Helpers fail their test by panicking.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::LazyLock;

use common::{QUARTERS, quarters, saved};
use image::ImageFormat;
use jpeg_encoder::{ColorType, Encoder};
use proptest::prelude::*;
use zhicha_photo::{inspect, sample};

/// Good files of every kind that is decoded.
static GOOD: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let picture = quarters(72, 56, QUARTERS);
    let jpeg = |set: fn(&mut Encoder<&mut Vec<u8>>), kind: ColorType, samples: &[u8]| {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 90);
        set(&mut encoder);
        encoder.encode(samples, 72, 56, kind).unwrap();
        bytes
    };
    let ink = vec![90; 72 * 56 * 4];
    vec![
        sample::jpeg(&sample::SampleSpec {
            width_px: 120,
            height_px: 90,
            ..Default::default()
        }),
        jpeg(|e| e.set_restart_interval(3), ColorType::Rgb, &picture),
        jpeg(|e| e.set_progressive(true), ColorType::Rgb, &picture),
        jpeg(
            |e| e.set_optimized_huffman_tables(true),
            ColorType::Rgb,
            &picture,
        ),
        jpeg(|_| (), ColorType::Cmyk, &ink),
        saved(&picture, ImageFormat::Png),
        saved(&picture, ImageFormat::WebP),
    ]
});

/// The first bytes of every kind that is recognised.
const HEADS: [&[u8]; 7] = [
    b"",
    b"\xFF\xD8\xFF",
    b"\xFF\xD8\xFF\xE1\0\x40Exif\0\0MM\0*\0\0\0\x08",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"RIFF\x40\0\0\0WEBPVP8 ",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    b"II*\0\x08\0\0\0",
];

fn answers(bytes: &[u8]) {
    if let Ok(seen) = inspect(bytes) {
        assert_eq!(seen.len, bytes.len() as u64);
        if let Ok(renditions) = seen.renditions {
            assert!(renditions.preview.starts_with(&[0xFF, 0xD8]));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..Default::default() })]

    #[test]
    fn random_bytes_have_an_answer(head in 0..HEADS.len(), tail in prop::collection::vec(any::<u8>(), 0..400)) {
        answers(&[HEADS[head], &tail].concat());
    }

    #[test]
    fn a_damaged_file_has_an_answer(
        which in 0..7_usize,
        keep in 0.0..1.3_f64,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        in_header in any::<bool>(),
    ) {
        let mut bytes = GOOD[which].clone();
        bytes.truncate((bytes.len() as f64 * keep) as usize);
        // Headers are short, and where most of the decisions are.
        let reach = if in_header { bytes.len().min(700) } else { bytes.len() };
        if reach > 0 {
            for (place, value) in flips {
                bytes[place.index(reach)] = value;
            }
        }
        answers(&bytes);
    }
}
