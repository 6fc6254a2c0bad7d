//! Why a file cannot be kept, or can be kept but not shown, in words for the person who took it.
//!
//! Each reason has a code that never changes (stored, sent, translated by clients) and a sentence
//! in Chinese and in English: what happened, what becomes of the data, what to do.

use thiserror::Error;

use crate::{MAX_BYTES, MAX_PIXELS};

const MIB: f64 = 1024.0 * 1024.0;

/// There is nothing to keep: the file is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unusable {
    /// The file has no bytes; some cameras leave one when storage runs out.
    #[error("the photo is empty (0 bytes)")]
    Empty,
    /// The file is larger than [`MAX_BYTES`].
    #[error("the photo has {len} bytes, the limit is {MAX_BYTES}")]
    TooLarge {
        /// The file's length in bytes.
        len: u64,
    },
}

impl Unusable {
    /// The stable name of this reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too_large",
        }
    }

    /// The sentence shown to a person, in Chinese.
    pub fn message_zh(&self) -> String {
        match self {
            Self::Empty => {
                "照片是空文件（0 字节），没有可保存的内容。请检查存储空间后重拍。".to_owned()
            }
            Self::TooLarge { len } => format!(
                "照片有 {}，超过上限 {} MB，没有存入；手机里的原文件不受影响。请用相机的普通画质重拍，或另选一张。",
                megabytes(*len),
                MAX_BYTES / (1024 * 1024)
            ),
        }
    }

    /// The sentence shown to a person, in English.
    pub fn message_en(&self) -> String {
        match self {
            Self::Empty => "The photo file is empty (0 bytes), so there is nothing to keep. \
                 Check the free storage and take it again."
                .to_owned(),
            Self::TooLarge { len } => format!(
                "The photo has {}, above the limit of {} MB, and was not taken in; the file on \
                 the phone is untouched. Take it again at normal quality, or choose another.",
                megabytes(*len),
                MAX_BYTES / (1024 * 1024)
            ),
        }
    }
}

/// The file can be kept as an attachment, byte for byte, but there is no picture to show.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoPreview {
    /// Nothing in the bytes looks like a picture.
    #[error("not an image")]
    NotAnImage,
    /// The picture ends before its last row: a copy or a save was interrupted.
    #[error("the picture's data ends early")]
    CutOff,
    /// The header claims more pixels than `limit`; decided before any of them is decoded.
    #[error("{width_px} x {height_px} pixels, the limit is {limit}")]
    TooManyPixels {
        /// Width as stored, in pixels.
        width_px: u32,
        /// Height as stored, in pixels.
        height_px: u32,
        /// The most pixels this kind of file may have: [`MAX_PIXELS`], or fewer where
        /// showing it would need every pixel in memory at once.
        limit: u64,
    },
    /// The picture is damaged, or written in a way that is not supported.
    #[error("cannot be decoded: {detail}")]
    Undecodable {
        /// What the decoder met, for logs; not for the screen.
        detail: String,
    },
    /// An HEIC photo: kept untouched, shown where the platform can make a JPEG of it.
    #[error("HEIC is not supported here")]
    HeicNotSupportedHere,
}

impl NoPreview {
    pub(crate) fn undecodable(detail: impl ToString) -> Self {
        Self::Undecodable {
            detail: detail.to_string(),
        }
    }

    /// Refuses a picture that claims more than `limit` pixels.
    pub(crate) fn check_pixels(width_px: u32, height_px: u32, limit: u64) -> Result<(), Self> {
        let limit = limit.min(MAX_PIXELS);
        if u64::from(width_px) * u64::from(height_px) > limit {
            return Err(Self::TooManyPixels {
                width_px,
                height_px,
                limit,
            });
        }
        Ok(())
    }

    /// The stable name of this reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnImage => "not_an_image",
            Self::CutOff => "cut_off",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::Undecodable { .. } => "undecodable",
            Self::HeicNotSupportedHere => "heic_not_supported_here",
        }
    }

    /// The sentence shown to a person, in Chinese.
    pub fn message_zh(&self) -> String {
        match self {
            Self::NotAnImage => {
                "这个文件不是照片，不能预览；可以按附件原样保留。需要照片请重拍或另选。".to_owned()
            }
            Self::CutOff => "照片文件不完整，后半部分缺失，不能预览；可以按附件原样保留。\
                 请重拍，或从原处再复制一次。"
                .to_owned(),
            Self::TooManyPixels {
                width_px,
                height_px,
                limit,
            } => format!(
                "照片为 {width_px}×{height_px} 像素，超过可预览的 {} 万像素；可以按附件原样保留。\
                 需要预览请降低相机分辨率后重拍。",
                limit / 10_000
            ),
            Self::Undecodable { .. } => {
                "照片已损坏或格式不支持，不能预览；可以按附件原样保留。请重拍，或另存为 JPEG 再导入。"
                    .to_owned()
            }
            Self::HeicNotSupportedHere => {
                "这是 HEIC 照片，本机不能预览；原文件可以原样保留。\
                 需要预览请把相机格式设为「兼容性最佳」（JPEG）后重拍。"
                    .to_owned()
            }
        }
    }

    /// The sentence shown to a person, in English.
    pub fn message_en(&self) -> String {
        match self {
            Self::NotAnImage => "This file is not a photo and cannot be shown; it can be kept \
                 unchanged as an attachment. Take a photo or choose another file."
                .to_owned(),
            Self::CutOff => "The photo file is incomplete, its last part is missing, so it \
                 cannot be shown; it can be kept unchanged as an attachment. Take it again, or \
                 copy it once more from where it came."
                .to_owned(),
            Self::TooManyPixels {
                width_px,
                height_px,
                limit,
            } => format!(
                "The photo has {width_px} × {height_px} pixels, more than the {} megapixels that \
                 can be shown; it can be kept unchanged as an attachment. For a preview, lower \
                 the camera's resolution and take it again.",
                limit / 1_000_000
            ),
            Self::Undecodable { .. } => "The photo is damaged or of an unsupported kind and \
                 cannot be shown; it can be kept unchanged as an attachment. Take it again, or \
                 save it as JPEG and import that."
                .to_owned(),
            Self::HeicNotSupportedHere => "This is an HEIC photo, which cannot be shown here; \
                 the file can be kept unchanged. For a preview, set the camera to its most \
                 compatible format (JPEG) and take it again."
                .to_owned(),
        }
    }
}

/// Megabytes with one decimal, rounded up so that a file just over the limit never reads as
/// being at it.
fn megabytes(len: u64) -> String {
    format!("{:.1} MB", (len as f64 / MIB * 10.0).ceil() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_code_and_says_what_to_do() {
        let unusable = [Unusable::Empty, Unusable::TooLarge { len: 67_108_865 }];
        let no_preview = [
            NoPreview::NotAnImage,
            NoPreview::CutOff,
            NoPreview::TooManyPixels {
                width_px: 30_000,
                height_px: 30_000,
                limit: MAX_PIXELS,
            },
            NoPreview::undecodable("bad code"),
            NoPreview::HeicNotSupportedHere,
        ];
        let rows: Vec<_> = unusable
            .iter()
            .map(|u| (u.code(), u.message_zh(), u.message_en()))
            .chain(
                no_preview
                    .iter()
                    .map(|n| (n.code(), n.message_zh(), n.message_en())),
            )
            .collect();
        insta::assert_json_snapshot!(rows);
    }
}
