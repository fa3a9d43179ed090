//! The console by what reaches its sink.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use runtime_core::JsRuntime;

use super::{MODULE, Sink, Stream, redirect};

/// Keeps what was written: lines of standard error with a `! ` in front.
#[derive(Clone, Default)]
struct Kept {
    text: Rc<RefCell<String>>,
    is_closed: bool,
}

impl Sink for Kept {
    fn write(&mut self, stream: Stream, lines: &str) -> io::Result<()> {
        if self.is_closed {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        for line in lines.split_inclusive('\n') {
            let mark = if stream == Stream::Err { "! " } else { "" };
            self.text.borrow_mut().extend([mark, line]);
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.text.borrow_mut().push_str("<clear>\n");
        Ok(())
    }
}

fn runtime(sink: Kept) -> JsRuntime {
    let runtime = JsRuntime::builder()
        .module(&MODULE)
        .build()
        .expect("it builds");
    runtime.enter(|cx| redirect(cx, sink));
    runtime
}

/// What `code` writes, and the error that ends it.
fn output(code: &str) -> String {
    let kept = Kept::default();
    let result = runtime(kept.clone()).eval(code);
    let mut text = kept.text.take();
    if let Err(error) = result {
        text.push_str(&format!("thrown {error}\n"));
    }
    text
}

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    for (code, expect) in rows {
        let text = output(code);
        assert_eq!(text, *expect, "\n--- of {code}\n{text}---");
    }
}

#[test]
fn values_are_printed_side_by_side() {
    check(&[
        ("console.log()", "\n"),
        (
            "console.log('a', 1, { s: 'x' }, ['y'], null)",
            "a 1 { s: 'x' } [ 'y' ] null\n",
        ),
        (
            "console.info('i'); console.debug('d'); console.dirxml({}, 'x')",
            "i\nd\n{} x\n",
        ),
        (
            "console.warn('w'); console.error('e\\nf')",
            "! w\n! e\n! f\n",
        ),
        (
            "console.dir('s'); console.dir(null); console.dir()",
            "'s'\nnull\nundefined\n",
        ),
        (
            "console.dir({ a: { b: {} , c: { d: 1 } } }, { depth: 0 })",
            "{ a: [Object] }\n",
        ),
        (
            "console.dir({ a: { b: { c: { d: { e: 1 } } } } }, { depth: null })",
            "{\n  a: {\n    b: { c: { d: { e: 1 } } }\n  }\n}\n",
        ),
        (
            "console.dir([1], { colors: true, showHidden: true })",
            "[ \u{1b}[33m1\u{1b}[39m, [length]: \u{1b}[33m1\u{1b}[39m ]\n",
        ),
    ]);
}

#[test]
fn formats() {
    check(&[
        ("console.log('%s')", "%s\n"),
        ("console.log('100%', 1)", "100% 1\n"),
        ("console.log('%%|%s|%%s', 'a')", "%|a|%s\n"),
        ("console.log('%s %s %s', 'a', 'b')", "a b %s\n"),
        ("console.log('%s', 'a', 'b', { c: 1 })", "a b { c: 1 }\n"),
        ("console.log('%x %s', 'a')", "%x a\n"),
        (
            "console.log('%s %s %s %s', -0, 1n, Symbol('q'), null)",
            "-0 1n Symbol(q) null\n",
        ),
        (
            "console.log('%s', { a: { b: 1 } }, { a: { b: 1 } })",
            "{ a: [Object] } { a: { b: 1 } }\n",
        ),
        (
            "console.log('%s', { toString() { return 'mine' } })",
            "mine\n",
        ),
        (
            "console.log('%s', { toString() { throw new Error('no') } })",
            "thrown Error: no\n",
        ),
        (
            "console.log('%s %s', class A {}, () => {})",
            "[class A] [Function (anonymous)]\n",
        ),
        (
            "console.log('%d %i %d %d', 1.9, '-42px', '0x1F', 5n)",
            "1 -42 31 5n\n",
        ),
        (
            "console.log('%d %d %d %i', {}, 'x', Symbol(), Infinity)",
            "NaN NaN NaN NaN\n",
        ),
        (
            "console.log('%f %f %f %f', '1.5e3x', 2, '-.5', 'x')",
            "1500 2 -0.5 NaN\n",
        ),
        ("console.log('%f %f', '1e', '-Infinity!')", "1 -Infinity\n"),
        ("console.log('%d', new Number(3.7))", "3\n"),
        (
            "console.log('%o|%O|', { a: 'x' }, { b: 1 })",
            "{ a: 'x' }|{ b: 1 }|\n",
        ),
        (
            "console.log('%cred%c plain', 'color: red', '')",
            "red plain\n",
        ),
        ("console.log('a%', '%s', 'c')", "a% %s c\n"),
    ]);
}

#[test]
fn groups_indent_every_line() {
    check(&[
        (
            "console.group('G', 1); console.log('a\\n\\nb'); console.group(); console.warn('c'); console.groupEnd(); console.log('d'); console.groupEnd(); console.groupEnd(); console.log('e')",
            "G 1\n  a\n\n  b\n!     c\n  d\ne\n",
        ),
        (
            "console.groupCollapsed('x'); console.clear(); console.log('y')",
            "x\n<clear>\ny\n",
        ),
    ]);
}

#[test]
fn counts_and_assertions() {
    check(&[
        (
            "console.count(); console.count('a'); console.count(undefined); console.countReset(); console.count('default'); console.countReset('none'); console.count(null)",
            "default: 1\na: 1\ndefault: 2\ndefault: 1\n! Count for 'none' does not exist\nnull: 1\n",
        ),
        ("console.assert(true, 'x'); console.assert(1)", ""),
        ("console.assert()", "! Assertion failed\n"),
        (
            "console.assert(false, 'x %s', 'y')",
            "! Assertion failed: x y\n",
        ),
        (
            "console.assert(0, { a: 1 }, 'b')",
            "! Assertion failed: { a: 1 } b\n",
        ),
        (
            "console.count({ toString() { throw new RangeError('mine') } })",
            "thrown RangeError: mine\n",
        ),
    ]);
}

#[test]
fn timers_say_how_long_they_have_run() {
    let text = output(
        "console.time(); console.time(); console.timeLog('default', 'more', { a: 1 }); console.timeEnd(); console.timeEnd('t')",
    );
    let lines: Vec<&str> = text.lines().collect();
    let is_time = |text: &str| {
        let number = text.strip_suffix("ms").or_else(|| text.strip_suffix('s'));
        number.is_some_and(|number| number.parse::<f64>().is_ok())
    };
    let [exists, log, end, none] = lines[..] else {
        panic!("{text}")
    };
    assert_eq!(exists, "! Timer 'default' already exists");
    let log = log
        .strip_prefix("default: ")
        .and_then(|log| log.strip_suffix(" more { a: 1 }"));
    assert!(log.is_some_and(is_time), "{text}");
    assert!(end.strip_prefix("default: ").is_some_and(is_time), "{text}");
    assert_eq!(none, "! Timer 't' does not exist");
}

#[test]
fn durations_have_the_unit_that_suits_them() {
    let check = |millis, expect: &str| {
        assert_eq!(
            super::duration(std::time::Duration::from_micros(millis)),
            expect
        )
    };
    check(1_234, "1.234ms");
    check(1_234_000, "1.234s");
    check(62_345_000, "1:02.345 (m:ss.mmm)");
    check(3_723_000_000, "1:02:03 (h:mm:ss)");
}

#[test]
fn trace_shows_who_calls() {
    let text = output("function f() { console.trace('at %s', 'f') }\nf()");
    // The column is the engine's: of the call, or of its bracket.
    let place = |line: &str| {
        line.rsplit_once(':')
            .map_or(line, |(place, _)| place)
            .to_owned()
    };
    let lines: Vec<String> = text.lines().skip(1).map(place).collect();
    assert!(text.starts_with("! Trace: at f\n"), "{text}");
    assert_eq!(lines, ["!     at f (<eval>:1", "!     at <main> (<eval>:2"]);
}

#[test]
fn tables() {
    check(&[
        (
            "console.table([{ a: 1, b: 'x' }, { a: 2, c: { d: { e: 1 } } }])",
            "┌─────────┬───┬─────┬─────────────────┐\n\
             │ (index) │ a │ b   │ c               │\n\
             ├─────────┼───┼─────┼─────────────────┤\n\
             │ 0       │ 1 │ 'x' │                 │\n\
             │ 1       │ 2 │     │ { d: [Object] } │\n\
             └─────────┴───┴─────┴─────────────────┘\n",
        ),
        (
            "console.table([1, 'two', { three: 3 }])",
            "┌─────────┬───────┬────────┐\n\
             │ (index) │ three │ Values │\n\
             ├─────────┼───────┼────────┤\n\
             │ 0       │       │ 1      │\n\
             │ 1       │       │ 'two'  │\n\
             │ 2       │ 3     │        │\n\
             └─────────┴───────┴────────┘\n",
        ),
        (
            "console.table(new Map([['k', { v: 1 }], ['l', 2]]))",
            "┌───────────────────┬─────┬──────────┐\n\
             │ (iteration index) │ Key │ Values   │\n\
             ├───────────────────┼─────┼──────────┤\n\
             │ 0                 │ 'k' │ { v: 1 } │\n\
             │ 1                 │ 'l' │ 2        │\n\
             └───────────────────┴─────┴──────────┘\n",
        ),
        (
            "console.table({ r: { a: 1, b: 2, get c() { throw 1 } } }, ['b', 'z', 'c'])",
            "┌─────────┬───┬───┬──────────┐\n\
             │ (index) │ b │ z │ c        │\n\
             ├─────────┼───┼───┼──────────┤\n\
             │ r       │ 2 │   │ [Getter] │\n\
             └─────────┴───┴───┴──────────┘\n",
        ),
        (
            "console.table([[{ p: 1, q: 2, r: 3 }, [1, 2, 3, 4, 5], '日本']])",
            "┌─────────┬──────────┬───────────────────────────────┬────────┐\n\
             │ (index) │ 0        │ 1                             │ 2      │\n\
             ├─────────┼──────────┼───────────────────────────────┼────────┤\n\
             │ 0       │ [Object] │ [ 1, 2, 3, ... 2 more items ] │ '日本' │\n\
             └─────────┴──────────┴───────────────────────────────┴────────┘\n",
        ),
        (
            "console.table(5); console.table('x'); console.table()",
            "5\nx\nundefined\n",
        ),
    ]);
}

#[test]
fn it_is_a_namespace_object_with_functions_of_its_own() {
    check(&[
        (
            "const { log } = console; log('bound'); [1].forEach(console.log)",
            "bound\n1 0 [ 1 ]\n",
        ),
        (
            "console.log(Object.prototype.toString.call(console), Object.keys(console).length)",
            "[object console] 19\n",
        ),
        (
            "console.log(console.log.name, console.log.length, console.timeEnd.name)",
            "log 0 timeEnd\n",
        ),
        (
            "console.log = (x) => console.info('mine', x); console.log(1)",
            "mine 1\n",
        ),
        (
            "console.log(Object.getPrototypeOf(Object.getPrototypeOf(console)) === Object.prototype)",
            "true\n",
        ),
    ]);
}

#[test]
fn tampering_does_not_break_it() {
    check(&[
        (
            "Array.prototype.join = Array.prototype[Symbol.iterator] = String.prototype.split = () => { throw new Error('touched') };
             Object.defineProperty(Object.prototype, 'depth', { get() { throw new Error('touched') } });
             console.log('%s', 'a', [1, 2]); console.dir({ a: 1 }, {}); console.log(new Proxy({}, { get() { throw 1 }, ownKeys() { throw 1 } }));
             console.table(new Proxy([], { get() { throw 1 }, ownKeys() { throw 1 } }))",
            "a [ 1, 2 ]\n{ a: 1 }\n[Proxy]\n[Proxy]\n",
        ),
    ]);
}

#[test]
fn when_nobody_reads_the_script_ends() {
    let kept = Kept {
        is_closed: true,
        ..Kept::default()
    };
    let error = runtime(kept)
        .eval("console.log('x'); 1")
        .expect_err("the pipe is closed");
    assert_eq!(error.code(), Some("ERR_STOPPED"), "{error:?}");
}
