//! Pictures hung on the sheet: floating, anchored to their cell, moving and sizing with it.
//!
//! In-cell pictures show only in the newest Excel, and offices use WPS; a floating picture with a
//! two-cell anchor shows everywhere and follows its row when the list is sorted or filtered.
//! Pictures of one cell stand in lines of equal slots; each keeps its proportions.

use rust_xlsxwriter::{Image, ObjectMovement, Worksheet, XlsxError};

use crate::Picture;
use crate::text::clean;

/// Width of one picture's slot with its gap, in sheet pixels (96 to the inch).
pub(crate) const SLOT_W: u32 = 168;
/// Height of one line of slots.
const SLOT_H: u32 = 126;
/// Room around a picture inside its slot and between the slots and the cell's border.
const GAP: u32 = 4;
/// Tallest block of pictures: Excel's tallest row, 545 pixels, less some lines of captions.
const BLOCK_MAX: u32 = 400;
/// Below this height a picture shows nothing; what would be smaller is said in words.
const SLOT_MIN: u32 = 20;

/// What became of the pictures of one cell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Hung {
    /// How many hang.
    pub(crate) placed: u32,
    /// How many do not; the captions say why.
    pub(crate) unplaced: u32,
    /// How many stand side by side.
    pub(crate) across: u32,
    /// Height the block needs, in sheet pixels; 0 without pictures.
    pub(crate) block_px: u32,
    /// What stands under the block.
    pub(crate) captions: String,
}

/// Hangs `pictures` into one cell, at most `cap` side by side.
///
/// # Errors
/// Only for a cell outside the sheet. A picture that cannot be read is counted, not an error.
pub(crate) fn hang(
    sheet: &mut Worksheet,
    (row, col): (u32, u16),
    pictures: &[Picture],
    cap: u32,
) -> Result<Hung, XlsxError> {
    let mut images = Vec::new();
    let mut captions = Vec::new();
    let mut unplaced = Vec::new();
    for picture in pictures {
        let caption = clean(&picture.caption).replace('\n', " ");
        match read(picture) {
            Ok(image) => {
                images.push(image.set_alt_text(alt_text(&caption)));
                captions.push(caption);
            }
            Err(reason) if caption.is_empty() => unplaced.push(reason),
            Err(reason) => unplaced.push(format!("{caption}：{reason}")),
        }
    }
    let room = (cap.max(1) * (BLOCK_MAX / SLOT_MIN)) as usize;
    if images.len() > room {
        unplaced.push(format!(
            "另有{}张放不下，请到系统中查看",
            images.len() - room
        ));
    }
    let count = images.len().min(room) as u32;
    let across = count.min(cap.max(1));
    let slot_h = slot_height(count, across);
    for (n, image) in (0..count).zip(images) {
        let (width, height) = fitted(&image, SLOT_W - 2 * GAP, slot_h - 2 * GAP);
        let x = GAP + (n % across) * SLOT_W + (SLOT_W - GAP * 2 - width) / 2;
        let y = GAP + (n / across) * slot_h + (slot_h - GAP * 2 - height) / 2;
        let image = image
            .set_scale_to_size(width, height, false)
            .set_object_movement(ObjectMovement::MoveAndSizeWithCells);
        sheet.insert_image_with_offset(row, col, &image, x, y)?;
    }
    let mut words: Vec<String> = Vec::new();
    if captions.iter().take(count as usize).any(|c| !c.is_empty()) {
        words.push(numbered(&captions[..count as usize]));
    }
    let missing = pictures.len() as u32 - count;
    words.extend(unplaced);
    Ok(Hung {
        placed: count,
        unplaced: missing,
        across,
        block_px: if count == 0 {
            0
        } else {
            count.div_ceil(across) * slot_h + GAP
        },
        captions: words.join("\n"),
    })
}

/// The picture as the sheet can take it, or why there is none.
fn read(picture: &Picture) -> Result<Image, String> {
    if let Some(reason) = &picture.missing {
        return Err(clean(reason).replace('\n', " "));
    }
    if !picture.jpeg.starts_with(&[0xff, 0xd8, 0xff]) {
        return Err("图片无法读取".to_owned());
    }
    let image = Image::new_from_buffer(&picture.jpeg).map_err(|_| "图片无法读取".to_owned())?;
    let recorded = [
        (picture.width_px, image.width()),
        (picture.height_px, image.height()),
    ];
    if recorded
        .iter()
        .any(|(said, is)| *said != 0 && f64::from(*said) != *is)
    {
        return Err("图片与记录不符，未放入".to_owned());
    }
    Ok(image)
}

