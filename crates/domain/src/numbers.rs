//! Numbers people read aloud.
//!
//! A problem has a temporary number from the moment it is recorded (临-A7-0305-03: phone, month and
//! day, count) and an official one only from dispatch on (2026-3-01: 年-期-序). Both stay searchable;
//! a unit never sees a temporary one.

use crate::time::city_date;

/// The temporary number: phone label, the date in the city's zone, the count of that day.
#[must_use]
pub fn temporary(device_label: &str, ms: i64, nth: u32) -> String {
    let date = city_date(ms);
    let month_day: String = date.chars().skip(5).filter(char::is_ascii_digit).collect();
    format!("临-{device_label}-{month_day}-{nth:02}")
}

/// The official number: year, notice (期), place in the notice (序), counted from 1.
#[must_use]
pub fn official(year: i16, notice: u32, nth: u32) -> String {
    format!("{year}-{notice}-{nth:02}")
}

/// The letters of an enrolment code: no 0, O, 1 or I, which people mix up.
pub const CODE_ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// An enrolment code from 8 random bytes: eight characters in two groups, 40 bits.
#[must_use]
pub fn enrol_code(random: [u8; 8]) -> String {
    let pick = |b: u8| char::from(CODE_ALPHABET[usize::from(b & 31)]);
    let (a, b) = random.split_at(4);
    let group = |bytes: &[u8]| bytes.iter().copied().map(pick).collect::<String>();
    format!("{}-{}", group(a), group(b))
}

/// A typed code in the form it was given out: capitals, no spaces, one dash. `None` when it cannot
/// be one.
#[must_use]
pub fn normalize_code(typed: &str) -> Option<String> {
    let letters: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-' && *c != '－')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let known = letters.bytes().all(|b| CODE_ALPHABET.contains(&b));
    (letters.len() == 8 && known).then(|| format!("{}-{}", &letters[..4], &letters[4..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_the_office_writes_them() {
        // 2026-03-05 23:30 UTC is already the 6th in Manzhouli.
        assert_eq!(temporary("A7", 1_772_753_400_000, 3), "临-A7-0306-03");
        assert_eq!(official(2026, 3, 1), "2026-3-01");
    }

    #[test]
    fn a_code_survives_how_people_type_it() {
        let code = enrol_code([0, 1, 2, 3, 28, 29, 30, 31]);
        assert_eq!(code, "2345-WXYZ");
        assert_eq!(normalize_code(" 2345 wxyz "), Some(code.clone()));
        assert_eq!(normalize_code("2345-wxyz"), Some(code));
        assert_eq!(normalize_code("2345-WXY0"), None);
        assert_eq!(normalize_code("2345"), None);
        assert_eq!(normalize_code("绑定码绑定码绑定"), None);
    }
}
