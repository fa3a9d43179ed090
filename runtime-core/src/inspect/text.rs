//! Text: quoting, escaping, colours. It knows no values.

use std::fmt::Write as _;

/// What a piece of text is, which is what its colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Numbers, `BigInt`s and booleans.
    Number,
    /// Strings.
    String,
    /// Symbols.
    Symbol,
    /// `undefined`, and what is absent.
    Undefined,
    /// `null`.
    Null,
    /// What stands for something that is not shown: `[Function: f]`, `[Getter]`, `[Circular *1]`.
    Special,
    /// Dates.
    Date,
    /// Regular expressions.
    RegExp,
}

impl Style {
    /// The codes of a terminal that begin and end it.
    fn codes(self) -> (u8, u8) {
        match self {
            Self::Number => (33, 39),
            Self::String | Self::Symbol => (32, 39),
            Self::Undefined => (90, 39),
            Self::Null => (1, 22),
            Self::Special => (36, 39),
            Self::Date => (35, 39),
            Self::RegExp => (31, 39),
        }
    }

    /// `text` in this style, for a terminal.
    pub fn paint(self, text: &str) -> String {
        let (begin, end) = self.codes();
        format!("\u{1b}[{begin}m{text}\u{1b}[{end}m")
    }
}

/// A string literal of these UTF-16 code units: single quotes, unless others save an escape.
pub(super) fn quote(units: &[u16]) -> String {
    let has = |c: char| units.contains(&(c as u16));
    let template = || {
        units
            .windows(2)
            .any(|pair| *pair == [u16::from(b'$'), u16::from(b'{')])
    };
    let quote = match (has('\''), has('"'), has('`')) {
        (false, ..) => '\'',
        (true, false, _) => '"',
        (true, true, false) if !template() => '`',
        _ => '\'',
    };
    let mut out = String::with_capacity(units.len() + 2);
    out.push(quote);
    escape(&mut out, units, quote);
    out.push(quote);
    out
}

fn escape(out: &mut String, units: &[u16], quote: char) {
    for unit in char::decode_utf16(units.iter().copied()) {
        match unit {
            Ok('\n') => out.push_str("\\n"),
            Ok('\t') => out.push_str("\\t"),
            Ok('\r') => out.push_str("\\r"),
            Ok('\u{8}') => out.push_str("\\b"),
            Ok('\u{c}') => out.push_str("\\f"),
            Ok('\\') => out.push_str("\\\\"),
            Ok(c) if c == quote => out.extend(['\\', c]),
            Ok(c) if c.is_control() => {
                let _ = write!(out, "\\x{:02X}", u32::from(c));
            }
            Ok(c) => out.push(c),
            Err(lone) => {
                let _ = write!(out, "\\u{:04X}", lone.unpaired_surrogate());
            }
        }
    }
}

/// Whether `name` needs no quotes as a key.
pub(super) fn is_plain_key(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A time in milliseconds since 1970 as ISO 8601 has it; none when no date has that time.
pub(super) fn iso_date(millis: f64) -> Option<String> {
    const DAY: i64 = 86_400_000;
    // The range of a JavaScript date, so that all that follows fits.
    if !millis.is_finite() || millis.abs() > 8.64e15 {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, reason = "it was just bounded")]
    let millis = millis as i64;
    let (days, time) = (millis.div_euclid(DAY), millis.rem_euclid(DAY));
    // Days are counted from 1 March of the year 0, so that a leap day is the last of its year; 400 years have 146,097 of them.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = year + era * 400 + carry;
    let year = match year {
        0..=9999 => format!("{year:04}"),
        _ => format!("{}{:06}", if year < 0 { '-' } else { '+' }, year.abs()),
    };
    let (hour, minute) = (time / 3_600_000, time / 60_000 % 60);
    let (second, rest) = (time / 1_000 % 60, time % 1_000);
    Some(format!(
        "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{rest:03}Z"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_with_the_fewest_escapes() {
        let check = |text: &str, expect: &str| {
            let units: Vec<u16> = text.encode_utf16().collect();
            assert_eq!(quote(&units), expect);
        };
        check("plain", "'plain'");
        check("it's", "\"it's\"");
        check("it's \"so\"", "`it's \"so\"`");
        check("'\"`", "'\\'\"`'");
        check("'\" ${x}", "'\\'\" ${x}'");
        check("a\nb\\c\u{1b}\u{7f}", "'a\\nb\\\\c\\x1B\\x7F'");
        assert_eq!(quote(&[0xd83d, 0x61]), "'\\uD83Da'");
    }

    #[test]
    fn dates_are_iso_8601_from_the_first_to_the_last() {
        let check =
            |millis: f64, expect: Option<&str>| assert_eq!(iso_date(millis).as_deref(), expect);
        check(0.0, Some("1970-01-01T00:00:00.000Z"));
        check(951_782_400_000.0, Some("2000-02-29T00:00:00.000Z"));
        check(-1.0, Some("1969-12-31T23:59:59.999Z"));
        check(-62_198_755_200_000.0, Some("-000001-01-01T00:00:00.000Z"));
        check(8.64e15, Some("+275760-09-13T00:00:00.000Z"));
        check(-8.64e15, Some("-271821-04-20T00:00:00.000Z"));
        check(8.64e15 + 1.0, None);
        check(f64::NAN, None);
    }
}
