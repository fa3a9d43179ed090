//! Reports: the text that a person sees of an error that no script handled, and of source that does not parse.

mod imports;

use std::rc::Rc;

use imports::Import;

use crate::advice;
use crate::engine::{Cx, Kind, Object, Value, error_stack, missing_export as missing_export_of};
use crate::error::JsError;
use crate::excerpt::{marked, source_stack, visible};
use crate::inspect::{self, Options};
use crate::tables::nearest;

/// How many causes are followed.
const CAUSES: usize = 16;

/// The report of what a script threw: message, stack, the line where it was thrown, properties, and the chain of causes. Nothing in
/// it moves a terminal's cursor, and no line of a message begins where this file's own lines do.
pub(crate) fn report<'js>(cx: &mut Cx<'js>, reason: &Value<'js>, is_rejection: bool) -> String {
    let mut report = String::from(if is_rejection {
        "Uncaught (in promise) "
    } else {
        "Uncaught "
    });
    if let Some(missing) = missing_export(cx, reason) {
        report.push_str(&missing);
        return visible(&report).into_owned();
    }
    let mut next = Some(reason.clone());
    let mut seen: Vec<Value<'js>> = Vec::new();
    while let Some(reason) = next.take() {
        if seen.iter().any(|other| other.strict_eq(&reason)) || seen.len() == CAUSES {
            report.push_str("\ncaused by: …");
            break;
        }
        if !seen.is_empty() {
            report.push_str("\ncaused by: ");
        }
        let error = reason
            .as_object()
            .filter(|object| object.kind() == Kind::Error);
        let (text, cause) = match &error {
            Some(error) => inspect::inspect_error(cx, error),
            None => (inspect::inspect(cx, &reason, &Options::default()), None),
        };
        report.push_str(&text);
        if let Some(error) = error.filter(|_| seen.is_empty()) {
            report.push_str(&thrown_in(cx, &error).unwrap_or_default());
        }
        seen.push(reason);
        next = cause;
    }
    if let Some(help) = help(cx, reason) {
        report.push_str(&format!("\n    help: {help}"));
    }
    visible(&report).into_owned()
}

/// How to mend an error that says only that a global is not there, or that a source in another language does not parse.
fn help<'js>(cx: &mut Cx<'js>, reason: &Value<'js>) -> Option<String> {
    let error = JsError::describe(cx, reason);
    match error.name() {
        "ReferenceError" => {
            let name = error.message().strip_suffix(" is not defined")?;
            let name = name.trim_matches('\'');
            match cx.state().loader.line_that_adds(name) {
                Some(line) => Some(format!(
                    "add `{line}` to [modules] in runtime.toml and build again"
                )),
                None => advice::global(name),
            }
        }
        "SyntaxError" => {
            let (file, ..) = place_of(error.stack()?.lines().next()?)?;
            advice::language(file).map(str::to_owned)
        }
        _ => None,
    }
}

/// The line of the source where `error` was thrown. A source that did not parse has its line in the stack already.
fn thrown_in<'js>(cx: &mut Cx<'js>, error: &Object<'js>) -> Option<String> {
    let stack = error_stack(cx, error)?;
    if stack.contains("\n\n") {
        return None;
    }
    let (file, line, column) = stack.lines().find_map(place_of)?;
    let source = cx.state().sources.get(file)?;
    marked(&source, line, column)
}

/// The file, line and column of a frame: `    at f (/a/main.js:1:27)` or `    at /a/main.js:1:27`.
fn place_of(frame: &str) -> Option<(&str, u32, u32)> {
    let place = frame.trim_start().strip_prefix("at ")?;
    let place = match place.strip_suffix(')') {
        Some(place) => place.rsplit_once(" (")?.1,
        None => place,
    };
    let (place, column) = place.rsplit_once(':')?;
    let (file, line) = place.rsplit_once(':')?;
    Some((file, line.parse().ok()?, column.parse().ok()?))
}

