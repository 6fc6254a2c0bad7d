//! Small pictures and files for the tests of this crate.

// Each test file uses its own part; helpers fail their test by panicking.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use jpeg_encoder::{ColorType, Encoder};
use zhicha_photo::{NoPreview, Renditions, inspect};

/// Red, green, blue and yellow quarters: top left, top right, bottom left, bottom right.
pub const QUARTERS: [[u8; 3]; 4] = [[200, 20, 20], [20, 180, 20], [20, 20, 200], [220, 210, 20]];

/// A picture of four quarters.
pub fn quarters(width: u32, height: u32, colours: [[u8; 3]; 4]) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (right, below) = (x >= width / 2, y >= height / 2);
        image::Rgb(colours[usize::from(right) + 2 * usize::from(below)])
    })
}

/// `picture` as a JPEG; with `orientation`, an EXIF segment that says nothing else.
pub fn jpeg(picture: &RgbImage, orientation: Option<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    if let Some(orientation) = orientation {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
        encoder.add_app_segment(1, exif).unwrap();
    }
    let (width, height) = (picture.width() as u16, picture.height() as u16);
    encoder
        .encode(picture, width, height, ColorType::Rgb)
        .unwrap();
    bytes
}

/// `picture` in another format.
pub fn saved(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The renditions, which must be there.
pub fn shown(bytes: &[u8]) -> Renditions {
    inspect(bytes).unwrap().renditions.unwrap()
}

/// The reason why there are none.
pub fn refused(bytes: &[u8]) -> NoPreview {
    inspect(bytes).unwrap().renditions.unwrap_err()
}

/// Asserts that the four quarters of `jpeg` are `colours`.
pub fn assert_quarters(jpeg: &[u8], colours: [[u8; 3]; 4], name: &str) {
    let picture = image::load_from_memory(jpeg).unwrap().into_rgb8();
    let (w, h) = picture.dimensions();
    let corners = [(2, 2), (w - 3, 2), (2, h - 3), (w - 3, h - 3)];
    for ((x, y), want) in corners.into_iter().zip(colours) {
        let got = picture.get_pixel(x, y).0;
        let near = got.iter().zip(want).all(|(a, b)| a.abs_diff(b) < 24);
        assert!(near, "{name}: {got:?} for {want:?} at {x},{y}");
    }
}

/// The markers of a JPEG's segments before its picture data.
pub fn markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut markers) = (2, Vec::new());
    while jpeg[at + 1] != 0xDA {
        assert_eq!(jpeg[at], 0xFF);
        markers.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    markers
}
