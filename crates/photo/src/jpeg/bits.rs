//! Bits out of entropy-coded data (T.81 F.2.2.5).
//!
//! A zero byte after 0xFF is stuffing; anything else after it is a marker and ends the data.
//! Behind the end, zeros are handed out and counted, so that the hot loop needs no check: whoever
//! reads asks [`Bits::ran_out`] once in a while.

/// A reader of bits, most significant first.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bits not yet taken, the next one topmost; zeros below the last.
    ahead: u64,
    /// How many bits of `ahead` count.
    count: u32,
    /// How many of those handed out so far or still ahead lie behind the end.
    invented: u32,
}

impl<'a> Bits<'a> {
    /// Starts at offset `at`.
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            ahead: 0,
            count: 0,
            invented: 0,
        }
    }

    /// Offset of the next byte not yet loaded: of the marker, once the data has ended.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Whether more bits have been taken than there are.
    pub(super) fn ran_out(&self) -> bool {
        self.invented > self.count
    }

    /// Makes at least 32 bits available: enough for any code with its value.
    #[inline(always)]
    pub(super) fn fill(&mut self) {
        if self.count < 32 {
            let four = self.bytes.get(self.at..self.at + 4);
            match four.and_then(|four| four.first_chunk::<4>()) {
                Some(four) if !holds_ff(u32::from_be_bytes(*four)) => {
                    let word = u32::from_be_bytes(*four);
                    self.ahead |= u64::from(word) << (32 - self.count);
                    self.count += 32;
                    self.at += 4;
                }
                _ => self.fill_slowly(),
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn fill_slowly(&mut self) {
        while self.count <= 56 {
            let mut step = 1;
            let byte = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xFF), Some(0x00)) => {
                    step = 2;
                    0xFF
                }
                // Fill bytes may stand before a marker.
                (Some(0xFF), Some(0xFF)) => {
                    self.at += 1;
                    continue;
                }
                (Some(&byte), _) if byte != 0xFF => byte,
                _ => {
                    step = 0;
                    self.invented += 8;
                    0
                }
            };
            self.at += step;
            self.ahead |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next `n` bits (1 to 16), not taken.
    #[inline(always)]
    pub(super) fn peek(&self, n: u32) -> usize {
        (self.ahead >> (64 - n)) as usize
    }

    /// Takes `n` bits, at most as many as [`fill`](Self::fill) made available.
    #[inline(always)]
    pub(super) fn skip(&mut self, n: u32) {
        self.ahead <<= n;
        self.count -= n;
    }

    /// Takes a coefficient of `size` bits, 0 to 15 (T.81 F.2.2.1, EXTEND).
    #[inline(always)]
    pub(super) fn value(&mut self, size: u32) -> i32 {
        if size == 0 {
            return 0;
        }
        let raw = self.peek(size) as i32;
        self.skip(size);
        extend(raw, size)
    }

    /// Steps over the restart marker that must come next; false when another byte does.
    pub(super) fn restart(&mut self) -> bool {
        // Whole bytes loaded ahead belong to data that should have been taken.
        if self.count.saturating_sub(self.invented) >= 8 {
            return false;
        }
        while self.bytes.get(self.at) == Some(&0xFF) && self.bytes.get(self.at + 1) == Some(&0xFF) {
            self.at += 1;
        }
        let found = self.bytes.get(self.at) == Some(&0xFF)
            && matches!(self.bytes.get(self.at + 1), Some(0xD0..=0xD7));
        *self = Self::new(self.bytes, self.at + 2);
        found
    }
}

/// A value of `size` bits as the signed number it stands for.
#[inline(always)]
pub(super) fn extend(raw: i32, size: u32) -> i32 {
    // Without its top bit set, the number is negative.
    if raw >> (size - 1) == 0 {
        raw - (1 << size) + 1
    } else {
        raw
    }
}

/// Whether one of the four bytes is 0xFF.
#[inline(always)]
fn holds_ff(word: u32) -> bool {
    let inverted = !word;
    inverted.wrapping_sub(0x0101_0101) & !inverted & 0x8080_8080 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffing_is_removed_and_a_marker_ends_the_data() {
        let mut bits = Bits::new(&[0xFF, 0x00, 0x12, 0xFF, 0xD9], 0);
        bits.fill();
        assert_eq!(bits.peek(16), 0xFF12);
        bits.skip(16);
        assert!(!bits.ran_out());
        assert_eq!(bits.position(), 3);
        bits.skip(1);
        assert!(bits.ran_out());
    }

    #[test]
    fn values_extend_as_the_standard_says() {
        assert_eq!([0, 1].map(|raw| extend(raw, 1)), [-1, 1]);
        assert_eq!([0, 3, 4, 7].map(|raw| extend(raw, 3)), [-7, -4, 4, 7]);
    }

    #[test]
    fn ff_is_found_in_any_place() {
        assert!(!holds_ff(0xFE01_80F0));
        for shift in [0, 8, 16, 24] {
            assert!(holds_ff(0xFF << shift));
        }
    }

    #[test]
    fn a_restart_is_taken_only_where_it_is_due() {
        let data = [0xAA, 0xFF, 0xD0, 0x55, 0xFF, 0xD9];
        let mut bits = Bits::new(&data, 0);
        bits.fill();
        bits.skip(6);
        assert!(bits.restart());
        bits.fill();
        assert_eq!(bits.peek(8), 0x55);
        assert!(!bits.restart(), "a whole byte was left over");
    }
}
