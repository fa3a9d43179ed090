//! What a person sees of a source: a line with a mark below a place in it, escapes for what
//! controls a terminal, and widths.
//!
//! The boundary: texts. It knows no values and no files.

use std::borrow::Cow;

/// The stack of an error in source text, with the line shown and the place in it marked.
pub(crate) fn source_stack(name: &str, source: &str, line: u32, column: u32) -> String {
    let line_shown = marked(source, line, column).unwrap_or_default();
    format!("    at {name}:{line}:{column}{line_shown}")
}

/// A line of a source, with a mark below one of its characters.
pub(crate) fn marked(source: &str, line: u32, column: u32) -> Option<String> {
    let text = source.lines().nth(line.checked_sub(1)? as usize)?;
    let (text, before) = excerpt(text, column.saturating_sub(1) as usize);
    let indent = " ".repeat(width(&before));
    let margin = line.to_string();
    let gap = " ".repeat(margin.len());
    Some(format!("\n\n  {margin} | {text}\n  {gap} | {indent}^"))
}

/// A text in which nothing but newlines and tabs controls a terminal: what would is shown as an
/// escape sequence.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let is_control = |c: char| {
        let moves = matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        moves || (c.is_control() && !matches!(c, '\n' | '\t'))
    };
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match u32::from(c) {
            _ if !is_control(c) => shown.push(c),
            code if code < 0x100 => shown.push_str(&format!("\\x{code:02X}")),
            code => shown.push_str(&format!("\\u{{{code:X}}}")),
        }
    }
    Cow::Owned(shown)
}

/// The part of a line around a column that fits on a screen, and what of it stands before the
/// column.
fn excerpt(line: &str, column: usize) -> (String, String) {
    const BEFORE: usize = 60;
    const SHOWN: usize = 100;
    let chars: Vec<char> = line
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .collect();
    let column = column.min(chars.len());
    let start = if chars.len() <= SHOWN {
        0
    } else {
        column.saturating_sub(BEFORE)
    };
    let end = chars.len().min(start + SHOWN);
    let cut = |from: usize, to: usize| {
        let lead = if start > 0 { "… " } else { "" };
        let part: String = chars[from..to].iter().collect();
        format!("{lead}{}", visible(&part))
    };
    let tail = if end < chars.len() { " …" } else { "" };
    (cut(start, end) + tail, cut(start, column))
}

/// How many columns a terminal shows `text` in. Colours take none.
pub fn width(text: &str) -> usize {
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return text.len();
    }
    let mut columns = 0;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // A colour ends with `m`; nothing else of this kind is written here.
            chars.by_ref().find(|c| *c == 'm');
            continue;
        }
        columns += columns_of(c);
    }
    columns
}

fn columns_of(c: char) -> usize {
    match u32::from(c) {
        // Control characters, combining marks, joiners and selectors.
        0..=0x1f
        | 0x7f..=0x9f
        | 0x300..=0x36f
        | 0x200b..=0x200f
        | 0x20d0..=0x20ff
        | 0xfe00..=0xfe0f
        | 0xfe20..=0xfe2f
        | 0xe0100..=0xe01ef => 0,
        // Hangul, CJK, full-width forms, emoji.
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0x33ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_source_is_shown_with_its_line() {
        let check = |source: &str, line, column, expect: &str| {
            assert_eq!(source_stack("/a/main.js", source, line, column), expect);
        };
        check(
            "let a = 1\n\nlet x = = 1\n",
            3,
            9,
            "    at /a/main.js:3:9\n\n  3 | let x = = 1\n    |         ^",
        );
        check(
            "\tx y",
            1,
            4,
            "    at /a/main.js:1:4\n\n  1 |  x y\n    |    ^",
        );
        check(
            "日本 x",
            1,
            4,
            "    at /a/main.js:1:4\n\n  1 | 日本 x\n    |      ^",
        );
        check(
            "a \u{1b}[2J\u{202e} x",
            1,
            9,
            "    at /a/main.js:1:9\n\n  1 | a \\x1B[2J\\u{202E} x\n    |                   ^",
        );
        check("", 7, 1, "    at /a/main.js:7:1");
    }

    #[test]
    fn of_a_long_line_the_part_around_the_place_is_shown() {
        let source = format!("{}!{}", "a".repeat(500), "b".repeat(500));
        let stack = source_stack("x.js", &source, 1, 501);
        let lines: Vec<&str> = stack.lines().collect();
        assert!(
            lines[2].starts_with("  1 | … aaaa") && lines[2].ends_with("bbb …"),
            "{stack}"
        );
        assert_eq!(
            lines[2].chars().position(|c| c == '!'),
            lines[3].chars().position(|c| c == '^')
        );
    }

    #[test]
    fn what_controls_a_terminal_is_shown_as_an_escape() {
        assert_eq!(visible("a\tb\nc é 日"), "a\tb\nc é 日");
        assert_eq!(
            visible("\u{1b}[31mred\u{7}\r\u{9b}"),
            "\\x1B[31mred\\x07\\x0D\\x9B"
        );
        assert_eq!(visible("\u{202e}gnp.js"), "\\u{202E}gnp.js");
    }

    #[test]
    fn colours_take_no_columns_and_wide_characters_take_two() {
        for (text, expect) in [
            ("abc", 3),
            ("\u{1b}[33m12\u{1b}[39m", 2),
            ("日本", 4),
            ("e\u{301}", 1),
            ("👍", 2),
        ] {
            assert_eq!(width(text), expect, "{text:?}");
        }
    }
}
