//! JPEGs that cameras do not write: progressive, CMYK, RGB, or one scan per component.
//!
//! `jpeg-decoder` reads them, at reduced size like the common ones. A progressive picture needs
//! all its coefficients in memory at once, so these have a limit of their own.

use jpeg_decoder::{Decoder, Error, PixelFormat};

use crate::NoPreview;
use crate::planes::{Plane, Planes};

use super::block_side;
use super::header::{Frame, expect_end};

/// The most memory for coefficients, in bytes: 200 megapixels with chroma halved both ways.
const MAX_COEFFICIENT_BYTES: u64 = 640 * 1024 * 1024;

/// Decodes the picture behind `frame`.
pub(super) fn decode(bytes: &[u8], frame: &Frame) -> Result<Planes, NoPreview> {
    let widest = frame.components.iter().map(|c| c.h).max().unwrap_or(1) as u64;
    let tallest = frame.components.iter().map(|c| c.v).max().unwrap_or(1) as u64;
    let blocks: u64 = frame.components.iter().map(|c| (c.h * c.v) as u64).sum();
    let full = u64::from(frame.width) * u64::from(frame.height);
    // Two bytes to a coefficient, and to each component its share of the pixels.
    let whole = (widest * tallest).max(1);
    if full * blocks * 2 / whole > MAX_COEFFICIENT_BYTES {
        let limit = MAX_COEFFICIENT_BYTES * whole / (blocks * 2);
        NoPreview::check_pixels(frame.width, frame.height, limit)?;
    }
    expect_end(bytes, 2)?;

    let mut decoder = Decoder::new(bytes);
    // The decoder stops at the first size that satisfies either edge, so only the long one asks.
    let side = block_side(frame.width, frame.height);
    let long = frame.width.max(frame.height) as usize;
    let asked = u16::try_from(long * side / 8).unwrap_or(u16::MAX);
    let (across, down) = if frame.width >= frame.height {
        (asked, u16::MAX)
    } else {
        (u16::MAX, asked)
    };
    let (width, height) = decoder.scale(across, down).map_err(refused)?;
    let (width, height) = (usize::from(width), usize::from(height));
    let pixels = decoder.decode().map_err(refused)?;
    let format = decoder
        .info()
        .map(|info| info.pixel_format)
        .ok_or_else(|| NoPreview::undecodable("a picture without a header"))?;
    let expected = width * height * format.pixel_bytes();
    if pixels.len() != expected || expected == 0 {
        return Err(NoPreview::undecodable("fewer pixels than promised"));
    }
    let mut planes = match format {
        PixelFormat::L8 => Planes {
            full_width: frame.width,
            full_height: frame.height,
            y: Plane::packed(pixels, width, height),
            cb: Plane::uniform(128),
            cr: Plane::uniform(128),
        },
        PixelFormat::RGB24 => Planes::from_rgb(&pixels, width, height, frame.width, frame.height),
        PixelFormat::CMYK32 => {
            let rgb = rgb_of_cmyk(&pixels);
            Planes::from_rgb(&rgb, width, height, frame.width, frame.height)
        }
        PixelFormat::L16 => return Err(NoPreview::undecodable("more than 8 bits to a sample")),
    };
    // A reduced picture's last row and column may be there in part only.
    let part = |full: u32| f64::from(full) * side as f64 / 8.0;
    for plane in [&mut planes.y, &mut planes.cb, &mut planes.cr] {
        plane.width = plane.width.min(part(frame.width).max(1.0));
        plane.height = plane.height.min(part(frame.height).max(1.0));
    }
    Ok(planes)
}

/// Ink to light, without a colour profile: what is neither under its own ink nor under black.
fn rgb_of_cmyk(pixels: &[u8]) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(pixels.len() / 4 * 3);
    for pixel in pixels.chunks_exact(4) {
        let bare = 255 - u16::from(pixel[3]);
        let light = |&ink: &u8| ((255 - u16::from(ink)) * bare + 127) / 255;
        rgb.extend(pixel[..3].iter().map(|ink| light(ink) as u8));
    }
    rgb
}

fn refused(error: Error) -> NoPreview {
    match error {
        Error::Io(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => NoPreview::CutOff,
        other => NoPreview::undecodable(other),
    }
}
