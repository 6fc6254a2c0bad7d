//! A camera's bytes in, facts and small pictures out.
//!
//! A photo is evidence, so its bytes are never changed here: [`inspect`] reads them and gives
//! back their SHA-256, what the camera wrote about itself ([`ExifFacts`]), and two pictures small
//! enough to send over a poor network and to draw in a list ([`Renditions`]).
//!
//! The way of a JPEG, which is what phones write:
//!
//! ```text
//! bytes ─┬─ hash, EXIF ──────────────────────────────────────── (second thread)
//!        └─ jpeg: entropy decoding and a reduced inverse DCT → Planes at 1/1, 1/2, 1/4 or 1/8
//!             → planes: resize to 1600 px → turn upright → render: preview, thumbnail
//! ```
//!
//! The picture stays in luma and chroma planes all the way: no RGB copy of 12 million pixels is
//! made, and a 200-megapixel photo needs no more memory than a small one. Progressive and CMYK
//! JPEGs, PNG and WebP take a slower road (`jpeg`, `raster`) to the same planes.
//!
//! What fails, fails in one of two ways. [`Unusable`]: there is nothing to keep. [`NoPreview`]:
//! the file is kept as it is, but cannot be shown. A picture that ends early is the second kind:
//! half a grey street would be a preview that lies.
//!
//! Pure: no files, no clock, no randomness. Two short-lived threads are used for speed only.
#![forbid(unsafe_code)]

mod exif;
mod format;
mod inspect;
mod jpeg;
mod planes;
mod raster;
mod refusal;
mod render;
pub mod sample;
mod scale;

pub use exif::{ExifFacts, GpsFacts};
pub use format::Format;
pub use inspect::{Inspected, inspect};
pub use refusal::{NoPreview, Unusable};
pub use render::Renditions;

/// The largest file taken as a photo, in bytes (64 MiB). Above it the upload would block a
/// field day's other work; no phone camera writes a JPEG of this size.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The most pixels (width × height) a picture may claim and still be shown: the largest phone
/// sensors have 200 megapixels.
pub const MAX_PIXELS: u64 = 200_000_000;

/// Long edge of the preview in pixels: enough to read a shop sign across a street.
pub const PREVIEW_EDGE_PX: u32 = 1600;

/// Long edge of the thumbnail in pixels: sharp in a 96 px list row on a 3× screen.
pub const THUMB_EDGE_PX: u32 = 320;

/// JPEG quality of both renditions.
pub const PREVIEW_QUALITY: u8 = 80;
