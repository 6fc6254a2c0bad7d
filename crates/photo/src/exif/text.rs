//! Values out of EXIF fields, made safe to show and to store.

use exif::Value;

/// The most characters kept of any EXIF string. Camera names are short; what is longer is
/// somebody else's cargo.
const MAX_CHARS: usize = 120;

/// The text of a field: decoded, without control characters, trimmed, capped; `None` when
/// nothing is left.
pub(super) fn clean(value: &Value) -> Option<String> {
    let Value::Ascii(lines) = value else {
        return None;
    };
    clean_bytes(lines.first()?)
}

/// As [`clean`], for bytes already at hand.
pub(super) fn clean_bytes(bytes: &[u8]) -> Option<String> {
    let text: String = String::from_utf8_lossy(bytes)
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .collect();
    let text: String = text.trim().chars().take(MAX_CHARS).collect();
    let text = text.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Characters that reorder or hide the text around them, and the mark of undecodable bytes.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFD}')
}

/// A rational by its place in a field, if it is a finite number (cameras write 0/0 for
/// "unknown").
pub(super) fn rational(value: &Value, index: usize) -> Option<f64> {
    match value {
        Value::Rational(parts) => parts.get(index).map(exif::Rational::to_f64),
        Value::SRational(parts) => parts.get(index).map(exif::SRational::to_f64),
        _ => None,
    }
    .filter(|n| n.is_finite())
}

/// An EXIF moment as written, unless it says nothing: a camera whose clock was never set writes
/// blanks or zeros.
pub(super) fn moment(text: &str) -> Option<String> {
    text.bytes()
        .any(|b| matches!(b, b'1'..=b'9'))
        .then(|| text.to_owned())
}

/// Whether `text` is a zone like `+08:00`.
pub(super) fn is_offset(text: &str) -> bool {
    let b = text.as_bytes();
    b.len() == 6
        && matches!(b[0], b'+' | b'-')
        && b[3] == b':'
        && [1, 2, 4, 5].iter().all(|&i| b[i].is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_loses_what_must_not_be_shown() {
        let clean = |s: &str| clean_bytes(s.as_bytes());
        assert_eq!(clean("  SAMSUNG \0\0").as_deref(), Some("SAMSUNG"));
        assert_eq!(clean("a\u{1b}[31mb\r\n").as_deref(), Some("a[31mb"));
        assert_eq!(clean("\u{202e}evil").as_deref(), Some("evil"));
        assert_eq!(clean(" \0 "), None);
        assert_eq!(
            clean(&"满".repeat(500)).map(|s| s.chars().count()),
            Some(120)
        );
        assert_eq!(clean_bytes(b"\xFFmi\xC3").as_deref(), Some("mi"));
    }

    #[test]
    fn a_moment_of_zeros_is_no_moment() {
        assert_eq!(moment("0000:00:00 00:00:00"), None);
        assert_eq!(moment("    :  :     :  :  "), None);
        assert!(moment("2026:03:05 09:12:44").is_some());
    }

    #[test]
    fn a_zone_is_told_from_other_text() {
        assert!(is_offset("+08:00") && is_offset("-03:30"));
        assert!(!is_offset("+8:00") && !is_offset("Beijing") && !is_offset("      "));
    }
}
