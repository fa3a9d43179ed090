//! The place of a name that is not defined, which this engine knows only inside some calls and
//! member accesses. Elsewhere it names no place, or that of the last call before.
//!
//! The boundary: the source says where the name is used. When the engine knows no place, it has to
//! be used once. When it knows an earlier one, the next use is taken.

use super::cx::Cx;
use crate::module_text::next_use;

const UNKNOWN: &str = ":?:?)";

/// The first frame of the stack of a `ReferenceError`, with the place of the name.
pub(super) fn placed(cx: &Cx<'_>, frame: &str, message: &str) -> Option<String> {
    let name = message.strip_suffix(" is not defined")?;
    let (before, known) = match frame.strip_suffix(UNKNOWN) {
        Some(before) => (before, None),
        None => {
            let (before, line, column) = split(frame)?;
            (before, Some((line, column)))
        }
    };
    let (_, file) = before.rsplit_once(" (")?;
    let source = cx.state().sources.get(file)?;
    let only = only_use(&source, name);
    let (line, column) = match known {
        Some(known) => only.or_else(|| next_use(&source, name, known))?,
        None => only?,
    };
    Some(format!("{before}:{line}:{column})"))
}

/// The line and column at which `name` is used, when it is used once.
fn only_use(source: &str, name: &str) -> Option<(u32, u32)> {
    let (line, column) = next_use(source, name, (1, 1))?;
    match next_use(source, name, (line, column + 1)) {
        None => Some((line, column)),
        Some(_) => None,
    }
}

/// A frame, its line and its column: `    at f (/a/main.js:1:27)`.
fn split(frame: &str) -> Option<(&str, u32, u32)> {
    let (rest, column) = frame.strip_suffix(')')?.rsplit_once(':')?;
    let (rest, line) = rest.rsplit_once(':')?;
    Some((rest, line.parse().ok()?, column.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{only_use, split};

    #[test]
    fn a_name_that_is_used_once_has_a_place() {
        let source = "const a = 1;\n  return ü + nope;";
        assert_eq!(only_use(source, "nope"), Some((2, 14)));
        assert_eq!(only_use("nope; nope", "nope"), None);
        assert_eq!(only_use("", "nope"), None);
    }

    #[test]
    fn a_frame_is_split_at_its_place() {
        let frame = "    at f (/a b/main.js:1:27)";
        assert_eq!(split(frame), Some(("    at f (/a b/main.js", 1, 27)));
        assert_eq!(split("    at f (/a/main.js:?:?)"), None);
        assert_eq!(split("    at f (native)"), None);
    }
}
