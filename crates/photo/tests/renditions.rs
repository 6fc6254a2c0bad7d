//! What comes out of a good photo.

// Helpers fail their test by panicking.
#![allow(clippy::unwrap_used)]

mod common;

use common::{QUARTERS, assert_quarters, jpeg, markers, quarters, saved, shown};
use image::ImageFormat;
use zhicha_photo::{Format, Renditions, inspect, sample};

fn size(jpeg: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory(jpeg).unwrap();
    (picture.width(), picture.height())
}

fn sizes(seen: &Renditions) -> [(u32, u32); 3] {
    [
        (seen.width_px, seen.height_px),
        size(&seen.preview),
        size(&seen.thumbnail),
    ]
}

#[test]
fn every_orientation_ends_upright() {
    let [r, g, b, y] = QUARTERS;
    // How a camera held each way stores an upright red, green / blue, yellow.
    let stored = [
        (1, [r, g, b, y]),
        (2, [g, r, y, b]),
        (3, [y, b, g, r]),
        (4, [b, y, r, g]),
        (5, [r, b, g, y]),
        (6, [g, y, r, b]),
        (7, [y, g, b, r]),
        (8, [b, r, y, g]),
    ];
    for (orientation, colours) in stored {
        // Odd sides, above and below the preview's edge.
        for (width, height) in [(2011_u32, 1207_u32), (301, 203)] {
            let (w, h) = if orientation >= 5 {
                (height, width)
            } else {
                (width, height)
            };
            let seen = shown(&jpeg(&quarters(w, h, colours), Some(orientation)));
            let small = |edge: u32| {
                if width <= edge {
                    (width, height)
                } else {
                    (
                        edge,
                        (f64::from(height * edge) / f64::from(width)).round() as u32,
                    )
                }
            };
            assert_eq!(sizes(&seen), [(width, height), small(1600), small(320)]);
            let name = format!("orientation {orientation}");
            assert_quarters(&seen.preview, QUARTERS, &name);
            assert_quarters(&seen.thumbnail, QUARTERS, &name);
        }
    }
}

#[test]
fn no_metadata_is_in_a_rendition() {
    let bytes = sample::jpeg(&sample::SampleSpec {
        width_px: 800,
        height_px: 600,
        ..Default::default()
    });
    assert!(markers(&bytes).contains(&0xE1));
    let seen = shown(&bytes);
    for rendition in [seen.preview, seen.thumbnail] {
        // JFIF's sixteen bytes are the only application segment, and there is no comment.
        let extra: Vec<_> = markers(&rendition)
            .into_iter()
            .filter(|m| matches!(m, 0xE0..=0xEF | 0xFE))
            .collect();
        assert_eq!(extra, [0xE0]);
        for word in [&b"Zhicha"[..], b"2026:03", b"WGS", b"Exif"] {
            assert!(!rendition.windows(word.len()).any(|w| w == word));
        }
        let again = inspect(&rendition).unwrap();
        assert_eq!(again.exif, zhicha_photo::ExifFacts::default());
    }
}

#[test]
fn nothing_is_enlarged() {
    let seen = shown(&jpeg(&quarters(200, 100, QUARTERS), None));
    assert_eq!(sizes(&seen), [(200, 100); 3]);
    let seen = shown(&jpeg(&quarters(1, 1, QUARTERS), None));
    assert_eq!(sizes(&seen), [(1, 1); 3]);
    let seen = shown(&jpeg(&quarters(2400, 2, QUARTERS), None));
    assert_eq!(sizes(&seen), [(2400, 2), (1600, 1), (320, 1)]);
}

#[test]
fn png_and_webp_are_shown_too() {
    let picture = quarters(2000, 1000, QUARTERS);
    for (format, kind, mime) in [
        (ImageFormat::Png, Format::Png, "image/png"),
        (ImageFormat::WebP, Format::Webp, "image/webp"),
    ] {
        let bytes = saved(&picture, format);
        let seen = inspect(&bytes).unwrap();
        assert_eq!((seen.format, seen.mime()), (kind, mime));
        let seen = seen.renditions.unwrap();
        assert_eq!(sizes(&seen), [(2000, 1000), (1600, 800), (320, 160)]);
        assert_quarters(&seen.preview, QUARTERS, mime);
        assert_quarters(&seen.thumbnail, QUARTERS, mime);
    }
}

#[test]
fn what_is_transparent_shows_white() {
    let clear = image::RgbaImage::from_pixel(40, 40, image::Rgba([0, 0, 0, 0]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    clear.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let seen = shown(&bytes.into_inner());
    assert_quarters(&seen.preview, [[255; 3]; 4], "transparent");
}

#[test]
fn the_hash_and_the_length_are_those_of_the_bytes() {
    let seen = inspect(b"abc").unwrap();
    // FIPS 180-4's example.
    let expected = [
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22,
        0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00,
        0x15, 0xad,
    ];
    assert_eq!((seen.sha256, seen.len), (expected, 3));
}

/// A flat picture of 200 megapixels, made row by row.
struct Flat;

impl jpeg_encoder::ImageBuffer for Flat {
    fn get_jpeg_color_type(&self) -> jpeg_encoder::JpegColorType {
        jpeg_encoder::JpegColorType::Ycbcr
    }
    fn width(&self) -> u16 {
        16_384
    }
    fn height(&self) -> u16 {
        12_207
    }
    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let shade = (y / 64) as u8;
        for (buffer, value) in buffers.iter_mut().zip([shade, 100, 150]) {
            buffer.resize(buffer.len() + 16_384, value);
        }
    }
}

#[test]
fn two_hundred_megapixels_are_shown() {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 80);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    encoder.encode_image(Flat).unwrap();
    let seen = shown(&bytes);
    assert_eq!(sizes(&seen), [(16_384, 12_207), (1600, 1192), (320, 238)]);
}
