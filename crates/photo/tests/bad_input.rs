//! Files that are not what they should be: each has an answer, and keeps its hash and its facts.

mod common;

use std::io::Cursor;

use common::{QUARTERS, jpeg, quarters, refused, saved};
use image::ImageFormat;
use zhicha_photo::{Format, MAX_BYTES, NoPreview, Unusable, inspect, sample};

#[test]
fn nothing_cannot_be_kept() {
    assert_eq!(inspect(&[]), Err(Unusable::Empty));
}

#[test]
fn more_than_the_limit_cannot_be_kept_but_the_limit_itself_can() {
    let mut bytes = jpeg(&quarters(64, 64, QUARTERS), None);
    bytes.resize(MAX_BYTES, 0);
    let seen = inspect(&bytes).unwrap();
    assert!(seen.renditions.is_ok());
    assert_eq!(seen.len, MAX_BYTES as u64);
    bytes.push(0);
    let len = MAX_BYTES as u64 + 1;
    assert_eq!(inspect(&bytes), Err(Unusable::TooLarge { len }));
}

#[test]
fn what_is_no_picture_is_kept_as_it_is() {
    for bytes in [
        &b"%PDF-1.7 ..."[..],
        b"\0",
        b"hello, inspector",
        b"PK\x03\x04",
    ] {
        let seen = inspect(bytes).unwrap();
        assert_eq!(seen.format, Format::Other);
        assert_eq!(seen.mime(), "application/octet-stream");
        assert_eq!(seen.renditions, Err(NoPreview::NotAnImage));
    }
}

#[test]
fn a_picture_of_another_kind_is_not_called_no_picture() {
    for bytes in [
        &b"GIF89a\x01\0\x01\0"[..],
        b"\0\0\0\x1cftypavif\0\0\0\0avifmif1",
    ] {
        assert_eq!(refused(bytes).code(), "undecodable");
    }
}

#[test]
fn heic_is_known_even_without_facts() {
    let bytes = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    let seen = inspect(bytes).unwrap();
    assert_eq!((seen.format, seen.mime()), (Format::Heic, "image/heic"));
    assert_eq!(seen.renditions, Err(NoPreview::HeicNotSupportedHere));
}

#[test]
fn a_cut_photo_keeps_its_facts_and_shows_nothing() {
    let whole = sample::jpeg(&sample::SampleSpec {
        width_px: 800,
        height_px: 600,
        ..Default::default()
    });
    let facts = inspect(&whole).unwrap().exif;
    for per_cent in [20, 50, 80, 99] {
        let cut = inspect(&whole[..whole.len() * per_cent / 100]).unwrap();
        assert_eq!(cut.renditions, Err(NoPreview::CutOff), "{per_cent} %");
        assert_eq!(cut.exif, facts);
        assert!(facts.gps.is_some());
    }
}

#[test]
fn cut_png_and_webp_are_cut_off() {
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let bytes = saved(&quarters(300, 200, QUARTERS), format);
        for length in [bytes.len() / 2, bytes.len() - 3] {
            assert_eq!(refused(&bytes[..length]), NoPreview::CutOff, "{format:?}");
        }
    }
}

/// The checksum of PNG chunks (ISO 15948, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |mut crc: u32, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
        }
        crc
    })
}

/// A PNG of a few hundred bytes that claims `side` × `side` pixels.
fn bomb(side: u32) -> Vec<u8> {
    let mut bytes = saved(&quarters(300, 300, QUARTERS), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&side.to_be_bytes());
    bytes[20..24].copy_from_slice(&side.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

#[test]
fn a_png_that_would_unfold_to_gigabytes_is_not_opened() {
    for side in [12_000, 30_000, 1_000_000] {
        let code = refused(&bomb(side)).code();
        assert_eq!(code, "too_many_pixels", "{side}");
    }
    // The same file at its own size is a good one.
    assert!(inspect(&bomb(300)).unwrap().renditions.is_ok());
}

#[test]
fn a_png_with_less_inside_than_it_claims_is_refused() {
    assert_eq!(refused(&bomb(2000)).code(), "undecodable");
}

#[test]
fn a_webp_that_claims_too_much_is_not_opened() {
    // A lossless stream's header: 14 bits of width and of height, less one.
    let mut bytes = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f".to_vec();
    bytes.extend((16_382_u32 << 14 | 16_382).to_le_bytes());
    bytes.extend([0; 9]);
    let refused = refused(&bytes);
    assert!(
        matches!(
            refused,
            NoPreview::TooManyPixels {
                width_px: 16_383,
                ..
            }
        ),
        "{refused:?}"
    );
}

#[test]
fn a_damaged_picture_is_never_half_shown() {
    let whole = jpeg(&quarters(640, 480, QUARTERS), None);
    let middle = whole.len() / 2;
    let mut damaged = whole.clone();
    damaged[middle..middle + 40].fill(0xFF);
    damaged[middle + 40] = 0xC0;
    assert!(inspect(&damaged).unwrap().renditions.is_err());
}

#[test]
fn exif_that_is_rubbish_does_not_cost_the_picture() {
    let picture = quarters(64, 64, QUARTERS);
    for rubbish in [
        &b"Exif\0\0"[..],
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff",
        b"Exif",
    ] {
        let mut bytes = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 80);
        encoder.add_app_segment(1, rubbish.to_vec()).unwrap();
        encoder
            .encode(&picture, 64, 64, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        let seen = inspect(&bytes).unwrap();
        assert_eq!(seen.exif, zhicha_photo::ExifFacts::default());
        assert!(seen.renditions.is_ok());
    }
}

#[test]
fn exif_in_png_is_read() {
    let png = saved(&quarters(40, 20, QUARTERS), ImageFormat::Png);
    let mut chunk = b"eXIfII*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    let sum = crc(&chunk);
    let length = (chunk.len() - 4) as u32;
    chunk.extend(sum.to_be_bytes());
    // Behind the header chunk.
    let bytes = [&png[..33], &length.to_be_bytes(), &chunk, &png[33..]].concat();
    let seen = inspect(&bytes).unwrap();
    assert_eq!(seen.exif.orientation, Some(6));
    let seen = seen.renditions.unwrap();
    assert_eq!((seen.width_px, seen.height_px), (20, 40));
    assert!(image::load(Cursor::new(seen.preview), ImageFormat::Jpeg).is_ok());
}
