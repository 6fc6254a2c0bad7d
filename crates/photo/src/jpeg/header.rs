//! The segments of a JPEG file up to its picture data, and the walk to its end.
//!
//! Markers and their layouts: ITU-T T.81, annex B. Every length comes from outside and is checked
//! against the bytes that are there.

use std::sync::Arc;

use crate::NoPreview;

use super::huffman::{AcTable, DcTable};
use super::idct::NATURAL;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const DQT: u8 = 0xDB;
const DHT: u8 = 0xC4;
const DRI: u8 = 0xDD;
const APP1: u8 = 0xE1;
const APP14: u8 = 0xEE;
const EXIF: &[u8] = b"Exif\0\0";

/// What a header promises, and so which decoder takes it.
pub(super) enum Head {
    /// A camera's picture: read by [`super::baseline`].
    Common(Scan),
    /// Any other: read by [`super::uncommon`].
    Uncommon(Frame),
}

/// The frame header (T.81 B.2.2).
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The frame's marker: 0xC0 baseline, 0xC1 extended, 0xC2 progressive and so on.
    pub(super) kind: u8,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) components: Vec<Component>,
}

/// One component of a frame.
#[derive(Debug, Clone)]
pub(super) struct Component {
    id: u8,
    /// Blocks side by side in one MCU.
    pub(super) h: usize,
    /// Blocks above one another in one MCU.
    pub(super) v: usize,
    quantizer: usize,
}

/// Everything needed to decode the one scan of a common JPEG.
pub(super) struct Scan {
    pub(super) frame: Frame,
    /// Per component of the frame, in its order.
    pub(super) tables: Vec<Tables>,
    /// MCUs between restart markers; 0 for none.
    pub(super) restart_interval: usize,
    /// Offset of the first entropy-coded byte.
    pub(super) start: usize,
}

/// A component's tables.
pub(super) struct Tables {
    pub(super) dc: Arc<DcTable>,
    pub(super) ac: Arc<AcTable>,
    /// Quantization steps in natural order.
    pub(super) quantizer: [u16; 64],
}

/// One marker segment: its marker, its payload, and the offset behind it.
struct Segment<'a> {
    marker: u8,
    body: &'a [u8],
    end: usize,
}

/// Reads the segment that starts at or after `at`. Bytes that are no marker are an error, except
/// the fill bytes that may precede one.
fn segment(bytes: &[u8], mut at: usize) -> Result<Segment<'_>, NoPreview> {
    let byte = |at: usize| bytes.get(at).copied().ok_or(NoPreview::CutOff);
    if byte(at)? != 0xFF {
        return Err(NoPreview::undecodable("no marker where one must be"));
    }
    while byte(at)? == 0xFF {
        at += 1;
    }
    let marker = byte(at)?;
    let start = at + 1;
    if matches!(marker, SOI | EOI | 0x01 | 0xD0..=0xD7) {
        return Ok(Segment {
            marker,
            body: &[],
            end: start,
        });
    }
    let length = usize::from(u16::from_be_bytes([byte(start)?, byte(start + 1)?]));
    if length < 2 {
        return Err(NoPreview::undecodable(
            "a segment shorter than its length field",
        ));
    }
    let end = start + length;
    let body = bytes.get(start + 2..end).ok_or(NoPreview::CutOff)?;
    Ok(Segment { marker, body, end })
}

/// The TIFF block of the file's EXIF segment, also of a file that is cut off behind it.
pub(crate) fn exif_block(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 2;
    loop {
        let segment = segment(bytes, at).ok()?;
        match segment.marker {
            APP1 if segment.body.starts_with(EXIF) => return segment.body.get(EXIF.len()..),
            SOS | EOI => return None,
            _ => at = segment.end,
        }
    }
}

/// Makes sure that an end marker follows `at`, which lies in or behind entropy-coded data.
pub(super) fn expect_end(bytes: &[u8], mut at: usize) -> Result<(), NoPreview> {
    loop {
        // To the next marker that is not a restart.
        let rest = bytes.get(at..).ok_or(NoPreview::CutOff)?;
        let step = rest
            .windows(2)
            .position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | 0xFF))
            .ok_or(NoPreview::CutOff)?;
        let segment = segment(bytes, at + step)?;
        if segment.marker == EOI {
            return Ok(());
        }
        at = segment.end;
    }
}

/// The tables a file has defined so far.
#[derive(Default)]
struct Defined {
    quantizers: [Option<[u16; 64]>; 4],
    dc: [Option<Arc<DcTable>>; 4],
    ac: [Option<Arc<AcTable>>; 4],
    restart_interval: usize,
    /// Colour transform of an Adobe segment: 0 none, 1 YCbCr, 2 YCCK.
    adobe: Option<u8>,
}

/// Reads the header up to the first scan and decides who decodes it.
pub(super) fn read(bytes: &[u8]) -> Result<Head, NoPreview> {
    let mut defined = Defined::default();
    let mut frame = None;
    let mut at = 2;
    loop {
        let Segment { marker, body, end } = segment(bytes, at)?;
        match marker {
            DQT => defined.quantizers(body)?,
            DHT => defined.huffman(body)?,
            DRI => defined.restart_interval = usize::from(word(body, 0)?),
            APP14 if body.starts_with(b"Adobe") => defined.adobe = body.get(11).copied(),
            SOS => {
                let frame =
                    frame.ok_or_else(|| NoPreview::undecodable("a scan before its frame"))?;
                return choose(frame, &defined, body, end);
            }
            EOI => return Err(NoPreview::undecodable("no picture before the end marker")),
            0xC0..=0xCF if marker != 0xC8 && marker != 0xCC => {
                if frame.is_some() {
                    return Err(NoPreview::undecodable("a second frame header"));
                }
                frame = Some(read_frame(marker, body)?);
            }
            _ => {}
        }
        at = end;
    }
}

