//! Reports: the text that a person sees of an error that no script handled, and of source that does not parse.

mod exports;
mod expression;
mod help;

use crate::engine::{Cx, Kind, Object, Value, error_stack};
use crate::excerpt::{marked, visible};
use crate::inspect::{self, Options};

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
    if let Some(missing) = exports::missing_export(cx, reason) {
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
    if let Some(help) = help::help(cx, reason) {
        report.push_str(&format!("\n    {help}"));
    }
    visible(&report).into_owned()
}

/// The line of the source where `error` was thrown. A source that did not parse has its line in the stack already.
fn thrown_in<'js>(cx: &mut Cx<'js>, error: &Object<'js>) -> Option<String> {
    let stack = error_stack(cx, error)?;
    if stack.contains("\n\n") {
        return None;
    }
    let (file, line, column) = stack.lines().find_map(place_of)?;
    let source = cx.state().sources.get(file)?;
    marked(&source, line, on_word(&source, line, column))
}

/// The column of the next character that is no blank: an engine may mean what stands behind one.
fn on_word(source: &str, line: u32, column: u32) -> u32 {
    let text = line.checked_sub(1);
    let text = text.and_then(|line| source.lines().nth(line as usize));
    let from = column.saturating_sub(1) as usize;
    let rest = text.unwrap_or_default().chars().skip(from);
    let blanks = rest.clone().take_while(|c| c.is_whitespace()).count();
    match rest.clone().nth(blanks) {
        Some(_) => column.saturating_add(u32::try_from(blanks).unwrap_or(0)),
        None => column,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::tests::with_engine;

    #[test]
    fn a_place_on_a_blank_is_that_of_what_stands_behind_it() {
        assert_eq!(on_word("let f; f()", 1, 7), 8);
        assert_eq!(on_word("let f; f()", 1, 8), 8);
        assert_eq!(on_word("f(  ", 1, 3), 3);
        assert_eq!(on_word("f(", 9, 3), 3);
    }

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
