//! Pieces of Rust, laid out as rustfmt would.
//!
//! The boundary: strings in, expressions out; the widths are rustfmt's defaults.

use std::time::Duration;

use runtime_core::tables::Amount;

use super::encode::{self, Code, Language};

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

/// Tailor's own Rust.
pub(super) fn ours(text: &'static str) -> Code {
    Code::ours(Language::Rust, text)
}

/// A string literal.
pub(super) fn string(text: &str) -> Code {
    encode::literal(Language::Rust, text)
}

/// `{A, B}`, or one name alone, behind `before` characters. Names for which there is no room stand on
/// a line of their own.
pub(super) fn imports(names: &[&'static str], before: usize) -> Code {
    let listed = names.join(", ");
    code(match names {
        [one] => (*one).to_owned(),
        _ if before + listed.len() + 3 <= LINE => format!("{{{listed}}}"),
        _ => format!("{{\n    {listed},\n}}"),
    })
}

/// A path whose names are judged: one that is none is a bug of ours.
pub(super) fn path(names: &[&str]) -> Code {
    for name in names {
        assert!(
            syn::parse_str::<syn::Ident>(name).is_ok(),
            "tailor's bug: `{name}` is not a name in Rust"
        );
    }
    code(names.join("::"))
}

fn code(text: impl Into<String>) -> Code {
    Code::made(Language::Rust, text)
}

/// An amount: `64 << 20`, `Duration::from_millis(250)`. A word is none.
pub(super) fn amount(amount: Amount) -> Option<Code> {
    Some(code(match amount {
        Amount::Bytes(bytes) => bytes_shifted(bytes),
        Amount::Duration(time) => duration(time),
        Amount::Rate(rate) => format!("{rate:?}"),
        Amount::Count(count) => count.to_string(),
        Amount::Word => return None,
    }))
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
pub(super) fn call(func: &'static str, ty: &Code) -> Code {
    code(format!("{func}::<{ty}>()"))
}

/// A struct literal, a field on each line.
pub(super) fn struct_literal(name: &'static str, fields: &[(&'static str, Code)]) -> Code {
    let mut out = format!("{name} {{\n");
    for (field, value) in fields {
        out.push_str(&format!("    {field}: {value},\n"));
    }
    code(out + "}")
}

/// A struct literal on one line.
pub(super) fn row(name: &'static str, fields: &[(&'static str, Code)]) -> Code {
    let fields: Vec<String> = fields
        .iter()
        .map(|(field, value)| format!("{field}: {value}"))
        .collect();
    code(format!("{name} {{ {} }}", fields.join(", ")))
}

/// The same, one step further to the right but for its first line.
pub(super) fn indented(item: &Code) -> Code {
    code(item.as_str().replace('\n', "\n    "))
}

/// `Limits { a: Some(…), ..Limits::NONE }` as the value of a field; the fields' names are judged.
pub(super) fn some_of(name: &'static str, fields: &[(String, Code)]) -> Code {
    if fields.is_empty() {
        return code(format!("{name}::NONE"));
    }
    let mut out = format!("{name} {{\n");
    for (field, value) in fields {
        out.push_str(&format!("        {}: Some({value}),\n", path(&[field])));
    }
    code(format!("{out}        ..{name}::NONE\n    }}"))
}

/// A module under another specifier, and then on the global object as well.
pub(super) fn exposed(module: &Code, specifier: &Code, then: &'static str) -> Code {
    code(format!("{module}.expose({specifier}){then}"))
}

/// A pair.
pub(super) fn pair(first: &Code, second: &Code) -> Code {
    code(format!("({first}, {second})"))
}

/// `Code::Text(include_str!("…"))`: a macro or function of ours, or several in each other, around one argument.
pub(super) fn around(before: &'static str, inner: &Code, after: &'static str) -> Code {
    code(format!("{before}{inner}{after}"))
}

/// A call with one argument as the value of a field, which begins after `before` characters.
pub(super) fn call_with(func: &'static str, argument: &Code, before: usize) -> Code {
    let width = argument.as_str().chars().count();
    code(
        match width <= ARGUMENTS && before + func.len() + width + 3 <= LINE {
            true => format!("{func}({argument})"),
            false => format!("{func}(\n        {argument},\n    )"),
        },
    )
}

/// A struct literal as the value of a field of another; a short one stays on one line.
pub(super) fn inner_struct(name: &'static str, fields: &[(&'static str, Code)]) -> Code {
    let said: Vec<String> = fields
        .iter()
        .map(|(field, value)| format!("{field}: {value}"))
        .collect();
    let line = said.join(", ");
    if line.chars().count() <= STRUCT {
        return code(format!("{name} {{ {line} }}"));
    }
    indented(&struct_literal(name, fields))
}

/// A reference to an array. It begins after `indent` blanks and `before` more characters, and is followed by one.
pub(super) fn list(items: &[Code], indent: usize, before: usize) -> Code {
    let items: Vec<&str> = items.iter().map(Code::as_str).collect();
    code(list_of(&items, indent, before))
}

fn list_of(items: &[&str], indent: usize, before: usize) -> String {
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
        let spelled = string("it's \"a\"\n\u{0}é");
        assert_eq!(spelled.as_str(), r#""it's \"a\"\n\0é""#);
    }

    #[test]
    fn amounts_are_spelled_for_people() {
        let spelled = |shown| {
            amount(shown)
                .map(|code| code.to_string())
                .unwrap_or_default()
        };
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
        assert_eq!(list_of(&[], 4, 0), "&[]");
        assert_eq!(list_of(&["a", "b"], 4, 0), "&[a, b]");
        let long = "a".repeat(40);
        assert_eq!(
            list_of(&[&long, &long], 0, 0),
            format!("&[\n    {long},\n    {long},\n]")
        );
        assert_eq!(
            list_of(&["A {\n    b: 1,\n}"], 4, 0),
            "&[A {\n        b: 1,\n    }]"
        );
    }

    #[test]
    fn only_names_are_in_paths() {
        assert_eq!(path(&["greet", "r#match"]).as_str(), "greet::r#match");
        let refused = std::panic::catch_unwind(|| path(&["a b"]));
        assert!(refused.is_err());
    }
}
