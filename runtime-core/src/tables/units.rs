//! Amounts as people write them: `64MiB`, `30s`, `20/s`.
//!
//! The boundary: text to number and back. A number without its unit is refused, for nobody remembers whether a bare `64`
//! meant bytes or megabytes.

use std::time::Duration;

use super::Mistake;

/// What kind of amount a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `64MiB`
    Bytes,
    /// `30s`
    Duration,
    /// `20/s`
    Rate,
    /// A whole number.
    Count,
    /// One of a few words.
    Choice(&'static [&'static str]),
}

/// An amount that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// Bytes.
    Bytes(u64),
    /// A length of time.
    Duration(Duration),
    /// Events per second.
    Rate(f64),
    /// A whole number.
    Count(u64),
    /// A word, which is no amount.
    Word,
}

impl Unit {
    /// Reads an amount of this kind.
    pub fn parse(self, text: &str) -> Result<Amount, Mistake> {
        match self {
            Self::Bytes => parse_bytes(text).map(Amount::Bytes),
            Self::Duration => parse_duration(text).map(Amount::Duration),
            Self::Rate => parse_rate(text).map(Amount::Rate),
            Self::Count => text.parse().map(Amount::Count).map_err(|_| {
                let what = format!("`{text}` is no whole number");
                Mistake::whole(text, what, "write a number such as `32`")
            }),
            Self::Choice(_) => Ok(Amount::Word),
        }
    }
}

const BYTE_UNITS: &[(&str, u64)] = &[
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
];

const DURATION_UNITS: &[(&str, f64)] = &[
    ("us", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("min", 60.0),
    ("h", 3600.0),
];

const RATE_UNITS: &[(&str, f64)] = &[("/s", 1.0), ("/min", 60.0), ("/h", 3600.0)];

/// Reads an amount of bytes: a number and one of B, KiB, MiB, GiB, kB, MB, GB.
pub fn parse_bytes(text: &str) -> Result<u64, Mistake> {
    let example = "write a number and a unit, such as `64MiB` or `512KiB`";
    let (number, unit) = split(text, "size", example)?;
    let scale = scale_of(BYTE_UNITS, text, unit, "size", "64MiB")?;
    let bytes = number * scale as f64;
    if bytes < 1.0 || bytes > u64::MAX as f64 / 2.0 {
        return Err(Mistake::whole(
            text,
            format!("the size `{text}` is out of range"),
            "write at least `1B`",
        ));
    }
    Ok(bytes.round() as u64)
}

/// Reads a length of time: a number and one of us, ms, s, min, h.
pub fn parse_duration(text: &str) -> Result<Duration, Mistake> {
    let example = "write a number and a unit, such as `30s` or `250ms`";
    let (number, unit) = split(text, "duration", example)?;
    let scale = scale_of(DURATION_UNITS, text, unit, "duration", "30s")?;
    Duration::try_from_secs_f64(number * scale)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(|| {
            Mistake::whole(
                text,
                format!("the duration `{text}` is out of range"),
                "write at least `1us`",
            )
        })
}

/// Reads a rate, as events per second: a number and one of /s, /min, /h.
pub fn parse_rate(text: &str) -> Result<f64, Mistake> {
    let example = "write a number and a unit, such as `20/s` or `100/min`";
    let (number, unit) = split(text, "rate", example)?;
    let seconds = scale_of(RATE_UNITS, text, unit, "rate", "20/s")?;
    if number <= 0.0 {
        return Err(Mistake::whole(
            text,
            format!("the rate `{text}` lets nothing through"),
            "write at least `1/h`",
        ));
    }
    Ok(number / seconds)
}

/// Shows an amount of bytes the way it would be written.
pub fn show_bytes(bytes: u64) -> String {
    for (unit, scale) in [("GiB", 1u64 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] {
        if bytes >= scale {
            let tenths = (bytes as f64 / scale as f64 * 10.0).round() / 10.0;
            return format!("{tenths}{unit}");
        }
    }
    format!("{bytes}B")
}

/// Shows a length of time the way it would be written.
pub fn show_duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let (unit, scale) = match seconds {
        _ if seconds >= 1.0 => ("s", 1.0),
        _ if seconds >= 1e-3 => ("ms", 1e-3),
        _ => ("us", 1e-6),
    };
    let hundredths = (seconds / scale * 100.0).round() / 100.0;
    format!("{hundredths}{unit}")
}

/// The number and the unit, with the blanks between them gone.
fn split<'t>(text: &'t str, what: &str, example: &str) -> Result<(f64, &'t str), Mistake> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_'))
        .unwrap_or(text.len());
    let unit = text[end..].trim_start();
    match number(&text[..end]) {
        Some(number) => Ok((number, unit)),
        None => Err(Mistake::whole(
            text,
            format!("`{text}` is no {what}"),
            example,
        )),
    }
}

