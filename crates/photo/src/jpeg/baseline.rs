//! A camera's JPEG, block by block, straight into planes of the size that is needed.

use crate::NoPreview;
use crate::planes::{Plane, Planes};

use super::bits::Bits;
use super::block_side;
use super::header::{Scan, Tables, expect_end};
use super::huffman::Damaged;
use super::idct;

/// Decodes the scan. Every block must be there, and an end marker behind the last.
pub(super) fn decode(bytes: &[u8], scan: &Scan) -> Result<Planes, NoPreview> {
    let (width, height) = (scan.frame.width, scan.frame.height);
    let (planes, end) = match block_side(width, height) {
        1 => decode_at::<1>(bytes, scan)?,
        2 => decode_at::<2>(bytes, scan)?,
        4 => decode_at::<4>(bytes, scan)?,
        _ => decode_at::<8>(bytes, scan)?,
    };
    expect_end(bytes, end)?;
    let mut planes = planes.into_iter();
    let y = planes.next().unwrap_or_else(|| Plane::uniform(128));
    let mut chroma = || planes.next().unwrap_or_else(|| Plane::uniform(128));
    Ok(Planes {
        full_width: width,
        full_height: height,
        cb: chroma(),
        cr: chroma(),
        y,
    })
}

/// One component while it is decoded, each block to `N` × `N` samples.
struct Target<'a> {
    tables: &'a Tables,
    factors: [f32; 64],
    h: usize,
    v: usize,
    /// The DC value that the next one is a difference to.
    previous: i32,
    plane: Plane,
}

fn decode_at<const N: usize>(bytes: &[u8], scan: &Scan) -> Result<(Vec<Plane>, usize), NoPreview> {
    let frame = &scan.frame;
    let widest = frame.components.iter().map(|c| c.h).max().unwrap_or(1);
    let tallest = frame.components.iter().map(|c| c.v).max().unwrap_or(1);
    let across = (frame.width as usize).div_ceil(8 * widest);
    let down = (frame.height as usize).div_ceil(8 * tallest);
    let mut targets: Vec<Target<'_>> = frame
        .components
        .iter()
        .zip(&scan.tables)
        .map(|(component, tables)| {
            let stride = across * component.h * N;
            let side = |full: u32, own: usize, most: usize| {
                f64::from(full) * (own * N) as f64 / (most * 8) as f64
            };
            Target {
                tables,
                factors: idct::factors(&tables.quantizer),
                h: component.h,
                v: component.v,
                previous: 0,
                plane: Plane {
                    samples: vec![0; stride * down * component.v * N],
                    stride,
                    width: side(frame.width, component.h, widest),
                    height: side(frame.height, component.v, tallest),
                },
            }
        })
        .collect();

    let mut bits = Bits::new(bytes, scan.start);
    let mut until_restart = scan.restart_interval;
    for row in 0..down {
        for column in 0..across {
            if scan.restart_interval > 0 {
                if until_restart == 0 {
                    restart(bytes, &mut bits)?;
                    targets.iter_mut().for_each(|target| target.previous = 0);
                    until_restart = scan.restart_interval;
                }
                until_restart -= 1;
            }
            for target in &mut targets {
                target
                    .unit::<N>(&mut bits, column, row)
                    .map_err(|Damaged| broken(bytes, &bits))?;
            }
            if bits.ran_out() {
                return Err(broken(bytes, &bits));
            }
        }
    }
    let planes = targets.into_iter().map(|target| target.plane).collect();
    Ok((planes, bits.position()))
}

fn restart(bytes: &[u8], bits: &mut Bits<'_>) -> Result<(), NoPreview> {
    let at = bits.position();
    if bits.restart() {
        return Ok(());
    }
    Err(match bytes.get(at..) {
        Some([0xFF, 0xD9, ..] | [] | [_]) | None => NoPreview::CutOff,
        _ => NoPreview::undecodable("no restart marker where one is due"),
    })
}

/// What to call data that stopped making sense: cut off where it ends, damaged elsewhere.
fn broken(bytes: &[u8], bits: &Bits<'_>) -> NoPreview {
    if !bits.ran_out() {
        return NoPreview::undecodable("damaged picture data");
    }
    match bytes.get(bits.position() + 1) {
        // Some other marker stands in the middle of the picture.
        Some(marker) if *marker != 0xD9 => {
            NoPreview::undecodable("a marker inside the picture data")
        }
        _ => NoPreview::CutOff,
    }
}

impl Target<'_> {
    /// Decodes this component's blocks of one MCU.
    #[inline(always)]
    fn unit<const N: usize>(
        &mut self,
        bits: &mut Bits<'_>,
        column: usize,
        row: usize,
    ) -> Result<(), Damaged> {
        let stride = self.plane.stride;
        for v in 0..self.v {
            for h in 0..self.h {
                let mut block = [0_i16; 64];
                let difference = self.tables.dc.difference(bits)?;
                self.previous = self.previous.wrapping_add(difference);
                block[0] = self.previous as i16;
                let end = self.tables.ac.coefficients(bits, &mut block)?;
                let at = (row * self.v + v) * N * stride + (column * self.h + h) * N;
                let out = &mut self.plane.samples[at..];
                if end == 1 {
                    idct::flat::<N>(block[0], &self.factors, out, stride);
                } else {
                    idct::block::<N>(&block, &self.factors, out, stride);
                }
            }
        }
        Ok(())
    }
}
