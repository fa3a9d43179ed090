//! The place of a name that is not defined, which this engine knows only inside calls and member accesses.
//!
//! The boundary: a place is said when the source leaves no doubt, because the name stands there once. Otherwise the frame keeps the
//! engine's own `?:?`.

use super::cx::Cx;

const UNKNOWN: &str = ":?:?)";

/// The first frame of the stack of a `ReferenceError`, with its place when the source has only one.
pub(super) fn placed(cx: &Cx<'_>, frame: &str, message: &str) -> Option<String> {
    let name = message.strip_suffix(" is not defined")?;
    let before = frame.strip_suffix(UNKNOWN)?;
    let (_, file) = before.rsplit_once(" (")?;
    let (line, column) = only_place(&cx.state().sources.get(file)?, name)?;
    Some(format!("{before}:{line}:{column})"))
}

/// The line and column at which `name` is used, when it is used once.
fn only_place(source: &str, name: &str) -> Option<(usize, usize)> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '\u{200c}' | '\u{200d}');
    let is_use = |at: usize| {
        let before = &source[..at];
        !before.ends_with(is_part)
            && !before.trim_end().ends_with('.')
            && !source[at + name.len()..].starts_with(is_part)
    };
    let mut places = source
        .match_indices(name)
        .map(|(at, _)| at)
        .filter(|at| is_use(*at));
    let (Some(at), None) = (places.next(), places.next()) else {
        return None;
    };
    let before = &source[..at];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Some((
        before.matches('\n').count() + 1,
        before[start..].chars().count() + 1,
    ))
}

#[cfg(test)]
mod tests {
    use super::only_place;

    #[test]
    fn a_name_that_is_used_once_has_a_place() {
        for (source, name, expect) in [
            ("nope()", "nope", Some((1, 1))),
            ("const a = 1;\n  return ü + nope;", "nope", Some((2, 14))),
            ("a.nope; nope", "nope", Some((1, 9))),
            ("nopes; $nope; nope", "nope", Some((1, 15))),
            ("nope; nope", "nope", None),
            ("a.nope", "nope", None),
            ("", "nope", None),
        ] {
            assert_eq!(only_place(source, name), expect, "{source}");
        }
    }
}
