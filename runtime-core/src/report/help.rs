//! What stands below a report: how to mend an error whose message does not say it.
//!
//! The boundary: it reads the error and its source, and runs nothing of a script.

use super::{expression, place_of};
use crate::advice;
use crate::engine::{Cx, Value, complaint};
use crate::error::JsError;
use crate::module_text::names_beside;
use crate::tables::nearest;

/// The line below a report, with its first word.
pub(super) fn help<'js>(cx: &mut Cx<'js>, reason: &Value<'js>) -> Option<String> {
    let error = JsError::describe(cx, reason);
    match error.name() {
        "ReferenceError" => {
            let name = error.message().strip_suffix(" is not defined")?;
            let help = undefined(cx, &error, name.trim_matches('\''))?;
            Some(format!("help: {help}"))
        }
        "SyntaxError" => {
            let (file, ..) = place_of(error.stack()?.lines().next()?)?;
            Some(format!("help: {}", advice::language(file)?))
        }
        "TypeError" => {
            let complaint = complaint(error.message())?;
            let (source, line, column) = source_of(cx, &error)?;
            let line = source.lines().nth(line.checked_sub(1)? as usize)?;
            let note = expression::note(line, column as usize, complaint)?;
            Some(format!("note: {note}"))
        }
        _ => None,
    }
}

/// What to do about a name that is not defined: the line of the spec that adds it, what takes its
/// place here, or the name that was meant.
fn undefined(cx: &mut Cx<'_>, error: &JsError, name: &str) -> Option<String> {
    if let Some(help) = cx.state().loader.missing(name) {
        return Some(help);
    }
    if let Some(help) = advice::global(name) {
        return Some(help);
    }
    let file = error
        .stack()
        .and_then(|stack| file_of(stack.lines().next()?));
    let source = file.and_then(|file| cx.state().sources.get(file));
    let beside = source.as_deref();
    let beside = beside.map_or(Vec::new(), |source| names_beside(source, name));
    let global = cx.global();
    let keys = global.own_keys(cx).unwrap_or_default();
    let keys: Vec<String> = keys.iter().filter_map(Value::as_string).collect();
    let here = beside.into_iter().chain(keys.iter().map(String::as_str));
    if let Some(near) = nearest(name, here) {
        return Some(format!("did you mean `{near}`?"));
    }
    let loader = &cx.state().loader;
    // What no module adds is named only when the letters are right.
    let mut known = advice::globals().filter(|known| known.eq_ignore_ascii_case(name));
    let missing = loader.missing_names().filter(|name| !name.contains(':'));
    let near = nearest(name, missing).or_else(|| known.next())?;
    Some(match loader.missing(near) {
        Some(help) => format!("did you mean `{near}`? It is not part of this runtime: {help}"),
        None => format!("did you mean `{near}`? But {}", advice::global(near)?),
    })
}

/// The file of a frame, whose line and column an engine need not know: `    at f (/a/main.js:?:?)`.
fn file_of(frame: &str) -> Option<&str> {
    let place = frame.strip_suffix(')')?.rsplit_once(" (")?.1;
    place.rsplitn(3, ':').nth(2)
}

/// The source in which an error was thrown, and the line and column there.
fn source_of(cx: &Cx<'_>, error: &JsError) -> Option<(std::rc::Rc<str>, u32, u32)> {
    let (file, line, column) = error.stack()?.lines().find_map(place_of)?;
    Some((cx.state().sources.get(file)?, line, column))
}

#[cfg(test)]
mod tests {
    use super::file_of;

    #[test]
    fn a_frame_has_a_file_also_when_its_place_is_not_known() {
        assert_eq!(file_of("    at f (/a b/main.js:?:?)"), Some("/a b/main.js"));
        assert_eq!(
            file_of("    at <main> (app:///main.js:1:2)"),
            Some("app:///main.js")
        );
        assert_eq!(file_of("    at f (native)"), None);
    }
}
