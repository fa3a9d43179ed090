//! Functions: arguments, defaults, rest, callbacks, names.

use std::cell::RefCell;
use std::collections::BTreeMap;

use runtime_core::prelude::*;

use crate::check;

/// Says things.
#[js_module(globals)]
mod plain {
    use super::*;

    /// Greets somebody.
    #[js_fn]
    fn greet(name: String, times: Option<u32>) -> String {
        vec![format!("hello, {name}"); times.unwrap_or(1) as usize].join("; ")
    }

    #[js_fn]
    fn add(a: f64, b: f64) -> f64 {
        a + b
    }

    #[js_fn(name = "shout")]
    fn make_loud(
        text: &str,
        #[js(default = "!")] mark: &str,
        #[js(default = 1 + 1)] times: usize,
    ) -> String {
        text.to_uppercase() + &mark.repeat(times)
    }

    #[js_fn]
    fn nothing() {}

    #[js_fn]
    fn type_name(#[js(default)] r#type: String, args: Rest<i32>) -> String {
        format!("{type}:{}", args.iter().sum::<i32>())
    }

    #[js_fn]
    fn add_named(add_named: f64, cx: f64, args: f64) -> f64 {
        add_named + cx + args
    }

    #[js_fn]
    fn count(words: Vec<String>) -> BTreeMap<String, u32> {
        let mut counts = BTreeMap::new();
        for word in words {
            *counts.entry(word).or_default() += 1;
        }
        counts
    }

    #[js_fn]
    fn big(a: i64, b: u64, c: i128) -> i128 {
        i128::from(a) + i128::from(b) + c
    }

    #[js_fn]
    fn pair(pair: (String, bool)) -> (bool, String) {
        (pair.1, pair.0)
    }

    #[js_fn]
    fn twice<'js>(
        cx: &mut Cx<'js>,
        value: Value<'js>,
        function: Function<'js>,
    ) -> Result<Value<'js>, Error<'js>> {
        let undefined = Value::undefined();
        let once = function.call(cx, &undefined, &[value])?;
        function.call(cx, &undefined, &[once])
    }

    #[js_fn]
    fn same(object: Object<'_>) -> Object<'_> {
        object
    }

    #[js_fn]
    fn surrogates(text: String, exact: JsString) -> String {
        format!("{} {}", text.escape_unicode(), exact.units().len())
    }

    #[js_fn]
    fn constant() -> &'static str {
        "always"
    }

    thread_local! {
        static KEPT: RefCell<Option<Callback<(String, u32), String>>> = const { RefCell::new(None) };
    }

    #[js_fn]
    fn keep(callback: Callback<(String, u32), String>) {
        KEPT.set(Some(callback));
    }

    #[js_fn]
    fn call_kept<'js>(cx: &mut Cx<'js>) -> Result<String, Error<'js>> {
        let callback = KEPT.take().expect("it was kept");
        callback.call(cx, ("a".to_owned(), 7))
    }
}

#[test]
fn arguments_are_converted_and_results_too() {
    check(
        &MODULE,
        &[
            ("greet('Ada')", "hello, Ada"),
            ("greet('Ada', 2)", "hello, Ada; hello, Ada"),
            ("greet('Ada', null)", "hello, Ada"),
            ("add(1, 2.5)", "3.5"),
            ("add(1, 2, 'more')", "3"),
            ("nothing()", "undefined"),
            ("constant()", "always"),
            ("JSON.stringify(count(['a', 'b', 'a']))", r#"{"a":2,"b":1}"#),
            ("JSON.stringify(pair(['x', true]))", r#"[true,"x"]"#),
            (
                "typeof big(-1n, 2n ** 64n - 1n, 3n), big(-1n, 2n ** 64n - 1n, 3n)",
                "18446744073709551617",
            ),
            ("big(1, 2, 3)", "6"),
            ("add_named = addNamed(1, 2, 3)", "6"),
            (r"surrogates('\ud800', 'x\ud800')", r"\u{fffd} 2"),
            ("((o) => same(o) === o)({})", "true"),
        ],
    );
}

#[test]
fn absent_arguments_have_their_defaults() {
    check(
        &MODULE,
        &[
            ("shout('hi')", "HI!!"),
            ("shout('hi', '?')", "HI??"),
            ("shout('hi', undefined, 0)", "HI"),
            ("typeName()", ":0"),
            ("typeName('t', 1, 2, 3)", "t:6"),
        ],
    );
}

#[test]
fn a_function_has_the_name_and_length_of_its_declaration() {
    check(
        &MODULE,
        &[
            ("greet.name + greet.length", "greet1"),
            ("shout.name + shout.length", "shout1"),
            ("typeName.length", "0"),
            ("twice.length", "2"),
            ("typeof make_loud", "undefined"),
        ],
    );
}

#[test]
fn a_function_of_the_script_is_called_now_and_later() {
    check(
        &MODULE,
        &[
            ("twice(2, (n) => n * n)", "16"),
            (
                "twice(2, () => { throw new RangeError('mine') })",
                "thrown RangeError: mine",
            ),
            ("(keep((a, b) => a + b), callKept())", "a7"),
            (
                "(keep(() => 1), callKept())",
                "thrown TypeError: result of the callback must be a string, got a number",
            ),
        ],
    );
}

#[test]
fn an_argument_error_reads_as_javascripts_own() {
    check(
        &MODULE,
        &[
            (
                "greet({})",
                "thrown TypeError: greet: argument 1 (name) must be a string, got an object",
            ),
            (
                "greet()",
                "thrown TypeError: greet: argument 1 (name) must be a string, got undefined",
            ),
            (
                "greet('a', -1)",
                "thrown RangeError: greet: argument 2 (times) must be an integer from 0 to 4294967295, got -1",
            ),
            (
                "shout('a', 1)",
                "thrown TypeError: shout: argument 2 (mark) must be a string, got a number",
            ),
            (
                "typeName('t', 1, 'x')",
                "thrown TypeError: typeName: argument 2 (args)[1] must be a number, got a string",
            ),
            (
                "count(['a', 1])",
                "thrown TypeError: count: argument 1 (words)[1] must be a string, got a number",
            ),
            (
                "keep(1)",
                "thrown TypeError: keep: argument 1 (callback) must be a function, got a number",
            ),
            (
                "twice(1)",
                "thrown TypeError: twice: argument 2 (function) must be a function, got undefined",
            ),
        ],
    );
}
