//! Syntax errors: this engine says the place only in the message, and of a string that does not end not at all.

use std::path::Path;

use boa_engine::{JsError as RawError, JsString, Module, Script, Source};

use super::cx::Cx;
use super::error::make;
use super::stack;
use super::value::Value;
use crate::engine::{Property, data};
use crate::excerpt::source_stack;
use crate::module_text::{column_of_byte, declarations, next_use};

/// What a source is parsed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Script,
    Module,
}

impl Goal {
    /// Parses `text` as the script called `name`.
    pub(super) fn script(cx: &mut Cx<'_>, name: &str, text: &str) -> Result<Script, RawError> {
        stack::ensure_source(cx.context, text, name)?;
        let source = Source::from_bytes(text).with_path(Path::new(name));
        Script::parse(source, None, cx.context)
            .map_err(|error| placed(cx, error, name, text, Self::Script))
    }

    /// Parses `text` as the module called `name`.
    pub(super) fn module(cx: &mut Cx<'_>, name: &str, text: &str) -> Result<Module, RawError> {
        stack::ensure_source(cx.context, text, name)?;
        let source = Source::from_bytes(text).with_path(Path::new(name));
        Module::parse(source, None, cx.context)
            .map_err(|error| placed(cx, error, name, text, Self::Module))
    }

    /// Parses `text` as the JSON module called `name`.
    pub(super) fn json(cx: &mut Cx<'_>, name: &str, text: &str) -> Result<Module, RawError> {
        let error = match Module::parse_json(JsString::from(text), cx.context) {
            Ok(module) => return Ok(module),
            Err(error) => error,
        };
        let thrown = error.into_opaque(cx.context).unwrap_or_default();
        let object = Value::wrap(thrown).as_object();
        let message = object.and_then(|object| data(cx, &object, "message")?.as_string());
        let message = message.unwrap_or_default();
        let (what, place) = match json_position(&message) {
            // A text that ended too early.
            Some((what, _, 0)) => (what, Some(end_of(text))),
            // That parser counts bytes.
            Some((what, line, column)) => (what, Some((line, column_of_byte(text, line, column)))),
            None => (message, None),
        };
        Err(syntax_error(cx, &what, name, text, place))
    }

    /// What the parser says of `text`, when it does not like it.
    fn complaint(self, cx: &mut Cx<'_>, text: &str) -> Option<String> {
        let source = Source::from_bytes(text);
        let error = match self {
            Self::Script => Script::parse(source, None, cx.context).err(),
            Self::Module => Module::parse(source, None, cx.context).err(),
        };
        Some(error?.as_native()?.message().to_owned())
    }
}

const OPEN_STRING: &str = "unterminated string literal";

/// What the parser threw of `source`, with the place as its stack.
fn placed(cx: &mut Cx<'_>, error: RawError, name: &str, source: &str, goal: Goal) -> RawError {
    let message = match error.as_native() {
        Some(native) if native.is_syntax() => native.message().to_owned(),
        _ => return error,
    };
    let (text, place) = match position_in_message(&message) {
        Some((text, line, column)) => {
            let place = vague(source, &text).unwrap_or(Some((line, column)));
            (text, place)
        }
        None if message == OPEN_STRING => (message, open_string(cx, source, goal)),
        None if message == "abrupt end" => {
            ("unexpected end of input".to_owned(), Some(end_of(source)))
        }
        None if message.starts_with("invalid scope analysis") => (message, None),
        // What else has no position is a source that ended too early.
        None => (message, Some(end_of(source))),
    };
    syntax_error(cx, &text, name, source, place)
}

/// The place of a mistake of which the parser names the start of the source, and not the place:
/// what it says of a name.
fn vague(source: &str, message: &str) -> Option<Option<(u32, u32)>> {
    let name = message.split('`').nth(1)?;
    if message.ends_with("declared multiple times") {
        return Some(match declarations(source, name)[..] {
            [_, second] => Some(second),
            _ => None,
        });
    }
    if message.starts_with("could not find the exported binding") {
        return Some(next_use(source, name, (1, 1)));
    }
    None
}

