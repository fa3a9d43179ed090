//! Reports: the text that a person sees of an error that no script handled, and of source that does not parse.

use crate::engine::{Cx, Kind, Value};
use crate::error::JsError;
use crate::inspect::{self, Options};

/// How many causes are followed.
const CAUSES: usize = 16;

/// The report of what a script threw: message, stack, properties, and the chain of causes.
pub(crate) fn report<'js>(cx: &mut Cx<'js>, reason: &Value<'js>, is_rejection: bool) -> String {
    let mut report = String::from(if is_rejection {
        "Uncaught (in promise) "
    } else {
        "Uncaught "
    });
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
        let (text, cause) = match reason
            .as_object()
            .filter(|object| object.kind() == Kind::Error)
        {
            Some(error) => inspect::inspect_error(cx, &error),
            None => (inspect::inspect(cx, &reason, &Options::default()), None),
        };
        report.push_str(&text);
        seen.push(reason);
        next = cause;
    }
    if let Some(help) = help(cx, reason) {
        report.push_str(&help);
    }
    report
}

/// How to mend an error that says only that a global is not there, when a module that was not selected would define it.
fn help<'js>(cx: &mut Cx<'js>, reason: &Value<'js>) -> Option<String> {
    let error = JsError::from_value(cx, reason);
    let name = error.message().strip_suffix(" is not defined")?;
    let line = cx.state().loader.line_that_adds(name.trim_matches('\''))?;
    (error.name() == "ReferenceError")
        .then(|| format!("\n    help: add `{line}` to [modules] in runtime.toml and build again"))
}

/// The stack of an error in source text, with the line shown and the place in it marked.
pub(crate) fn source_stack(name: &str, source: &str, line: u32, column: u32) -> String {
    let mut stack = format!("    at {name}:{line}:{column}");
    if let Some(text) = source.lines().nth(line.saturating_sub(1) as usize) {
        let (text, before) = excerpt(text, column.saturating_sub(1) as usize);
        let indent = " ".repeat(inspect::width(&before));
        let margin = line.to_string();
        let gap = " ".repeat(margin.len());
        stack.push_str(&format!("\n\n  {margin} | {text}\n  {gap} | {indent}^"));
    }
    stack
}

/// The part of a line around a column that fits on a screen, and what of it stands before the column.
fn excerpt(line: &str, column: usize) -> (String, String) {
    const BEFORE: usize = 60;
    const SHOWN: usize = 100;
    let chars: Vec<char> = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let column = column.min(chars.len());
    let start = if chars.len() <= SHOWN {
        0
    } else {
        column.saturating_sub(BEFORE)
    };
    let end = chars.len().min(start + SHOWN);
    let cut = |from: usize, to: usize| {
        let lead = if start > 0 { "… " } else { "" };
        format!("{lead}{}", chars[from..to].iter().collect::<String>())
    };
    let tail = if end < chars.len() { " …" } else { "" };
    (cut(start, end) + tail, cut(start, column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::tests::with_engine;

    #[test]
    fn a_place_in_source_is_shown_with_its_line() {
        let check = |source: &str, line, column, expect: &str| {
            assert_eq!(source_stack("/a/main.js", source, line, column), expect);
        };
        check(
            "let a = 1\n\nlet x = = 1\n",
            3,
            9,
            "    at /a/main.js:3:9\n\n  3 | let x = = 1\n    |         ^",
        );
        check(
            "\tx y",
            1,
            4,
            "    at /a/main.js:1:4\n\n  1 |  x y\n    |    ^",
        );
        check(
            "日本 x",
            1,
            4,
            "    at /a/main.js:1:4\n\n  1 | 日本 x\n    |      ^",
        );
        check("", 7, 1, "    at /a/main.js:7:1");
    }

    #[test]
    fn of_a_long_line_the_part_around_the_place_is_shown() {
        let source = format!("{}!{}", "a".repeat(500), "b".repeat(500));
        let stack = source_stack("x.js", &source, 1, 501);
        let lines: Vec<&str> = stack.lines().collect();
        assert!(
            lines[2].starts_with("  1 | … aaaa") && lines[2].ends_with("bbb …"),
            "{stack}"
        );
        assert_eq!(
            lines[2].chars().position(|c| c == '!'),
            lines[3].chars().position(|c| c == '^')
        );
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
