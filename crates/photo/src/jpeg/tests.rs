use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::*;
use crate::planes::Plane;

/// How an encoder is told to write.
type Way = fn(&mut Encoder<&mut Vec<u8>>);

/// A picture with slopes, edges and colours, 3 bytes a pixel.
fn scene(width: usize, height: usize) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            let stripe = if (x / 24 + y / 40) % 2 == 0 { 40 } else { 0 };
            rgb.push((x * 200 / width) as u8 + stripe);
            rgb.push((y * 200 / height) as u8 + stripe);
            rgb.push(((x + y) * 90 / (width + height)) as u8 + 60);
        }
    }
    rgb
}

fn encoded(width: u16, height: u16, set: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    set(&mut encoder);
    let rgb = scene(width.into(), height.into());
    encoder.encode(&rgb, width, height, ColorType::Rgb).unwrap();
    bytes
}

/// Mean and largest difference in luma from the scene at full size.
fn luma_error(planes: &Planes, width: usize, height: usize) -> (f64, u8) {
    let y = planes.y.resized(width as u32, height as u32).unwrap();
    let rgb = scene(width, height);
    let errors: Vec<u8> = rgb
        .chunks_exact(3)
        .zip(&y.samples)
        .map(|(p, y)| jpeg_encoder::rgb_to_ycbcr(p[0], p[1], p[2]).0.abs_diff(*y))
        .collect();
    let sum: f64 = errors.iter().map(|e| f64::from(*e)).sum();
    (sum / errors.len() as f64, errors.into_iter().max().unwrap())
}

fn assert_shows_the_scene(bytes: &[u8], width: usize, height: usize, name: &str) {
    let planes = decode(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(
        (planes.full_width, planes.full_height),
        (width as u32, height as u32)
    );
    let (mean, worst) = luma_error(&planes, width, height);
    assert!(
        mean < 2.5 && worst < 40,
        "{name}: mean {mean}, worst {worst}"
    );
    // Chroma, where it is far from grey: bottom left is green, top right red.
    let small = planes.resized(8, 8).unwrap();
    let rgb = scene(8, 8);
    for (at, place) in [(0, 0), (3, 3)].map(|(x, y)| (y * 4 + x, (y * 2 * 8 + x * 2) * 3)) {
        let (_, cb, cr) = jpeg_encoder::rgb_to_ycbcr(rgb[place], rgb[place + 1], rgb[place + 2]);
        assert!(small.cb.samples[at].abs_diff(cb) < 25, "{name}: blue");
        assert!(small.cr.samples[at].abs_diff(cr) < 25, "{name}: red");
    }
}

#[test]
fn every_way_of_sampling_chroma_is_read() {
    use SamplingFactor::{F_1_1, F_1_2, F_2_1, F_2_2};
    for factor in [F_1_1, F_1_2, F_2_1, F_2_2] {
        for (width, height) in [(203, 101), (64, 64), (17, 300)] {
            let bytes = encoded(width, height, |e| e.set_sampling_factor(factor));
            assert!(matches!(header::read(&bytes), Ok(Common(_))));
            assert_shows_the_scene(&bytes, width.into(), height.into(), &format!("{factor:?}"));
        }
    }
}

#[test]
fn restart_markers_are_followed() {
    for interval in [1, 7, 64] {
        let bytes = encoded(203, 101, |e| e.set_restart_interval(interval));
        assert_shows_the_scene(&bytes, 203, 101, "restarts");
    }
}

#[test]
fn progressive_and_separate_scans_are_read() {
    let ways: [(&str, Way); 3] = [
        ("progressive", |e| e.set_progressive(true)),
        ("optimized", |e| e.set_optimized_huffman_tables(true)),
        ("quarter chroma", |e| {
            e.set_sampling_factor(SamplingFactor::F_4_1)
        }),
    ];
    for (name, way) in ways {
        let bytes = encoded(203, 101, way);
        assert!(matches!(header::read(&bytes), Ok(Uncommon(_))), "{name}");
        assert_shows_the_scene(&bytes, 203, 101, name);
    }
}

#[test]
fn a_reduced_picture_is_the_same_picture() {
    for (long, side) in [(1601, 8), (3300, 4), (6500, 2), (12_900, 1)] {
        assert_eq!(block_side(long, 99), side);
        for progressive in [false, true] {
            let bytes = encoded(long as u16, 99, |e| e.set_progressive(progressive));
            let planes = decode(&bytes).unwrap();
            assert!(planes.y.width >= 1600.0);
            assert_eq!((planes.full_width, planes.full_height), (long, 99));
            // Against the whole scene, shrunk to the preview in one step.
            let (width, height) = crate::render::fit(long, 99, PREVIEW_EDGE_PX);
            let whole = Planes::from_rgb(&scene(long as usize, 99), long as usize, 99, long, 99);
            let want = whole.resized(width, height).unwrap();
            let got = planes.resized(width, height).unwrap();
            let pairs = want.y.samples.iter().zip(&got.y.samples);
            let sum: f64 = pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
            let mean = sum / f64::from(width * height);
            assert!(
                mean < 3.0,
                "{long}, progressive {progressive}: mean error {mean}"
            );
        }
    }
}

#[test]
fn grey_and_ink_pictures_are_read() {
    let mut grey = Vec::new();
    let luma: Vec<u8> = (0..50 * 30).map(|at| (at % 50 * 5) as u8).collect();
    Encoder::new(&mut grey, 95)
        .encode(&luma, 50, 30, ColorType::Luma)
        .unwrap();
    let planes = decode(&grey).unwrap();
    assert!(
        planes
            .y
            .resized(50, 30)
            .unwrap()
            .samples
            .iter()
            .zip(&luma)
            .all(|(a, b)| a.abs_diff(*b) < 8)
    );
    assert_eq!(planes.cb, Plane::uniform(128));

    for kind in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let mut ink = Vec::new();
        // Full magenta and yellow, a little black: a dark red.
        let pixels = [0, 255, 255, 51].repeat(32 * 32);
        let mut encoder = Encoder::new(&mut ink, 95);
        encoder.set_sampling_factor(SamplingFactor::F_1_1);
        encoder.encode(&pixels, 32, 32, kind).unwrap();
        let planes = decode(&ink).unwrap().resized(32, 32).unwrap();
        let (y, _, cr) = jpeg_encoder::rgb_to_ycbcr(204, 0, 0);
        assert!(
            planes.y.samples[500].abs_diff(y) < 6,
            "{kind:?}: {} for {y}",
            planes.y.samples[500]
        );
        assert!(planes.cr.samples[100].abs_diff(cr) < 6, "{kind:?}");
    }
}

