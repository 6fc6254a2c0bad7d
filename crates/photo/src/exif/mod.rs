//! What the camera wrote about itself and the moment.
//!
//! EXIF is a claim, not a proof: it is kept beside what the phone measured, never instead of it.
//! Broken EXIF never fails a photo: whatever can be read is read, the rest is `None`. Strings are
//! cleaned before they leave this module, since they come from any device and are shown to people.

mod gps;
mod text;

use std::io::Cursor;

use exif::{Exif, In, Reader, Tag};
use serde::{Deserialize, Serialize};

pub use gps::GpsFacts;

use crate::{Format, jpeg};

/// EXIF facts of one photo. Everything is optional; absent and unreadable look the same.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExifFacts {
    /// How the stored pixels must be turned to stand upright: 1 to 8 as EXIF 2.32 §4.6.4.A
    /// defines them. Other values are dropped.
    pub orientation: Option<u8>,
    /// When the shutter opened, as the camera wrote it: `YYYY:MM:DD HH:MM:SS` in the camera's
    /// own zone. Read together with [`taken_at_offset`](Self::taken_at_offset), if there is one.
    pub taken_at: Option<String>,
    /// Digits after the second, as written (`7` is 700 ms, `07` is 70 ms).
    pub taken_at_subsec: Option<String>,
    /// The zone of `taken_at` as `+08:00`; most phones before 2018 wrote none.
    pub taken_at_offset: Option<String>,
    /// Maker of the camera.
    pub make: Option<String>,
    /// Model of the camera.
    pub model: Option<String>,
    /// Program that wrote the file: the camera's firmware, or an editor that touched it after.
    pub software: Option<String>,
    /// Lens, where named.
    pub lens: Option<String>,
    /// Width the camera claims, in pixels, as stored (not turned upright). Differs from the
    /// picture's own width when an editor cropped it.
    pub width_px: Option<u32>,
    /// Height the camera claims, in pixels, as stored.
    pub height_px: Option<u32>,
    /// Exposure in seconds; with the sensitivity it tells day from night.
    pub exposure_s: Option<f64>,
    /// Sensitivity (ISO).
    pub iso: Option<u32>,
    /// Focal length as on a 35 mm film camera, in millimetres: how near "near" is.
    pub focal_35mm: Option<u32>,
    /// Where the camera believed it was.
    pub gps: Option<GpsFacts>,
}

/// Reads the facts of a photo of kind `format`.
pub(crate) fn read(bytes: &[u8], format: Format) -> ExifFacts {
    parse(bytes, format).map_or_else(ExifFacts::default, |exif| facts(&exif))
}

fn parse(bytes: &[u8], format: Format) -> Option<Exif> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let read = match format {
        // The own walk also reads files that are cut off after their EXIF.
        Format::Jpeg => reader.read_raw(jpeg::exif_block(bytes)?.to_vec()),
        Format::Png | Format::Webp | Format::Heic => {
            reader.read_from_container(&mut Cursor::new(bytes))
        }
        Format::Other => return None,
    };
    read.or_else(|error| error.distill_partial_result(|_| ()))
        .ok()
}

fn facts(exif: &Exif) -> ExifFacts {
    let taken_at = [Tag::DateTimeOriginal, Tag::DateTimeDigitized]
        .into_iter()
        .find_map(|tag| text::moment(&string(exif, tag)?));
    ExifFacts {
        orientation: uint(exif, Tag::Orientation)
            .and_then(|n| u8::try_from(n).ok())
            .filter(|n| (1..=8).contains(n)),
        taken_at_subsec: string(exif, Tag::SubSecTimeOriginal)
            .filter(|s| taken_at.is_some() && s.bytes().all(|b| b.is_ascii_digit())),
        taken_at_offset: string(exif, Tag::OffsetTimeOriginal)
            .filter(|s| taken_at.is_some() && text::is_offset(s)),
        taken_at,
        make: string(exif, Tag::Make),
        model: string(exif, Tag::Model),
        software: string(exif, Tag::Software),
        lens: string(exif, Tag::LensModel),
        width_px: uint(exif, Tag::PixelXDimension).filter(|n| *n > 0),
        height_px: uint(exif, Tag::PixelYDimension).filter(|n| *n > 0),
        exposure_s: number(exif, Tag::ExposureTime).filter(|s| *s > 0.0 && *s < 1e5),
        iso: uint(exif, Tag::PhotographicSensitivity).filter(|n| *n > 0),
        focal_35mm: uint(exif, Tag::FocalLengthIn35mmFilm).filter(|n| *n > 0),
        gps: gps::read(exif),
    }
}

fn string(exif: &Exif, tag: Tag) -> Option<String> {
    text::clean(&exif.get_field(tag, In::PRIMARY)?.value)
}

fn uint(exif: &Exif, tag: Tag) -> Option<u32> {
    exif.get_field(tag, In::PRIMARY)?.value.get_uint(0)
}

/// The first rational of a field, if it is a finite number.
fn number(exif: &Exif, tag: Tag) -> Option<f64> {
    text::rational(&exif.get_field(tag, In::PRIMARY)?.value, 0)
}

#[cfg(test)]
mod tests;
