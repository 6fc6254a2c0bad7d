//! A decoded picture in three planes: luma and two of chroma, each at its own resolution.
//!
//! Chroma is stored by cameras at half resolution or less and is written so again; keeping it
//! apart halves the work of everything in between, and no RGB copy is ever made.

use std::borrow::Cow;

use fast_image_resize as fir;

use crate::scale::resize;

use crate::NoPreview;

/// One channel of a picture. Its samples may be padded to whole blocks on the right and below.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plane {
    /// Samples, row after row, `stride` to a row.
    pub(crate) samples: Vec<u8>,
    /// Samples from one row to the next.
    pub(crate) stride: usize,
    /// Width of the picture inside, in samples; fractional where a reduced decode cuts a pixel.
    pub(crate) width: f64,
    /// Height of the picture inside, in samples.
    pub(crate) height: f64,
}

impl Plane {
    /// A plane without padding.
    pub(crate) fn packed(samples: Vec<u8>, width: usize, height: usize) -> Self {
        debug_assert_eq!(samples.len(), width * height);
        Self {
            samples,
            stride: width,
            width: width as f64,
            height: height as f64,
        }
    }

    /// A plane of one value: the chroma of a grey picture.
    pub(crate) fn uniform(value: u8) -> Self {
        Self::packed(vec![value], 1, 1)
    }

    /// This plane's picture at exactly `width` × `height`, without padding.
    pub(crate) fn resized(&self, width: u32, height: u32) -> Result<Self, NoPreview> {
        let (w, h) = (width as usize, height as usize);
        if self.samples.len() == 1 {
            return Ok(Self::packed(vec![self.samples[0]; w * h], w, h));
        }
        if self.width == w as f64 && self.height == h as f64 {
            let rows = self.samples.chunks_exact(self.stride).take(h);
            return Ok(Self::packed(
                rows.flat_map(|row| &row[..w]).copied().collect(),
                w,
                h,
            ));
        }
        // The filter reads on beyond the box it is given, so the padding has to go first.
        let (columns, rows) = (self.width.ceil() as usize, self.height.ceil() as usize);
        let mut samples = Cow::Borrowed(
            self.samples
                .get(..rows * self.stride)
                .unwrap_or(&self.samples),
        );
        if columns < self.stride {
            let lines = samples.chunks_exact(self.stride);
            samples = lines.flat_map(|line| &line[..columns]).copied().collect();
        }
        let source =
            fir::images::ImageRef::new(columns as u32, rows as u32, &samples, fir::PixelType::U8)
                .map_err(NoPreview::undecodable)?;
        let mut target = fir::images::Image::new(width, height, fir::PixelType::U8);
        let options = fir::ResizeOptions::new()
            .resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::Lanczos3))
            .crop(0.0, 0.0, self.width, self.height);
        resize::<fir::pixels::U8>(&source, &mut target, &options)?;
        Ok(Self::packed(target.into_vec(), w, h))
    }

    /// This unpadded plane turned upright from EXIF `orientation`.
    fn upright(self, orientation: u8) -> Self {
        let (w, h) = (self.stride, self.samples.len() / self.stride.max(1));
        let source = &self.samples;
        let rows = || source.chunks_exact(w);
        let (samples, turned): (Vec<u8>, bool) = match orientation {
            2 => (
                rows().flat_map(|row| row.iter().rev()).copied().collect(),
                false,
            ),
            3 => (source.iter().rev().copied().collect(), false),
            4 => (rows().rev().flatten().copied().collect(), false),
            5 => (transposed(source, w, h, |x| x, |y| y), true),
            6 => (transposed(source, w, h, |x| x, |y| h - 1 - y), true),
            7 => (transposed(source, w, h, |x| w - 1 - x, |y| h - 1 - y), true),
            8 => (transposed(source, w, h, |x| w - 1 - x, |y| y), true),
            _ => return self,
        };
        if turned {
            Self::packed(samples, h, w)
        } else {
            Self::packed(samples, w, h)
        }
    }
}

/// Rows become columns. Row `r` of the result is column `column(r)` of the source, read in the
/// order `row(0), row(1), …`. Works in tiles, so that neither side strides through memory.
fn transposed(
    source: &[u8],
    w: usize,
    h: usize,
    column: impl Fn(usize) -> usize,
    row: impl Fn(usize) -> usize,
) -> Vec<u8> {
    const TILE: usize = 32;
    let mut out = vec![0; w * h];
    for top in (0..w).step_by(TILE) {
        for left in (0..h).step_by(TILE) {
            for r in top..(top + TILE).min(w) {
                let x = column(r);
                let line = &mut out[r * h..(r + 1) * h];
                for (c, sample) in line
                    .iter_mut()
                    .enumerate()
                    .take((left + TILE).min(h))
                    .skip(left)
                {
                    *sample = source[row(c) * w + x];
                }
            }
        }
    }
    out
}

