//! Text for a terminal: aligned columns and filled paragraphs, and characters that nobody sees.
//!
//! The boundary: strings in, a string out.

use std::time::Duration;

/// Whether a character changes how others are shown and is not seen itself: a control character, a separator of lines or
/// paragraphs, or one that turns the direction of text.
pub fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text with what nobody sees as `\u{…}`; line breaks stay.
pub fn escape_hidden(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out.push(c),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A duration as a person says it: `0.4 s`, `12 s`, `2 min 30 s`.
pub fn spoken(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    if seconds < 9.95 {
        format!("{seconds:.1} s")
    } else if seconds < 119.5 {
        format!("{seconds:.0} s")
    } else {
        format!(
            "{} min {} s",
            elapsed.as_secs() / 60,
            elapsed.as_secs() % 60
        )
    }
}

/// Sets rows in columns, two blanks apart; the last column is left ragged.
pub fn columns<R: AsRef<[String]>>(rows: &[R]) -> String {
    let mut widths = Vec::new();
    for row in rows.iter().map(AsRef::as_ref) {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row.as_ref()) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Sets rows in columns as [`columns`] does, within `width`: where they are wider, the cells of the widest column are broken into
/// lines between words, and then those of the next, until they fit or nothing can be broken any more.
pub fn fitted(rows: &[Vec<String>], width: usize) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = (0..count).map(widest).collect();
    // No column becomes narrower than a long word.
    const LEAST: usize = 16;
    loop {
        let all: usize = widths.iter().sum::<usize>() + 2 * count.saturating_sub(1);
        let over = all.saturating_sub(width);
        let Some(wide) = widths.iter_mut().max().filter(|wide| **wide > LEAST) else {
            break;
        };
        if over == 0 {
            break;
        }
        *wide -= 1;
    }
    let mut lines = Vec::new();
    for row in rows {
        let cells: Vec<Vec<String>> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| fill(cell, "", *width).lines().map(str::to_owned).collect())
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        lines.extend((0..height.max(1)).map(|at| {
            let line = |cell: &Vec<String>| cell.get(at).cloned().unwrap_or_default();
            cells.iter().map(line).collect::<Vec<String>>()
        }));
    }
    columns(&lines)
}

/// Fills a text to lines of at most `width` characters, each after `indent`. Blank lines, lists and indented code stay as they are.
pub fn fill(text: &str, indent: &str, width: usize) -> String {
    let mut out = String::new();
    let mut code = false;
    for line in text.trim().lines() {
        code ^= line.trim_start().starts_with("```");
        if code || line.starts_with("```") || line.starts_with([' ', '-', '|', '#']) {
            push_line(&mut out, indent, line);
            continue;
        }
        let mut filled = String::new();
        for word in line.split_whitespace() {
            let length = indent.len() + filled.chars().count() + 1 + word.chars().count();
            if !filled.is_empty() && length > width {
                push_line(&mut out, indent, &filled);
                filled.clear();
            }
            if !filled.is_empty() {
                filled.push(' ');
            }
            filled.push_str(word);
        }
        push_line(&mut out, indent, &filled);
    }
    out
}

fn push_line(out: &mut String, indent: &str, line: &str) {
    if !line.is_empty() {
        out.push_str(indent);
        out.push_str(line);
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "b"], ["long", "c"]].map(|row| row.map(str::to_owned));
        assert_eq!(columns(&rows), "a     b\nlong  c\n");
    }

    #[test]
    fn columns_that_are_too_wide_are_broken_between_words() {
        let row = |row: [&str; 2]| row.map(str::to_owned).to_vec();
        let rows = [
            row(["", "x"]),
            row(["a name of many words to break", "short"]),
        ];
        assert_eq!(fitted(&rows, 80), columns(&rows));
        assert_eq!(
            fitted(&rows, 24),
            "                x\na name of many  short\nwords to break\n"
        );
    }

    #[test]
    fn paragraphs_are_filled_and_code_is_not() {
        let text = "one two three\n\n```\nlong line of code\n```";
        assert_eq!(
            fill(text, " ", 9),
            " one two\n three\n\n ```\n long line of code\n ```\n"
        );
    }

    #[test]
    fn durations_are_spoken() {
        let check =
            |millis, expect: &str| assert_eq!(spoken(Duration::from_millis(millis)), expect);
        check(430, "0.4 s");
        check(12_400, "12 s");
        check(150_000, "2 min 30 s");
    }
}