fn read_frame(kind: u8, body: &[u8]) -> Result<Frame, NoPreview> {
    let (height, width) = (u32::from(word(body, 1)?), u32::from(word(body, 3)?));
    if width == 0 || height == 0 {
        return Err(NoPreview::undecodable("a picture without rows or columns"));
    }
    NoPreview::check_pixels(width, height, crate::MAX_PIXELS)?;
    if byte(body, 0)? != 8 {
        return Err(NoPreview::undecodable("more than 8 bits to a sample"));
    }
    let count = usize::from(byte(body, 5)?);
    let mut components = Vec::with_capacity(count);
    for index in 0..count {
        let sampling = byte(body, 7 + 3 * index)?;
        let component = Component {
            id: byte(body, 6 + 3 * index)?,
            h: usize::from(sampling >> 4),
            v: usize::from(sampling & 15),
            quantizer: usize::from(byte(body, 8 + 3 * index)?),
        };
        if !(1..=4).contains(&component.h)
            || !(1..=4).contains(&component.v)
            || component.quantizer > 3
        {
            return Err(NoPreview::undecodable("a frame header out of range"));
        }
        components.push(component);
    }
    Ok(Frame {
        kind,
        width,
        height,
        components,
    })
}

/// Common or not, from the frame, the tables and the first scan header (T.81 B.2.3).
fn choose(
    mut frame: Frame,
    defined: &Defined,
    scan: &[u8],
    start: usize,
) -> Result<Head, NoPreview> {
    let ids: Vec<u8> = frame.components.iter().map(|c| c.id).collect();
    let ycc = match ids.len() {
        1 => true,
        3 => defined.adobe != Some(0) && ids != *b"RGB",
        _ => false,
    };
    let blocks: usize = frame.components.iter().map(|c| c.h * c.v).sum();
    let whole = usize::from(byte(scan, 0)?) == ids.len();
    if !matches!(frame.kind, 0xC0 | 0xC1) || !ycc || !whole || (ids.len() > 1 && blocks > 10) {
        return Ok(Head::Uncommon(frame));
    }
    let mut tables = Vec::with_capacity(ids.len());
    for (index, component) in frame.components.iter().enumerate() {
        if byte(scan, 1 + 2 * index)? != component.id {
            return Err(NoPreview::undecodable("scan components out of order"));
        }
        let selectors = byte(scan, 2 + 2 * index)?;
        let missing = || NoPreview::undecodable("a table that was never defined");
        let pick = |n: u8| usize::from(n & 3);
        tables.push(Tables {
            dc: defined.dc[pick(selectors >> 4)]
                .clone()
                .ok_or_else(missing)?,
            ac: defined.ac[pick(selectors)].clone().ok_or_else(missing)?,
            quantizer: defined.quantizers[component.quantizer].ok_or_else(missing)?,
        });
    }
    if let [grey] = frame.components.as_mut_slice() {
        // The blocks of a lone component follow one another, whatever its factors (T.81 A.2.2).
        (grey.h, grey.v) = (1, 1);
    }
    Ok(Head::Common(Scan {
        frame,
        tables,
        restart_interval: defined.restart_interval,
        start,
    }))
}

impl Defined {
    /// Quantization tables (T.81 B.2.4.1).
    fn quantizers(&mut self, mut body: &[u8]) -> Result<(), NoPreview> {
        while let Some((&head, rest)) = body.split_first() {
            let wide = head >> 4 != 0;
            let mut table = [0; 64];
            for (index, &natural) in NATURAL.iter().take(64).enumerate() {
                table[usize::from(natural)] = if wide {
                    word(rest, 2 * index)?
                } else {
                    u16::from(byte(rest, index)?)
                };
            }
            self.quantizers[usize::from(head & 3)] = Some(table);
            body = rest.get(if wide { 128 } else { 64 }..).unwrap_or_default();
        }
        Ok(())
    }

    /// Huffman tables (T.81 B.2.4.2).
    fn huffman(&mut self, mut body: &[u8]) -> Result<(), NoPreview> {
        while let Some((&head, rest)) = body.split_first() {
            let short = || NoPreview::undecodable("a Huffman table that ends early");
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or_else(short)?;
            let total = counts.iter().map(|&n| usize::from(n)).sum();
            let symbols = rest.get(..total).ok_or_else(short)?;
            let slot = usize::from(head & 3);
            if head >> 4 == 0 {
                self.dc[slot] = Some(Arc::new(DcTable::new(counts, symbols)?));
            } else {
                self.ac[slot] = Some(Arc::new(AcTable::new(counts, symbols)?));
            }
            body = &rest[total..];
        }
        Ok(())
    }
}

fn byte(body: &[u8], at: usize) -> Result<u8, NoPreview> {
    body.get(at)
        .copied()
        .ok_or_else(|| NoPreview::undecodable("a segment that ends early"))
}

fn word(body: &[u8], at: usize) -> Result<u16, NoPreview> {
    Ok(u16::from_be_bytes([byte(body, at)?, byte(body, at + 1)?]))
}
