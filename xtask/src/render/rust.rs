//! Pieces of Rust, laid out as rustfmt would.
//!
//! The boundary: strings in, expressions out; the widths are rustfmt's defaults.

use std::time::Duration;

use runtime_core::tables::Amount;

/// The most characters of a line.
const LINE: usize = 100;
/// The most characters of an array on one line.
const ARRAY: usize = 60;
/// The most characters of a call's arguments on one line.
const ARGUMENTS: usize = 60;
/// The most characters of a struct's fields on one line.
const STRUCT: usize = 18;
/// Items up to this length are packed, several on a line.
const SHORT: usize = 10;

/// A string literal.
pub(super) fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\'' => out.push('\''),
            c => out.extend(c.escape_debug()),
        }
    }
    out + "\""
}

/// An amount: `64 << 20`, `Duration::from_millis(250)`. A word is none.
pub(super) fn amount(amount: Amount) -> Option<String> {
    Some(match amount {
        Amount::Bytes(bytes) => bytes_shifted(bytes),
        Amount::Duration(time) => duration(time),
        Amount::Rate(rate) => format!("{rate:?}"),
        Amount::Count(count) => count.to_string(),
        Amount::Word => return None,
    })
}

fn bytes_shifted(bytes: u64) -> String {
    match [30, 20, 10]
        .iter()
        .find(|shift| bytes.trailing_zeros() >= **shift)
    {
        Some(shift) if bytes > 0 => format!("{} << {shift}", bytes >> shift),
        _ => bytes.to_string(),
    }
}

fn duration(time: Duration) -> String {
    let nanos = time.as_nanos();
    let units = [
        ("secs", 1_000_000_000),
        ("millis", 1_000_000),
        ("micros", 1000),
    ];
    match units.iter().find(|(_, scale)| nanos.is_multiple_of(*scale)) {
        Some((unit, scale)) => format!("Duration::from_{unit}({})", nanos / scale),
        None => format!("Duration::from_nanos({nanos})"),
    }
}

/// `FnDef::of::<greet::greet>()`
pub(super) fn call(func: &str, ty: &str) -> String {
    format!("{func}::<{ty}>()")
}

/// A struct literal, a field on each line.
pub(super) fn struct_literal(name: &str, fields: &[(&str, String)]) -> String {
    let mut out = format!("{name} {{\n");
    for (field, value) in fields {
        out.push_str(&format!("    {field}: {value},\n"));
    }
    out + "}"
}

/// A call with one argument as the value of a field, which begins after `before` characters.
pub(super) fn call_with(func: &str, argument: &str, before: usize) -> String {
    let width = argument.chars().count();
    match width <= ARGUMENTS && before + func.len() + width + 3 <= LINE {
        true => format!("{func}({argument})"),
        false => format!("{func}(\n        {argument},\n    )"),
    }
}

/// A struct literal as the value of a field of another; a short one stays on one line.
pub(super) fn inner_struct(name: &str, fields: &[(&str, String)]) -> String {
    let said: Vec<String> = fields
        .iter()
        .map(|(field, value)| format!("{field}: {value}"))
        .collect();
    let line = said.join(", ");
    if line.chars().count() <= STRUCT {
        return format!("{name} {{ {line} }}");
    }
    struct_literal(name, fields).replace('\n', "\n    ")
}

/// A reference to an array. It begins after `indent` blanks and `before` more characters, and is followed by one.
pub(super) fn list(items: &[String], indent: usize, before: usize) -> String {
    let many_lines = items.iter().any(|item| item.contains('\n'));
    if let ([item], true) = (items, many_lines) {
        return format!(
            "&[{}]",
            item.replace('\n', &format!("\n{}", " ".repeat(indent)))
        );
    }
    let line = items.join(", ");
    let width = line.chars().count();
    if !many_lines && width <= ARRAY && indent + before + width + 4 <= LINE {
        return format!("&[{line}]");
    }
    let inner = format!("\n{}", " ".repeat(indent + 4));
    let mut out = String::from("&[");
    let mut column = usize::MAX;
    let packed = items.iter().all(|item| item.chars().count() <= SHORT);
    for item in items {
        let width = item.chars().count();
        if packed && column != usize::MAX && column + width + 2 <= LINE {
            out.push(' ');
            column += width + 2;
        } else {
            out.push_str(&inner);
            column = indent + 4 + width + 1;
        }
        out.push_str(&item.replace('\n', &inner));
        out.push(',');
    }
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
    out.push(']');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_needed() {
        assert_eq!(string("it's \"a\"\n\u{0}é"), r#""it's \"a\"\n\0é""#);
    }

    #[test]
    fn amounts_are_spelled_for_people() {
        let spelled = |shown| amount(shown).unwrap_or_default();
        assert_eq!(spelled(Amount::Bytes(64 << 20)), "64 << 20");
        assert_eq!(spelled(Amount::Bytes(1 << 30)), "1 << 30");
        assert_eq!(spelled(Amount::Bytes(1500)), "1500");
        let time = |nanos| spelled(Amount::Duration(Duration::from_nanos(nanos)));
        assert_eq!(time(2_000_000_000), "Duration::from_secs(2)");
        assert_eq!(time(250_000_000), "Duration::from_millis(250)");
        assert_eq!(time(7_000), "Duration::from_micros(7)");
        assert_eq!(time(7), "Duration::from_nanos(7)");
        assert_eq!(spelled(Amount::Rate(20.0)), "20.0");
        assert_eq!(spelled(Amount::Count(8)), "8");
        assert_eq!(amount(Amount::Word), None);
    }

    #[test]
    fn lists_break_where_rustfmt_breaks_them() {
        let items = |words: &[&str]| {
            words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(list(&[], 4, 0), "&[]");
        assert_eq!(list(&items(&["a", "b"]), 4, 0), "&[a, b]");
        let long = "a".repeat(40);
        assert_eq!(
            list(&items(&[&long, &long]), 0, 0),
            format!("&[\n    {long},\n    {long},\n]")
        );
        assert_eq!(
            list(&items(&["A {\n    b: 1,\n}"]), 4, 0),
            "&[A {\n        b: 1,\n    }]"
        );
    }
}