/// A `SyntaxError` whose stack is the place in the source.
fn syntax_error(
    cx: &mut Cx<'_>,
    message: &str,
    name: &str,
    source: &str,
    place: Option<(u32, u32)>,
) -> RawError {
    let stack = match place {
        Some((line, column)) => source_stack(name, source, line, column),
        None => format!("    at {name}"),
    };
    let value = make(cx, "SyntaxError", message);
    if let Some(object) = value.as_object() {
        let stack = Value::string(cx, &stack);
        // A fresh error object is extensible: defining on it cannot fail.
        let _ = object.define(cx, "stack", Property::hidden(stack));
    }
    RawError::from_opaque(value.raw)
}

fn position_in_message(message: &str) -> Option<(String, u32, u32)> {
    let (text, rest) = message.rsplit_once(" at line ")?;
    let (line, column) = rest.split_once(", col ")?;
    let column = column.trim_end_matches(|c: char| !c.is_ascii_digit());
    Some((
        text.to_owned(),
        line.trim().parse().ok()?,
        column.parse().ok()?,
    ))
}

/// The position in a message of the engine's JSON parser.
fn json_position(message: &str) -> Option<(String, u32, u32)> {
    let (text, rest) = message.rsplit_once(" at line ")?;
    let (line, column) = rest.split_once(" column ")?;
    Some((text.to_owned(), line.parse().ok()?, column.parse().ok()?))
}

/// The line and column behind the last character.
fn end_of(source: &str) -> (u32, u32) {
    let last = source.lines().last().unwrap_or_default();
    place(source.lines().count().max(1), last.chars().count() + 1)
}

/// Where the string begins that does not end: a source that stops before it has no such complaint, and one that stops behind it
/// has. So the line is found by bisection, and the quote in it by trying each, the last one first.
fn open_string(cx: &mut Cx<'_>, source: &str, goal: Goal) -> Option<(u32, u32)> {
    /// A longer source is not parsed again and again.
    const LONGEST: usize = 128 << 10;
    if source.len() > LONGEST {
        return None;
    }
    let mut is_open = |text: &str| goal.complaint(cx, text).as_deref() == Some(OPEN_STRING);
    let ends: Vec<usize> = source
        .split_inclusive('\n')
        .scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        })
        .collect();
    let line = ends.partition_point(|end| !is_open(&source[..*end]));
    let start = if line == 0 { 0 } else { ends[line - 1] };
    let text = &source[start..*ends.get(line)?];
    let quotes = text.char_indices().filter(|(_, c)| matches!(c, '\'' | '"'));
    let quotes: Vec<usize> = quotes.map(|(at, _)| at).collect();
    let quote = quotes
        .into_iter()
        .rev()
        .find(|at| !is_open(&source[..start + at]))?;
    Some(place(line + 1, text[..quote].chars().count() + 1))
}

fn place(line: usize, column: usize) -> (u32, u32) {
    let small = |number| u32::try_from(number).unwrap_or(u32::MAX);
    (small(line), small(column))
}

#[cfg(test)]
mod tests {
    use super::{position_in_message, vague};

    #[test]
    fn what_is_said_of_a_name_has_the_place_of_the_name() {
        let source = "let x = 1;\nlet x = 2; export { nope };";
        let twice = "lexical name `x` declared multiple times";
        assert_eq!(vague(source, twice), Some(Some((2, 5))));
        let nope = "could not find the exported binding `nope` in the declared names of the module";
        assert_eq!(vague(source, nope), Some(Some((2, 21))));
        assert_eq!(vague(source, "unexpected token `x`"), None);
    }

    #[test]
    fn a_parse_error_has_its_position_in_the_message() {
        let message = "expected token ';', got 'x' in expression statement at line 3, col 14";
        assert_eq!(
            position_in_message(message).map(|(_, line, column)| (line, column)),
            Some((3, 14))
        );
        assert_eq!(position_in_message("no position"), None);
    }
}
