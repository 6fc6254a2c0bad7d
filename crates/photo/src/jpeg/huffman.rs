//! Huffman codes (T.81 annex C), looked up ten bits at a time.
//!
//! Nearly every AC code is short enough that its value fits into the same ten bits; such pairs are
//! one look-up. Longer codes are searched by length.

use crate::NoPreview;

use super::bits::{Bits, extend};
use super::idct::NATURAL;

const LOOK: u32 = 10;

/// A coded block that no encoder can have written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damaged;

/// Codes and the symbols they stand for.
struct Codes {
    /// By the next ten bits: symbol << 8 | length, 0 for longer codes.
    short: Vec<u16>,
    /// By length: one above the largest code, aligned to 16 bits.
    above: [u32; 17],
    /// By length: what to add to a code to get its symbol's index.
    offset: [i32; 17],
    symbols: Vec<u8>,
}

impl Codes {
    fn new(counts: &[u8; 16], symbols: &[u8]) -> Result<Self, NoPreview> {
        let bad = || NoPreview::undecodable("a Huffman table that is none");
        if symbols.len() > 256 {
            return Err(bad());
        }
        let mut codes = Self {
            short: vec![0; 1 << LOOK],
            above: [0; 17],
            offset: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut index) = (0_u32, 0_usize);
        for length in 1..=16_u32 {
            let count = u32::from(counts[length as usize - 1]);
            codes.offset[length as usize] = index as i32 - code as i32;
            if code + count > 1 << length {
                return Err(bad());
            }
            for _ in 0..count {
                let symbol = *symbols.get(index).ok_or_else(bad)?;
                if length <= LOOK {
                    let first = (code << (LOOK - length)) as usize;
                    codes.short[first..first + (1 << (LOOK - length))]
                        .fill(u16::from(symbol) << 8 | length as u16);
                }
                code += 1;
                index += 1;
            }
            codes.above[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Ok(codes)
    }

    /// Takes a code and gives its symbol. [`Bits::fill`] has been called.
    #[inline(always)]
    fn symbol(&self, bits: &mut Bits<'_>) -> Result<u8, Damaged> {
        let entry = self.short[bits.peek(LOOK)];
        if entry != 0 {
            bits.skip(u32::from(entry & 0xFF));
            return Ok((entry >> 8) as u8);
        }
        self.long_symbol(bits)
    }

    #[cold]
    #[inline(never)]
    fn long_symbol(&self, bits: &mut Bits<'_>) -> Result<u8, Damaged> {
        let next = bits.peek(16);
        let length = (LOOK as usize + 1..=16)
            .find(|&length| (next as u32) < self.above[length])
            .ok_or(Damaged)?;
        bits.skip(length as u32);
        let index = (next >> (16 - length)) as i32 + self.offset[length];
        let index = usize::try_from(index).map_err(|_| Damaged)?;
        self.symbols.get(index).copied().ok_or(Damaged)
    }
}

/// Codes of DC differences.
pub(super) struct DcTable(Codes);

impl DcTable {
    /// Builds the table from the sixteen counts and the symbols of its segment.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Result<Self, NoPreview> {
        Codes::new(counts, symbols).map(Self)
    }

    /// Takes one DC difference.
    #[inline(always)]
    pub(super) fn difference(&self, bits: &mut Bits<'_>) -> Result<i32, Damaged> {
        bits.fill();
        match self.0.symbol(bits)? {
            size @ 0..=11 => Ok(bits.value(u32::from(size))),
            _ => Err(Damaged),
        }
    }
}

/// Codes of AC coefficients.
pub(super) struct AcTable {
    codes: Codes,
    /// By the next ten bits: value << 16 | run << 8 | bits taken in all; 0 where code and value
    /// need more. Value 0 is end of block, or sixteen zeros where the run is 15.
    whole: Vec<u32>,
}

impl AcTable {
    /// Builds the table from the sixteen counts and the symbols of its segment.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Result<Self, NoPreview> {
        let codes = Codes::new(counts, symbols)?;
        let whole = (0..1_u32 << LOOK)
            .map(|next| {
                let entry = u32::from(codes.short[next as usize]);
                let (symbol, length) = (entry >> 8, entry & 0xFF);
                let (run, size) = (symbol >> 4, symbol & 15);
                let total = length + size;
                if length == 0 || total > LOOK {
                    return 0;
                }
                let value = if size == 0 {
                    0
                } else {
                    let raw = next >> (LOOK - total) & ((1 << size) - 1);
                    extend(raw as i32, size)
                };
                (value as u32) << 16 | run << 8 | total
            })
            .collect();
        Ok(Self { codes, whole })
    }

    /// Reads the 63 AC coefficients of a block into `block`, natural order, and gives the zigzag
    /// index behind the last one that is not zero.
    #[inline(always)]
    pub(super) fn coefficients(
        &self,
        bits: &mut Bits<'_>,
        block: &mut [i16; 64],
    ) -> Result<usize, Damaged> {
        let mut next = 1;
        let mut end = 1;
        while next < 64 {
            bits.fill();
            let entry = self.whole[bits.peek(LOOK)];
            let (run, value);
            if entry != 0 {
                bits.skip(entry & 0xFF);
                run = (entry >> 8 & 0xFF) as usize;
                value = (entry >> 16) as i16;
            } else {
                let symbol = self.codes.symbol(bits)?;
                run = usize::from(symbol >> 4);
                value = bits.value(u32::from(symbol & 15)) as i16;
            }
            if value == 0 {
                if run < 15 {
                    break;
                }
                next += 16;
                continue;
            }
            next += run;
            // A run may lead past the block's end in damaged data: the table of places is longer
            // than a block, and the check below tells.
            block[usize::from(NATURAL[next])] = value;
            next += 1;
            end = next;
        }
        if end > 64 {
            return Err(Damaged);
        }
        Ok(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lengths 2, 2, 3, 11: the codes 00, 01, 100, 101 0000 0000.
    fn counts() -> [u8; 16] {
        let mut counts = [0; 16];
        (counts[1], counts[2], counts[10]) = (2, 1, 1);
        counts
    }

    #[test]
    fn short_and_long_codes_are_read() {
        let table = DcTable::new(&counts(), &[0, 1, 2, 3]).unwrap();
        // 00 | 01 1 | 100 10 | 10100000000 000 | padding
        let data = [0b0001_1100, 0b1010_1000, 0b0000_0000, 0b1111_1111, 0];
        let mut bits = Bits::new(&data, 0);
        let read: Vec<_> = (0..4).map(|_| table.difference(&mut bits)).collect();
        assert_eq!(read, [Ok(0), Ok(1), Ok(2), Ok(-7)]);
    }

    #[test]
    fn a_table_with_more_codes_than_fit_is_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(DcTable::new(&counts, &[0, 1, 2]).is_err());
    }

    #[test]
    fn a_code_that_does_not_exist_is_damage() {
        let table = DcTable::new(&counts(), &[0, 1, 2, 3]).unwrap();
        let mut bits = Bits::new(&[0b1110_0000; 8], 0);
        assert_eq!(table.difference(&mut bits), Err(Damaged));
    }

    #[test]
    fn a_run_past_the_end_of_the_block_is_damage() {
        let mut counts = [0; 16];
        counts[0] = 1;
        // Every code: 14 zeros, then a value of one bit.
        let table = AcTable::new(&counts, &[0xE1]).unwrap();
        let mut block = [0; 64];
        assert_eq!(
            table.coefficients(&mut Bits::new(&[0; 64], 0), &mut block),
            Err(Damaged)
        );
    }
}
