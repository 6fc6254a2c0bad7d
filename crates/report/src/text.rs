//! Text on its way into a cell: cleaned, measured, and cut only where the rest is kept.
//!
//! Widths are counted in units of half a Chinese character. Every character counts at least one
//! unit and those outside the basic plane two, so that a text that fits a cell is always far
//! below Excel's limit of 32,767 UTF-16 units.

/// Takes out what XML or a cell cannot hold: control characters and the two non-characters of
/// XML 1.0. All kinds of line ends become a line feed, a tabulator a space.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// True for a text that a spreadsheet would take for a formula when someone edits the cell or
/// saves the sheet as CSV. Such a cell is marked as text.
pub(crate) fn looks_like_a_formula(text: &str) -> bool {
    text.trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%'])
}

/// How many lines `text` takes in a cell `width` units wide. Errs on the high side.
pub(crate) fn lines(text: &str, width: u32) -> u32 {
    let mut wrap = Wrap::new(width);
    wrap.run(text, u32::MAX);
    wrap.line
}

/// Parts `text` so that the first part takes at most `max_lines` lines; the parts joined again
/// are the text. The first part is never empty unless the text is.
pub(crate) fn part(text: &str, width: u32, max_lines: u32) -> (&str, &str) {
    let end = Wrap::new(width).run(text, max_lines.max(1));
    text.split_at(end)
}

/// Walks a text as a cell wraps it.
struct Wrap {
    usable: u32,
    used: u32,
    line: u32,
}

impl Wrap {
    fn new(width: u32) -> Self {
        // One unit is left for the cell's own margin and for punctuation kept off a line's start.
        Wrap {
            usable: width.saturating_sub(1).max(2),
            used: 0,
            line: 1,
        }
    }

    /// Returns the byte where line `max_lines` is full, or the text's length.
    fn run(&mut self, text: &str, max_lines: u32) -> usize {
        let mut in_word = false;
        for (at, c) in text.char_indices() {
            if c == '\n' {
                if self.line == max_lines {
                    return at;
                }
                self.line += 1;
                self.used = 0;
                in_word = false;
                continue;
            }
            let starts_word = is_word(c) && !in_word;
            in_word = is_word(c);
            let need = if starts_word {
                self.word(&text[at..])
            } else {
                units(c)
            };
            if self.used > 0 && self.used + need > self.usable {
                if self.line == max_lines {
                    return at;
                }
                self.line += 1;
                self.used = 0;
            }
            self.used += units(c);
        }
        text.len()
    }

    /// Units of the word that `rest` begins with: it moves to the next line whole, unless it is
    /// longer than a line and has to break anyway.
    fn word(&self, rest: &str) -> u32 {
        let mut length = 0;
        for c in rest.chars().take_while(|c| is_word(*c)) {
            length += units(c);
            if length > self.usable {
                return 1;
            }
        }
        length
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_graphic()
}

fn units(c: char) -> u32 {
    if c.is_ascii() { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn control_characters_go_and_line_ends_become_one_kind() {
        assert_eq!(
            clean("a\u{0}\u{1b}[31m\r\nb\rc\u{2028}d\te\u{ffff}"),
            "a[31m\nb\nc\nd e"
        );
    }

    #[test]
    fn what_a_spreadsheet_takes_for_a_formula_is_seen() {
        for text in [
            "=1+1",
            "+8613812345678",
            "-5",
            "@SUM(A1)",
            " =1",
            "＝1",
            "\n=1",
        ] {
            assert!(looks_like_a_formula(text), "{text}");
        }
        assert!(!looks_like_a_formula("道北市场"));
    }

    #[test]
    fn chinese_wraps_by_character_and_words_move_whole() {
        assert_eq!(lines("一二三四五", 11), 1);
        assert_eq!(lines("一二三四五六", 11), 2);
        assert_eq!(lines("2026-03-05 14:05", 12), 2);
        assert_eq!(lines("a\n\nb", 10), 3);
        assert_eq!(lines("", 10), 1);
    }

    proptest! {
        #[test]
        fn parts_are_the_text_and_fit(text in "\\PC{0,200}|[a-z\\n 中文，]{0,200}", width in 2u32..40, max in 1u32..9) {
            let (head, rest) = part(&text, width, max);
            prop_assert_eq!(format!("{head}{rest}"), text.clone());
            prop_assert!(lines(head, width) <= max);
            if !text.starts_with('\n') {
                prop_assert_eq!(head.is_empty(), text.is_empty());
            }
        }
    }
}