/// A picture in luma (`y`) and chroma (`cb`, `cr`), full range as JPEG has them (ITU-T T.871).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Planes {
    /// Width of the stored picture in pixels, before any reduction.
    pub(crate) full_width: u32,
    /// Height of the stored picture in pixels.
    pub(crate) full_height: u32,
    /// Luma.
    pub(crate) y: Plane,
    /// Blue difference, at any resolution.
    pub(crate) cb: Plane,
    /// Red difference, at any resolution.
    pub(crate) cr: Plane,
}

impl Planes {
    /// Planes of an RGB picture, three bytes a pixel, that stands for a picture of
    /// `full_width` × `full_height`.
    pub(crate) fn from_rgb(
        rgb: &[u8],
        width: usize,
        height: usize,
        full_width: u32,
        full_height: u32,
    ) -> Self {
        let mut planes = [0; 3].map(|_| Vec::with_capacity(width * height));
        for pixel in rgb.chunks_exact(3) {
            let (y, cb, cr) = jpeg_encoder::rgb_to_ycbcr(pixel[0], pixel[1], pixel[2]);
            planes[0].push(y);
            planes[1].push(cb);
            planes[2].push(cr);
        }
        let [y, cb, cr] = planes.map(|samples| Plane::packed(samples, width, height));
        Self {
            full_width,
            full_height,
            y,
            cb,
            cr,
        }
    }

    /// This picture at `width` × `height`, chroma at half of it (rounded up) both ways.
    pub(crate) fn resized(&self, width: u32, height: u32) -> Result<Self, NoPreview> {
        let (half_w, half_h) = (width.div_ceil(2), height.div_ceil(2));
        let (y, chroma) = std::thread::scope(|scope| {
            let chroma = || {
                Ok((
                    self.cb.resized(half_w, half_h)?,
                    self.cr.resized(half_w, half_h)?,
                ))
            };
            let beside = std::thread::Builder::new().spawn_scoped(scope, chroma);
            let y = self.y.resized(width, height);
            let chroma = beside
                .ok()
                .and_then(|handle| handle.join().ok())
                .unwrap_or_else(chroma);
            (y, chroma)
        });
        let (cb, cr) = chroma?;
        Ok(Self {
            y: y?,
            cb,
            cr,
            ..*self
        })
    }

    /// This picture, already resized, turned upright from EXIF `orientation`.
    pub(crate) fn upright(self, orientation: u8) -> Self {
        let (full_width, full_height) = if orientation >= 5 {
            (self.full_height, self.full_width)
        } else {
            (self.full_width, self.full_height)
        };
        Self {
            full_width,
            full_height,
            y: self.y.upright(orientation),
            cb: self.cb.upright(orientation),
            cr: self.cr.upright(orientation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `F` seen upright, 3 × 5; what a camera held in each way stores of it follows from the
    /// table in the EXIF standard: which visual edge row 0 and column 0 are.
    const UPRIGHT: &[&str] = &["###", "#..", "##.", "#..", "#.."];

    fn plane(rows: &[&str]) -> Plane {
        let samples = rows.iter().flat_map(|r| r.bytes()).collect();
        Plane::packed(samples, rows[0].len(), rows.len())
    }

    #[test]
    fn every_orientation_ends_upright() {
        let stored: [(u8, &[&str]); 8] = [
            (1, UPRIGHT),
            (2, &["###", "..#", ".##", "..#", "..#"]),
            (3, &["..#", "..#", ".##", "..#", "###"]),
            (4, &["#..", "#..", "##.", "#..", "###"]),
            (5, &["#####", "#.#..", "#...."]),
            (6, &["#....", "#.#..", "#####"]),
            (7, &["....#", "..#.#", "#####"]),
            (8, &["#####", "..#.#", "....#"]),
        ];
        for (orientation, rows) in stored {
            assert_eq!(
                plane(rows).upright(orientation),
                plane(UPRIGHT),
                "orientation {orientation}"
            );
        }
    }

    #[test]
    fn padding_is_left_behind_when_nothing_is_scaled() {
        let padded = Plane {
            samples: vec![1, 2, 9, 3, 4, 9, 9, 9, 9],
            stride: 3,
            width: 2.0,
            height: 2.0,
        };
        assert_eq!(
            padded.resized(2, 2),
            Ok(Plane::packed(vec![1, 2, 3, 4], 2, 2))
        );
    }

    #[test]
    fn padding_does_not_bleed_into_a_scaled_picture() {
        let mut samples = vec![255; 16 * 16];
        for row in samples.chunks_exact_mut(16).take(12) {
            row[..12].fill(10);
        }
        let padded = Plane {
            samples,
            stride: 16,
            width: 12.0,
            height: 12.0,
        };
        assert_eq!(padded.resized(5, 5), Ok(Plane::packed(vec![10; 25], 5, 5)));
    }
}
