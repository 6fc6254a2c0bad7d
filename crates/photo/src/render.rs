//! From planes to the two JPEGs that travel and are shown.

use std::thread;

use jpeg_encoder::{Encoder, ImageBuffer, JpegColorType, SamplingFactor};

use crate::planes::Planes;
use crate::{NoPreview, PREVIEW_EDGE_PX, PREVIEW_QUALITY, THUMB_EDGE_PX};

/// The pictures made of a photo. Neither holds any metadata: no EXIF, no place, no device, so
/// that whoever may see the picture learns nothing from the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Renditions {
    /// Width of the original in pixels as it is shown, orientation applied.
    pub width_px: u32,
    /// Height of the original in pixels as it is shown.
    pub height_px: u32,
    /// JPEG, upright, long edge [`PREVIEW_EDGE_PX`] or the original's if that is shorter.
    pub preview: Vec<u8>,
    /// JPEG, upright, long edge [`THUMB_EDGE_PX`] or the original's if that is shorter.
    pub thumbnail: Vec<u8>,
}

/// Makes both renditions of decoded `planes`.
pub(crate) fn renditions(planes: Planes, orientation: u8) -> Result<Renditions, NoPreview> {
    let (width, height) = fit(planes.full_width, planes.full_height, PREVIEW_EDGE_PX);
    let preview = planes.resized(width, height)?.upright(orientation);
    drop(planes);
    let (preview_jpeg, thumbnail) = thread::scope(|scope| {
        let small = || {
            let (width, height) = fit(preview.full_width, preview.full_height, THUMB_EDGE_PX);
            encode(&preview.resized(width, height)?)
        };
        let beside = thread::Builder::new().spawn_scoped(scope, small);
        let large = encode(&preview);
        let thumbnail = beside
            .ok()
            .and_then(|handle| handle.join().ok())
            .unwrap_or_else(small);
        (large, thumbnail)
    });
    Ok(Renditions {
        width_px: preview.full_width,
        height_px: preview.full_height,
        preview: preview_jpeg?,
        thumbnail: thumbnail?,
    })
}

/// The size whose long edge is at most `edge`, in the same proportions, at least 1 × 1; never
/// larger than the original.
pub(crate) fn fit(width: u32, height: u32, edge: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= edge {
        return (width, height);
    }
    let scaled = |side: u32| {
        let exact = f64::from(side) * f64::from(edge) / f64::from(long);
        (exact.round() as u32).clamp(1, edge)
    };
    (scaled(width), scaled(height))
}

fn encode(planes: &Planes) -> Result<Vec<u8>, NoPreview> {
    let mut jpeg = Vec::with_capacity(planes.y.samples.len() / 4 + 1024);
    let mut encoder = Encoder::new(&mut jpeg, PREVIEW_QUALITY);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder
        .encode_image(Rows(planes))
        .map_err(NoPreview::undecodable)?;
    Ok(jpeg)
}

/// Hands unpadded planes to the encoder. It wants chroma at full width and takes every second
/// sample of every second row itself, so each sample is simply given twice.
struct Rows<'a>(&'a Planes);

impl ImageBuffer for Rows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        // At most PREVIEW_EDGE_PX: planes come here resized.
        self.0.y.stride as u16
    }

    fn height(&self) -> u16 {
        (self.0.y.samples.len() / self.0.y.stride) as u16
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let width = self.0.y.stride;
        let luma = usize::from(y) * width;
        buffers[0].extend_from_slice(&self.0.y.samples[luma..luma + width]);
        for (plane, buffer) in [&self.0.cb, &self.0.cr].into_iter().zip(&mut buffers[1..]) {
            let start = usize::from(y) / 2 * plane.stride;
            let row = &plane.samples[start..start + plane.stride];
            let doubled = row.iter().flat_map(|&sample| [sample, sample]);
            buffer.extend(doubled.take(width));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_long_edge_fits_and_nothing_is_enlarged() {
        assert_eq!(fit(4000, 3000, 1600), (1600, 1200));
        assert_eq!(fit(3000, 4000, 1600), (1200, 1600));
        assert_eq!(fit(4032, 3024, 320), (320, 240));
        assert_eq!(fit(640, 480, 1600), (640, 480));
        assert_eq!(fit(65_500, 3, 1600), (1600, 1));
        assert_eq!(fit(1, 1, 320), (1, 1));
    }
}