/// Slots shrink when many lines would not fit one row of the sheet.
fn slot_height(count: u32, across: u32) -> u32 {
    let lines = count.div_ceil(across.max(1)).max(1);
    SLOT_H.min(BLOCK_MAX / lines).max(SLOT_MIN)
}

/// Largest size in whole pixels inside `room` with the picture's proportions; at least one pixel.
fn fitted(image: &Image, room_w: u32, room_h: u32) -> (u32, u32) {
    let scale = (f64::from(room_w) / image.width()).min(f64::from(room_h) / image.height());
    let size = |full: f64, room: u32| ((full * scale).round() as u32).clamp(1, room);
    (size(image.width(), room_w), size(image.height(), room_h))
}

/// Captions in the order of the pictures: left to right, then the next line.
fn numbered(captions: &[String]) -> String {
    if let [only] = captions {
        return only.clone();
    }
    let mark = |n: u32| match char::from_u32(0x2460 + n) {
        Some(circled) if n < 20 => circled.to_string(),
        _ => format!("({})", n + 1),
    };
    (0..)
        .zip(captions)
        .map(|(n, c)| format!("{}{c}", mark(n)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Excel refuses an alternative text over 255 UTF-16 units; the whole caption is in the cell.
fn alt_text(caption: &str) -> String {
    caption.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(width: u16, height: u16) -> Picture {
        let mut bytes = Vec::new();
        let pixels = vec![120; usize::from(width) * usize::from(height) * 3];
        jpeg_encoder::Encoder::new(&mut bytes, 70)
            .encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        Picture {
            jpeg: bytes,
            width_px: width.into(),
            height_px: height.into(),
            caption: "近景".into(),
            missing: None,
        }
    }

    fn hung(pictures: &[Picture]) -> Hung {
        hang(&mut Worksheet::new(), (3, 2), pictures, 3).unwrap()
    }

    #[test]
    fn pictures_stand_side_by_side_and_then_on_the_next_line() {
        let four = hung(&[jpeg(40, 30), jpeg(30, 40), jpeg(40, 30), jpeg(40, 30)]);
        assert_eq!((four.placed, four.unplaced, four.across), (4, 0, 3));
        assert_eq!(four.block_px, 2 * SLOT_H + GAP);
        assert_eq!(four.captions, "①近景 ②近景 ③近景 ④近景");
    }

    #[test]
    fn proportions_are_kept_to_the_pixel() {
        let image = Image::new_from_buffer(&jpeg(400, 300).jpeg).unwrap();
        assert_eq!(fitted(&image, 116, 88), (116, 87));
        let sliver = Image::new_from_buffer(&jpeg(2000, 2).jpeg).unwrap();
        assert_eq!(fitted(&sliver, 116, 88), (116, 1));
    }

    #[test]
    fn a_picture_that_is_not_there_is_said_and_counted() {
        let on_phone = Picture {
            missing: Some("原图在手机上".into()),
            jpeg: Vec::new(),
            ..jpeg(4, 3)
        };
        let got = hung(&[on_phone]);
        assert_eq!((got.placed, got.unplaced, got.block_px), (0, 1, 0));
        assert_eq!(got.captions, "近景：原图在手机上");
    }

    #[test]
    fn no_prefix_of_a_picture_and_no_other_bytes_break_the_sheet() {
        let whole = jpeg(16, 16);
        for end in 0..whole.jpeg.len().min(700) {
            hung(&[Picture {
                jpeg: whole.jpeg[..end].to_vec(),
                ..whole.clone()
            }]);
        }
        let png = Picture {
            jpeg: b"\x89PNG\r\n\x1a\n".repeat(9),
            ..whole
        };
        assert_eq!(hung(&[png]).captions, "近景：图片无法读取");
    }

    #[test]
    fn a_picture_of_another_size_than_recorded_is_not_shown() {
        let got = hung(&[Picture {
            width_px: 41,
            ..jpeg(40, 30)
        }]);
        assert_eq!(got.captions, "近景：图片与记录不符，未放入");
        assert_eq!(
            hung(&[Picture {
                width_px: 0,
                ..jpeg(40, 30)
            }])
            .placed,
            1
        );
    }

    #[test]
    fn more_pictures_than_a_row_can_hold_are_counted_aloud() {
        let got = hung(&vec![jpeg(4, 3); 70]);
        assert_eq!((got.placed, got.unplaced), (60, 10));
        assert!(
            got.captions.ends_with("另有10张放不下，请到系统中查看"),
            "{}",
            got.captions
        );
        assert!(got.block_px <= BLOCK_MAX + GAP);
    }
}
