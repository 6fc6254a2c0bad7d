//! JPEG, read at the size that is needed.
//!
//! What cameras write (baseline, one interleaved scan, 8 bits, Y or YCbCr) is decoded here: every
//! coefficient is read, so that a picture that ends early is noticed, but the inverse DCT makes
//! only as many pixels as the preview needs. [`header`] reads the segments, [`bits`] and
//! [`huffman`] the entropy-coded data, [`idct`] makes samples, [`baseline`] joins them.
//!
//! Everything else a JPEG can be (progressive, CMYK, RGB, separate scans) goes through
//! `jpeg-decoder` in [`uncommon`], with a limit on the memory its coefficients may take.
//!
//! A file must be whole: all blocks there and the end marker behind them. What follows the end
//! marker (second pictures, makers' trailers) is none of this module's business.

mod baseline;
mod bits;
mod header;
mod huffman;
mod idct;
mod uncommon;

use crate::planes::Planes;
use crate::{NoPreview, PREVIEW_EDGE_PX};

use header::Head::{Common, Uncommon};
pub(crate) use header::exif_block;

/// Decodes a JPEG to planes whose long edge is at least [`PREVIEW_EDGE_PX`] or the picture's own.
///
/// # Errors
/// [`NoPreview::CutOff`], [`NoPreview::TooManyPixels`] (from the header, before anything is
/// allocated) or [`NoPreview::Undecodable`].
pub(crate) fn decode(bytes: &[u8]) -> Result<Planes, NoPreview> {
    match header::read(bytes)? {
        Common(scan) => baseline::decode(bytes, &scan),
        Uncommon(frame) => uncommon::decode(bytes, &frame),
    }
}

/// The side, in samples, that each 8 × 8 block is decoded to: the smallest that keeps the long
/// edge at or above the preview's.
fn block_side(width: u32, height: u32) -> usize {
    let long = width.max(height);
    [1, 2, 4]
        .into_iter()
        .find(|side| u64::from(long) * side >= u64::from(PREVIEW_EDGE_PX) * 8)
        .unwrap_or(8) as usize
}

#[cfg(test)]
mod tests;
