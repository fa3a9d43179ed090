//! Pieces of Rust, laid out as rustfmt would.
//!
//! The boundary: strings in, expressions out; the widths are rustfmt's defaults.

/// The most characters of a line.
const LINE: usize = 100;
/// The most characters of an array on one line.
const ARRAY: usize = 60;
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
    for item in items {
        let width = item.chars().count();
        let packed = items.iter().all(|item| item.chars().count() <= SHORT);
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