/// The number that some digits are, with a point among them. The standard library's reader knows exponents and the last bit, by tables of
/// ten kilobytes.
fn number(text: &str) -> Option<f64> {
    let digits = text.replace('_', "");
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    if whole.is_empty() && part.is_empty() {
        return None;
    }
    // Digits beyond the fifteenth are nobody's.
    let part = &part[..part.len().min(15)];
    let read = |digits: &str| {
        digits.bytes().try_fold(0.0, |sum, byte| {
            byte.is_ascii_digit()
                .then(|| sum * 10.0 + f64::from(byte - b'0'))
        })
    };
    Some(read(whole)? + read(part)? / 10f64.powi(part.len() as i32))
}

fn scale_of<T: Copy>(
    units: &[(&str, T)],
    text: &str,
    unit: &str,
    what: &str,
    example: &str,
) -> Result<T, Mistake> {
    if let Some((_, scale)) = units.iter().find(|(name, _)| *name == unit) {
        return Ok(*scale);
    }
    let names: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
    let names = names.join(", ");
    if unit.is_empty() {
        return Err(Mistake::whole(
            text,
            format!("the {what} `{text}` has no unit"),
            format!("add one of {names}, as in `{example}`"),
        ));
    }
    let folded = units
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit));
    let help = match folded {
        Some((name, _)) => format!("did you mean `{name}`? a {what} ends in one of {names}"),
        None => format!("a {what} ends in one of {names}"),
    };
    Err(Mistake::part(
        text.len() - unit.len()..text.len(),
        format!("unknown unit `{unit}`"),
        help,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read() {
        assert_eq!(parse_bytes("64MiB"), Ok(64 << 20));
        assert_eq!(parse_bytes("1.5 KiB"), Ok(1536));
        assert_eq!(parse_bytes("6MB"), Ok(6_000_000));
        assert_eq!(parse_bytes("6_000.25kB"), Ok(6_000_250));
        assert_eq!(parse_duration("0.1s"), Ok(Duration::from_millis(100)));
        assert_eq!(parse_duration(".5s"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_duration("2min"), Ok(Duration::from_secs(120)));
        assert_eq!(parse_rate("120/min"), Ok(2.0));
        assert_eq!(Unit::Count.parse("32"), Ok(Amount::Count(32)));
        assert_eq!(Unit::Bytes.parse("1KiB"), Ok(Amount::Bytes(1024)));
    }

    #[track_caller]
    fn refused<T: std::fmt::Debug>(result: Result<T, Mistake>, what: &str, at: &str, text: &str) {
        let mistake = result.expect_err("the text is wrong");
        assert_eq!(mistake.what, what);
        assert_eq!(&text[mistake.at.clone()], at);
    }

    #[test]
    fn mistakes_name_the_smallest_part() {
        refused(parse_bytes("64"), "the size `64` has no unit", "64", "64");
        refused(parse_bytes("64mib"), "unknown unit `mib`", "mib", "64mib");
        refused(parse_bytes("much"), "`much` is no size", "much", "much");
        refused(
            parse_bytes("0MiB"),
            "the size `0MiB` is out of range",
            "0MiB",
            "0MiB",
        );
        refused(
            Unit::Count.parse("-1"),
            "`-1` is no whole number",
            "-1",
            "-1",
        );
        refused(
            parse_duration("2 sec"),
            "unknown unit `sec`",
            "sec",
            "2 sec",
        );
        refused(
            parse_rate("0/s"),
            "the rate `0/s` lets nothing through",
            "0/s",
            "0/s",
        );
    }

    #[test]
    fn bytes_are_shown_as_written() {
        assert_eq!(show_bytes(6 << 20), "6MiB");
        assert_eq!(show_bytes(1536), "1.5KiB");
        assert_eq!(show_bytes(12), "12B");
    }

    #[test]
    fn times_are_shown_as_written() {
        for text in ["2s", "90s", "1.5s", "250ms", "7us"] {
            let time = parse_duration(text).expect("it is one");
            assert_eq!(show_duration(time), text);
        }
    }
}