/// The report of an import of a name that the module does not export. The engine knows the name and not the place.
fn missing_export<'js>(cx: &mut Cx<'js>, reason: &Value<'js>) -> Option<String> {
    let error = JsError::describe(cx, reason);
    if error.name() != "SyntaxError" {
        return None;
    }
    let name = missing_export_of(error.message())?;
    let state = Rc::clone(cx.state());
    let mut found: Vec<(String, Rc<str>, Import)> = Vec::new();
    for (file, source) in state.sources.all() {
        let imports = imports::imports(&source).into_iter();
        for import in imports.filter(|import| import.name == name) {
            let exports = state.loader.exports_of(&import.specifier);
            if !exports.is_some_and(|exports| exports.contains(&name)) {
                found.push((file.clone(), Rc::clone(&source), import));
            }
        }
    }
    // When several modules import such a name, nobody knows which of them is meant.
    let [(file, source, import)] = found.as_slice() else {
        return None;
    };
    let (specifier, (line, column)) = (&import.specifier, import.place);
    let stack = source_stack(file, source, line, column);
    let mut text = format!("SyntaxError: module `{specifier}` has no export `{name}`\n{stack}");
    if let Some(exports) = state.loader.exports_of(specifier) {
        let near = nearest(name, &exports);
        let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        let all: Vec<_> = exports.iter().map(|name| format!("`{name}`")).collect();
        text.push_str(&match all.is_empty() {
            true => format!("\n    help: `{specifier}` exports nothing"),
            false => format!("\n    help: {near}`{specifier}` exports {}", all.join(", ")),
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::tests::with_engine;

    #[test]
    fn no_message_passes_for_a_report_of_its_own() {
        let at = "\n    at <main> (/a/main.js:1)";
        check_report(
            "throw new Error('\\x1b[2Ja\\nerror: fake\\x07')",
            &format!("Uncaught Error: \\x1B[2Ja\n    error: fake\\x07{at}"),
        );
        check_report(
            "throw new Error('a', { cause: new Error('b\\x1b\\nUncaught c') })",
            &format!("Uncaught Error: a{at}\ncaused by: Error: b\\x1B\n    Uncaught c{at}"),
        );
        check_report(
            "throw Object.assign(new Error('a'), { stack: 'x\\nerror: fake\\x1b' })",
            "Uncaught Error: a\n    x\n    error: fake\\x1B",
        );
    }

    #[test]
    fn a_frame_has_a_place() {
        let check = |frame, expect| assert_eq!(place_of(frame), expect, "{frame}");
        check(
            "    at f (/a b/main.js:1:27)",
            Some(("/a b/main.js", 1, 27)),
        );
        check("    at /a/main.js:3:9", Some(("/a/main.js", 3, 9)));
        check("    at f (native)", None);
        check("    at f (/a/main.js:?:?)", None);
    }

    fn report_of(code: &str) -> String {
        with_engine(|cx| {
            let reason = match cx.eval(code, "/a/main.js") {
                Ok(_) => panic!("{code} throws nothing"),
                Err(error) => error.into_value(cx).expect("it is not fatal"),
            };
            report(cx, &reason, false)
        })
    }

    /// The report of what `code` throws, without the columns of its stacks: an engine takes that of the call or of its bracket.
    #[track_caller]
    fn check_report(code: &str, expect: &str) {
        let report = report_of(code);
        let lines = without_columns(&report);
        assert_eq!(lines, expect, "\n--- of {code}\n{report}\n---");
    }

    /// `(main.js:1:2)` becomes `(main.js:1)`.
    fn without_columns(report: &str) -> String {
        let is_number = |text: &str| text.parse::<u32>().is_ok();
        report
            .split_inclusive(')')
            .map(|part| match part.rsplit_once(':') {
                Some((place, column)) if is_number(column.trim_end_matches(')')) => {
                    format!("{place})")
                }
                _ => part.to_owned(),
            })
            .collect()
    }

    /// The report of a mistake in the syntax, below its message, whose words are the engine's.
    #[track_caller]
    fn check_syntax(code: &str, expect: &str) {
        let report = report_of(code);
        let (message, rest) = report.split_once('\n').unwrap_or((&report, ""));
        assert!(message.starts_with("Uncaught SyntaxError: "), "{report}");
        assert_eq!(rest, expect, "\n--- of {code}\n{report}\n---");
    }

    #[test]
    fn an_error_is_reported_with_its_stack_and_properties() {
        check_report(
            "function f() { throw new TypeError('no') }\nf()",
            "Uncaught TypeError: no\n    at f (/a/main.js:1)\n    at <main> (/a/main.js:2)",
        );
        check_report(
            "throw Object.assign(new Error('no file'), { code: 'ENOENT', path: 'x' })",
            "Uncaught Error: no file\n    at <main> (/a/main.js:1) {\n  code: 'ENOENT',\n  path: 'x'\n}",
        );
        let report = report_of("null.x");
        assert!(
            report.starts_with("Uncaught TypeError: ") && report.contains("null"),
            "{report}"
        );
    }

    #[test]
    fn causes_are_reported_in_a_chain_that_ends() {
        check_report(
            "throw new Error('a', { cause: new RangeError('b', { cause: 'c' }) })",
            "Uncaught Error: a\n    at <main> (/a/main.js:1)\ncaused by: RangeError: b\n    at <main> (/a/main.js:1)\ncaused by: 'c'",
        );
        check_report(
            "const e = new Error('a'); e.cause = e; throw e",
            "Uncaught Error: a\n    at <main> (/a/main.js:1)\ncaused by: …",
        );
    }

    #[test]
    fn what_is_no_error_is_inspected() {
        check_report("throw 'text'", "Uncaught 'text'");
        check_report("throw { a: [1] }", "Uncaught { a: [ 1 ] }");
        check_report("throw undefined", "Uncaught undefined");
    }

    #[test]
    fn a_syntax_error_shows_its_line() {
        check_syntax(
            "let a = 1\n\nlet x = = 1\n",
            "    at /a/main.js:3:9\n\n  3 | let x = = 1\n    |         ^",
        );
        check_syntax("f(\n", "    at /a/main.js:1:3\n\n  1 | f(\n    |   ^");
        check_syntax(
            "let s = 'abc",
            "    at /a/main.js:1:9\n\n  1 | let s = 'abc\n    |         ^",
        );
        check_syntax(
            "f('a')\ng('b', 'c)\nh()\n",
            "    at /a/main.js:2:8\n\n  2 | g('b', 'c)\n    |        ^",
        );
    }
}
