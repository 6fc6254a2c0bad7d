//! PNG and WebP: screenshots, and pictures saved out of other programs.
//!
//! They are decoded whole, so their limit is the memory that takes. Everything the decision needs
//! is in the header: a few kilobytes that would unfold to gigabytes are refused unopened.

use std::io::Cursor;

use image::codecs::{png::PngDecoder, webp::WebPDecoder};
use image::{DynamicImage, ImageDecoder, Limits};

use crate::planes::Planes;
use crate::{Format, NoPreview, PREVIEW_EDGE_PX};

/// The most memory for decoded pixels, in bytes: 111 megapixels of RGB.
const MAX_DECODED_BYTES: u64 = 320 * 1024 * 1024;

/// Decodes a PNG or a WebP to planes less than four times as wide as the preview.
pub(crate) fn decode(bytes: &[u8], format: Format) -> Result<Planes, NoPreview> {
    // Both decoders want their limits at the start; this one also bounds what they need beside
    // the pixels themselves.
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODED_BYTES + 64 * 1024 * 1024);
    if format == Format::Png {
        png_is_whole(bytes)?;
        let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits);
        open(decoder.map_err(NoPreview::undecodable)?)
    } else {
        webp_is_whole(bytes)?;
        let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(NoPreview::undecodable)?;
        decoder.set_limits(limits).map_err(NoPreview::undecodable)?;
        open(decoder)
    }
}

fn open(decoder: impl ImageDecoder) -> Result<Planes, NoPreview> {
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(NoPreview::undecodable("a picture without rows or columns"));
    }
    let per_pixel = u64::from(decoder.color_type().bytes_per_pixel()).max(1);
    NoPreview::check_pixels(width, height, MAX_DECODED_BYTES / per_pixel)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(NoPreview::undecodable)?;
    let (rgb, columns, rows) = reduced(opaque(picture), width as usize, height as usize);
    Ok(Planes::from_rgb(&rgb, columns, rows, width, height))
}

/// The mean of each block of pixels, as many at once as leave twice the preview's width for the
/// finer filter: a large picture is not held a second time as planes.
fn reduced(rgb: Vec<u8>, width: usize, height: usize) -> (Vec<u8>, usize, usize) {
    let block = width.max(height) / (2 * PREVIEW_EDGE_PX as usize);
    if block < 2 {
        return (rgb, width, height);
    }
    let (columns, rows) = (width.div_ceil(block), height.div_ceil(block));
    let mut small = Vec::with_capacity(columns * rows * 3);
    for lines in rgb.chunks(width * 3 * block) {
        for column in 0..columns {
            let (from, to) = (column * block, ((column + 1) * block).min(width));
            let (mut sum, mut count) = ([0u32; 3], 0u32);
            for line in lines.chunks_exact(width * 3) {
                for pixel in line[from * 3..to * 3].chunks_exact(3) {
                    for (sum, colour) in sum.iter_mut().zip(pixel) {
                        *sum += u32::from(*colour);
                    }
                    count += 1;
                }
            }
            small.extend(sum.map(|s| ((s + count / 2) / count.max(1)) as u8));
        }
    }
    (small, columns, rows)
}

/// RGB bytes; what is transparent shows white, as on paper.
fn opaque(picture: DynamicImage) -> Vec<u8> {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into_raw();
    }
    let rgba = picture.into_rgba8().into_raw();
    let mut rgb = Vec::with_capacity(rgba.len() / 4 * 3);
    for pixel in rgba.chunks_exact(4) {
        let alpha = u16::from(pixel[3]);
        let over = |&colour: &u8| (u16::from(colour) * alpha + 255 * (255 - alpha) + 127) / 255;
        rgb.extend(pixel[..3].iter().map(|colour| over(colour) as u8));
    }
    rgb
}

/// Walks the chunks to the one that ends every PNG.
fn png_is_whole(bytes: &[u8]) -> Result<(), NoPreview> {
    let mut at = 8_usize;
    loop {
        let head = bytes.get(at..at + 8).ok_or(NoPreview::CutOff)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        // Head, body, checksum.
        at = at.saturating_add(length).saturating_add(12);
        if at > bytes.len() {
            return Err(NoPreview::CutOff);
        }
        if &head[4..] == b"IEND" {
            return Ok(());
        }
    }
}

/// Compares the length that the container claims with the bytes that are there.
fn webp_is_whole(bytes: &[u8]) -> Result<(), NoPreview> {
    let claimed = bytes
        .get(4..8)
        .and_then(|size| size.first_chunk::<4>())
        .map_or(0, |size| u32::from_le_bytes(*size) as usize);
    if claimed.saturating_add(8) > bytes.len() {
        return Err(NoPreview::CutOff);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_picture_is_halved_by_means_and_a_small_one_is_left_alone() {
        let edge = 2 * PREVIEW_EDGE_PX as usize;
        let (small, w, h) = reduced(vec![7; edge * 3], edge, 1);
        assert_eq!((small.len(), w, h), (edge * 3, edge, 1));
        // Columns 0, 100, 0, 100 …; three rows, so that the last block is half of one.
        let wide = 2 * edge;
        let line: Vec<u8> = (0..wide)
            .flat_map(|x| [if x % 2 == 0 { 0 } else { 100 }; 3])
            .collect();
        let (small, w, h) = reduced(line.repeat(3), wide, 3);
        assert_eq!((w, h, small.len()), (edge, 2, edge * 2 * 3));
        assert!(small.iter().all(|v| *v == 50));
    }
}
