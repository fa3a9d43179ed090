//! Syntax errors: this engine says the place as the first line of the stack, to which the source line is added here.

use rquickjs_sys as q;

use super::cx::{Cx, c_name};
use super::error::stack;
use super::value::Value;
use crate::engine::{Error, Property, data};
use crate::excerpt::source_stack;
use crate::module_text::{column_of_byte, next_use};

/// What a source is parsed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Script,
    Module,
}

impl Goal {
    /// Compiles `text`, called `name`.
    pub(super) fn compile<'js>(
        self,
        cx: &mut Cx<'js>,
        name: &str,
        text: &str,
    ) -> Result<Value<'js>, Error<'js>> {
        let kind = match self {
            Self::Script => q::JS_EVAL_TYPE_GLOBAL,
            Self::Module => q::JS_EVAL_TYPE_MODULE,
        };
        let c_name = c_name(name);
        // The engine reads one byte behind the end, which must be zero.
        let source: Vec<u8> = text.bytes().chain([0]).collect();
        // SAFETY: the source ends in a zero that its length does not count, the name is a C string, and the engine keeps neither.
        let raw = unsafe {
            let flags = (kind | q::JS_EVAL_FLAG_COMPILE_ONLY) as i32;
            let start = source.as_ptr().cast();
            q::JS_Eval(cx.ctx, start, text.len() as _, c_name.as_ptr(), flags)
        };
        cx.result(raw)
            .map_err(|error| placed(cx, error, name, text))
    }
}

/// Parses `text` as the JSON text called `name`.
pub(super) fn json<'js>(
    cx: &mut Cx<'js>,
    name: &str,
    text: &str,
) -> Result<Value<'js>, Error<'js>> {
    let c_name = c_name(name);
    let source: Vec<u8> = text.bytes().chain([0]).collect();
    // SAFETY: the text ends in a zero that its length does not count, and the engine keeps neither string.
    let raw = unsafe {
        let start = source.as_ptr().cast();
        q::JS_ParseJSON(cx.ctx, start, text.len() as _, c_name.as_ptr())
    };
    cx.result(raw)
        .map_err(|error| placed(cx, error, name, text))
}

/// What compiling threw, with the line of `source` in its stack. An import of another file that does not parse has its own already.
fn placed<'js>(cx: &mut Cx<'js>, error: Error<'js>, name: &str, source: &str) -> Error<'js> {
    let Error::Thrown(value) = error else {
        return error;
    };
    let Some(object) = value.as_object() else {
        return Error::Thrown(value);
    };
    let frame = stack(cx, &object).and_then(|stack| Some(stack.lines().next()?.to_owned()));
    let found = frame.as_deref().and_then(|frame| place(frame, name));
    // The engine counts bytes.
    let found = found.map(|(line, column)| (line, column_of_byte(source, line, column)));
    let place = found.or_else(|| {
        let message = data(cx, &object, "message")?.as_string()?;
        next_use(source, not_declared(&message)?, (1, 1))
    });
    if let Some(place) = place {
        let (line, column) = within(source, place);
        if (line, column) != place {
            // The engine shows the token there, which is none: "unexpected token in expression: ''".
            let message = Value::string(cx, "unexpected end of input");
            let _ = object.define(cx, "message", Property::hidden(message));
        }
        let stack = Value::string(cx, &source_stack(name, source, line, column));
        // A fresh error object is extensible: defining on it cannot fail.
        let _ = object.define(cx, "stack", Property::hidden(stack));
    }
    Error::Thrown(value)
}

/// The name in what the engine says, without a place, of an export that the module does not
/// declare.
fn not_declared(message: &str) -> Option<&str> {
    let name = message.strip_prefix("exported variable '")?;
    name.strip_suffix("' does not exist")
}

/// The line and column of a frame that is the place in the source called `name`.
fn place(frame: &str, name: &str) -> Option<(u32, u32)> {
    let rest = frame.strip_prefix("    at ")?.strip_prefix(name)?;
    let (line, column) = rest.strip_prefix(':')?.split_once(':')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// A place behind the last line that says something becomes the end of that line.
fn within(source: &str, place: (u32, u32)) -> (u32, u32) {
    let said = source.trim_end();
    let lines = said.lines().count() as u32;
    match said.lines().last() {
        Some(last) if place.0 > lines => (lines, last.chars().count() as u32 + 1),
        _ => place,
    }
}

#[cfg(test)]
mod tests {
    use super::{not_declared, place, within};

    #[test]
    fn an_export_of_what_is_not_declared_is_known_by_its_message() {
        let message = "exported variable 'nope' does not exist";
        assert_eq!(not_declared(message), Some("nope"));
        assert_eq!(not_declared("unexpected token"), None);
    }

    #[test]
    fn the_end_of_a_source_is_where_its_last_words_end() {
        assert_eq!(within("f(\n\n", (3, 1)), (1, 3));
        assert_eq!(within("f(\n", (1, 1)), (1, 1));
        assert_eq!(within("", (1, 1)), (1, 1));
    }

    #[test]
    fn only_a_frame_of_the_source_itself_is_a_place() {
        assert_eq!(place("    at /a/b.js:3:14", "/a/b.js"), Some((3, 14)));
        assert_eq!(place("    at /a/c.js:3:14", "/a/b.js"), None);
        assert_eq!(place("    at f (/a/b.js:3:14)", "/a/b.js"), None);
        assert_eq!(place("    at /a/b.js", "/a/b.js"), None);
    }
}