#[test]
fn a_picture_cut_anywhere_is_cut_off() {
    let ways: [(&str, Way); 3] = [
        ("plain", |_| ()),
        ("restarts", |e| e.set_restart_interval(5)),
        ("progressive", |e| e.set_progressive(true)),
    ];
    for (name, way) in ways {
        let bytes = encoded(203, 101, way);
        for length in (3..bytes.len()).rev().step_by(37) {
            assert_eq!(
                decode(&bytes[..length]).err(),
                Some(NoPreview::CutOff),
                "{name} at {length}"
            );
        }
        assert_eq!(
            decode(&bytes[..bytes.len() - 2]).err(),
            Some(NoPreview::CutOff),
            "{name} end"
        );
    }
}

#[test]
fn an_end_marker_behind_half_a_picture_does_not_make_it_whole() {
    for interval in [0, 5] {
        let bytes = encoded(203, 101, |e| {
            if interval > 0 {
                e.set_restart_interval(interval);
            }
        });
        for keep in [30, 50, 90] {
            let mut half = bytes[..bytes.len() * keep / 100].to_vec();
            if half.last() == Some(&0xFF) {
                half.pop();
            }
            half.extend([0xFF, 0xD9]);
            assert_eq!(
                decode(&half).err(),
                Some(NoPreview::CutOff),
                "{keep} % kept"
            );
        }
    }
}

#[test]
fn whatever_follows_the_end_marker_is_let_be() {
    let whole = encoded(203, 101, |_| ());
    let planes = decode(&whole).unwrap();
    for trailer in [&b"SEFT trailer \xFF\xD8\xFF"[..], &[0; 500], &whole[..200]] {
        let longer = [&whole[..], trailer].concat();
        assert_eq!(decode(&longer).as_ref(), Ok(&planes));
    }
}

#[test]
fn fill_bytes_and_rubbish_before_the_end_marker_are_stepped_over() {
    let whole = encoded(203, 101, |_| ());
    let (picture, end) = whole.split_at(whole.len() - 2);
    let filled = [picture, &[0xFF, 0xFF], end].concat();
    assert!(decode(&filled).is_ok());
    let padded = [picture, &[0x11, 0x22], end].concat();
    assert!(decode(&padded).is_ok());
}

/// Writes other dimensions into the frame header.
fn claiming(mut bytes: Vec<u8>, width: u16, height: u16) -> Vec<u8> {
    let frame = bytes
        .windows(2)
        .position(|p| matches!(p, [0xFF, 0xC0 | 0xC2]))
        .unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

#[test]
fn too_many_pixels_are_refused_from_the_header() {
    let too_many = NoPreview::TooManyPixels {
        width_px: 30_000,
        height_px: 30_000,
        limit: crate::MAX_PIXELS,
    };
    let bytes = claiming(encoded(64, 64, |_| ()), 30_000, 30_000);
    assert_eq!(decode(&bytes).err(), Some(too_many));
    // Progressive without reduced chroma: three full planes of coefficients at once.
    let bytes = encoded(64, 64, |e| {
        e.set_progressive(true);
        e.set_sampling_factor(SamplingFactor::F_1_1);
    });
    let refused = decode(&claiming(bytes, 16_000, 12_000));
    assert!(matches!(refused, Err(NoPreview::TooManyPixels { limit, .. }) if limit < 120_000_000));
}

#[test]
fn a_picture_that_promises_more_rows_than_it_has_is_cut_off() {
    let bytes = claiming(encoded(64, 64, |_| ()), 64, 640);
    assert_eq!(decode(&bytes).err(), Some(NoPreview::CutOff));
}

#[test]
fn a_picture_of_no_size_is_refused() {
    let bytes = claiming(encoded(64, 64, |_| ()), 64, 0);
    assert!(matches!(decode(&bytes), Err(NoPreview::Undecodable { .. })));
}
