//! A made-up street photo with everything a phone's has: 12 megapixels, noise, EXIF, a place.
//!
//! For demos, tests and measurements where no real photo may be committed. The same seed gives
//! the same bytes. `Before` shows a pavement blocked by boxes and a parked cart, `After` the same
//! pavement cleared: enough to see at thumbnail size which is which.

mod exif;
mod scene;

use jpeg_encoder::{Encoder, ImageBuffer, JpegColorType, SamplingFactor};

use scene::{Canvas, Noise};

/// The quality that gives a phone's file size at the scene's amount of detail.
const QUALITY: u8 = 92;

/// Which of the two states of the street is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// The pavement is blocked.
    Before,
    /// The pavement is clear.
    After,
}

/// A place for the sample's EXIF.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleGps {
    /// Latitude in degrees, north positive.
    pub lat_deg: f64,
    /// Longitude in degrees, east positive.
    pub lon_deg: f64,
    /// Metres above sea level.
    pub altitude_m: f64,
    /// Radius of uncertainty in metres.
    pub accuracy_m: f64,
}

/// What the sample shows and what its EXIF says.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleSpec {
    /// Chooses the houses, the colours and where things stand; the same in `Before` and `After`.
    pub seed: u64,
    /// Which state of the street.
    pub scene: Scene,
    /// Width in pixels as stored: the sensor's, before orientation turns it.
    pub width_px: u16,
    /// Height in pixels as stored.
    pub height_px: u16,
    /// EXIF orientation 1 to 8; the pixels are stored so that it makes them upright.
    pub orientation: u8,
    /// `DateTimeOriginal`, `YYYY:MM:DD HH:MM:SS`.
    pub taken_at: String,
    /// `OffsetTimeOriginal`, like `+08:00`.
    pub taken_at_offset: String,
    /// The place, WGS-84; `None` writes no GPS block.
    pub gps: Option<SampleGps>,
}

impl Default for SampleSpec {
    /// 12 megapixels held upright in Manzhouli, at a moment in the office's test calendar.
    fn default() -> Self {
        Self {
            seed: 1,
            scene: Scene::Before,
            width_px: 4000,
            height_px: 3000,
            orientation: 6,
            taken_at: "2026:03:05 09:12:44".to_owned(),
            taken_at_offset: "+08:00".to_owned(),
            gps: Some(SampleGps {
                lat_deg: 49.597_83,
                lon_deg: 117.378_66,
                altitude_m: 661.0,
                accuracy_m: 8.0,
            }),
        }
    }
}

/// Makes the sample: the bytes of a JPEG file. A picture without area comes out 1 pixel wide or
/// high; an orientation out of range is written as 1.
pub fn jpeg(spec: &SampleSpec) -> Vec<u8> {
    let mut spec = spec.clone();
    spec.width_px = spec.width_px.max(1);
    spec.height_px = spec.height_px.max(1);
    if !(1..=8).contains(&spec.orientation) {
        spec.orientation = 1;
    }
    let turned = spec.orientation >= 5;
    let (width, height) = (usize::from(spec.width_px), usize::from(spec.height_px));
    let (shown_width, shown_height) = if turned {
        (height, width)
    } else {
        (width, height)
    };
    let canvas = scene::paint(shown_width, shown_height, spec.seed, spec.scene);
    let mut bytes = Vec::with_capacity(width * height / 3);
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    // Neither call can fail: the block is far below a segment's 64 KiB, the size is not zero, and
    // a Vec takes every byte. Were it otherwise, the file would be short and the tests red.
    let _ = encoder.add_app_segment(1, exif::block(&spec));
    let _ = encoder.encode_image(Stored {
        canvas: &canvas,
        spec: &spec,
    });
    bytes
}

/// The scene as the sensor would have stored it: turned back, with noise.
struct Stored<'a> {
    canvas: &'a Canvas,
    spec: &'a SampleSpec,
}

impl ImageBuffer for Stored<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.spec.width_px
    }

    fn height(&self) -> u16 {
        self.spec.height_px
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let (w, h) = (
            usize::from(self.spec.width_px),
            usize::from(self.spec.height_px),
        );
        let y = usize::from(y);
        let mut noise = Noise::new(self.spec.seed ^ self.spec.scene as u64, y as u64);
        let [luma, blue, red, _] = buffers;
        for x in 0..w {
            // Where the stored pixel is seen (EXIF 2.32, orientation).
            let (sx, sy) = match self.spec.orientation {
                2 => (w - 1 - x, y),
                3 => (w - 1 - x, h - 1 - y),
                4 => (x, h - 1 - y),
                5 => (y, x),
                6 => (h - 1 - y, x),
                7 => (h - 1 - y, w - 1 - x),
                8 => (y, w - 1 - x),
                _ => (x, y),
            };
            let [y, cb, cr] = self.canvas.at(sx, sy);
            luma.push(noise.grain(y));
            blue.push(cb);
            red.push(cr);
        }
    }
}

#[cfg(test)]
mod tests;
