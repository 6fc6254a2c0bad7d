//! What kind of file the bytes are, told by their first bytes and never by a name or a claim.

use serde::{Deserialize, Serialize};

/// The kinds of file that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// What phones write.
    Jpeg,
    /// Screenshots.
    Png,
    /// Pictures saved out of chat programs and browsers.
    Webp,
    /// What iPhones write unless told otherwise; recognised, read for facts, not decoded.
    Heic,
    /// Anything else.
    Other,
}

impl Format {
    /// Tells the kind of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Self::Jpeg
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Self::Png
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Self::Webp
        } else if is_heif(bytes) {
            Self::Heic
        } else {
            Self::Other
        }
    }

    /// The media type to store and serve these bytes under. `Other` is the type that no browser
    /// interprets.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
            Self::Other => "application/octet-stream",
        }
    }

    /// The ending for a file name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Heic => "heic",
            Self::Other => "bin",
        }
    }
}

/// An ISO base media file whose brands (major, or one of the compatible ones) say HEIF.
fn is_heif(bytes: &[u8]) -> bool {
    const HEVC: [&[u8]; 8] = [
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs",
    ];
    if bytes.get(4..8) != Some(b"ftyp") {
        return false;
    }
    let size = bytes
        .first_chunk::<4>()
        .map_or(0, |s| u32::from_be_bytes(*s) as usize);
    // A brand list longer than this is no photo's.
    let end = size.min(bytes.len()).min(256);
    let Some(brands) = bytes.get(8..end) else {
        return false;
    };
    let mut chunks = brands.chunks_exact(4);
    let major = chunks.next().unwrap_or_default();
    // The second word is the minor version, not a brand.
    let listed = || chunks.clone().skip(1);
    HEVC.contains(&major)
        || ((major == b"mif1" || major == b"msf1") && listed().any(|b| HEVC.contains(&b)))
}

/// The name of a picture format that is recognised only so that its refusal is true: it is an
/// image, but not one that is decoded here.
pub(crate) fn other_picture(bytes: &[u8]) -> Option<&'static str> {
    let at4 = bytes.get(4..12);
    if bytes.starts_with(b"GIF8") {
        Some("GIF")
    } else if bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0, 0, 0, 0]) {
        Some("BMP")
    } else if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
        Some("TIFF or camera raw")
    } else if at4 == Some(b"ftypavif") || at4 == Some(b"ftypavis") {
        Some("AVIF")
    } else if at4 == Some(b"ftypmif1") {
        Some("HEIF without HEVC")
    } else if bytes.starts_with(&[0xFF, 0x0A]) || at4 == Some(b"JXL \r\n\x87\n") {
        Some("JPEG XL")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_the_kind() {
        assert_eq!(Format::of(b"\xFF\xD8\xFF\xE0\0\x10JFIF"), Format::Jpeg);
        assert_eq!(Format::of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Format::Png);
        assert_eq!(Format::of(b"RIFF\x10\0\0\0WEBPVP8 "), Format::Webp);
        assert_eq!(
            Format::of(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
            Format::Heic
        );
        assert_eq!(
            Format::of(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic"),
            Format::Heic
        );
        assert_eq!(
            Format::of(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"),
            Format::Other
        );
        assert_eq!(
            Format::of(b"\0\0\0\x18ftypisom\0\0\0\0isomavc1"),
            Format::Other
        );
        assert_eq!(Format::of(b"%PDF-1.7"), Format::Other);
        assert_eq!(Format::of(b""), Format::Other);
    }

    #[test]
    fn a_picture_of_another_kind_is_named() {
        assert_eq!(other_picture(b"GIF89a"), Some("GIF"));
        assert_eq!(
            other_picture(b"II*\0\x08\0\0\0"),
            Some("TIFF or camera raw")
        );
        assert_eq!(other_picture(b"hello"), None);
    }
}
