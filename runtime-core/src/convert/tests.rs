//! Each conversion, both ways, with what it refuses and how it says so.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{ArrayBuffer, FromJs, IntoJs, JsIter, JsString, Rest};
use crate::engine::{Cx, Error, Function, Value, closure};
use crate::error::JsError;
use crate::runtime::JsRuntime;

fn enter<R>(body: impl for<'js> FnOnce(&mut Cx<'js>) -> R) -> R {
    let runtime = JsRuntime::builder().build().expect("the engine starts");
    runtime.enter(body)
}

/// What the value of `code` becomes, or how it is refused.
fn from<T: for<'js> FromJs<'js> + 'static>(code: &str) -> Result<T, String> {
    enter(|cx| {
        let value = cx.eval(code, "test");
        let converted = value.and_then(|value| T::from_js(cx, &value));
        converted.map_err(|error| JsError::from_error(cx, error).to_string())
    })
}

fn check_from<T: for<'js> FromJs<'js> + PartialEq + Debug + 'static>(code: &str, expected: T) {
    assert_eq!(from(code), Ok(expected), "{code}");
}

fn check_refused<T: for<'js> FromJs<'js> + Debug + 'static>(code: &str, expected: &str) {
    assert_eq!(from::<T>(code).expect_err(code), expected, "{code}");
}

/// Whether a script finds `code` true of `v`, which is what `value` becomes.
fn check_into(value: impl for<'js> IntoJs<'js>, code: &str) {
    enter(|cx| {
        let value = value.into_js(cx).expect("it converts");
        let global = cx.global();
        global
            .set(cx, "v", value)
            .expect("the global object takes properties");
        let told = cx.eval(code, "test");
        let told = told.map_err(|error| JsError::from_error(cx, error));
        assert_eq!(told.expect(code).as_bool(), Some(true), "{code}");
    });
}

/// What argument 0 becomes when a function is called as `code` says.
fn from_arg<T: for<'js> FromJs<'js> + Debug + 'static>(code: &str) -> String {
    enter(|cx| {
        let call = closure(|cx, args| {
            let converted = T::from_arg(cx, args, 0)?;
            Ok(Value::string(cx, &format!("{converted:?}")))
        });
        let function = Function::closure(cx, "f", 0, call).to_value();
        let global = cx.global();
        global
            .set(cx, "f", function)
            .expect("the global object takes properties");
        match cx.eval(code, "test") {
            Ok(value) => value.as_string().expect("it gives text"),
            Err(error) => JsError::from_error(cx, error).to_string(),
        }
    })
}

#[test]
fn booleans_and_numbers_are_not_coerced() {
    check_from("true", true);
    check_refused::<bool>("1", "TypeError: value must be a boolean, got a number");
    check_from("1.5", 1.5_f64);
    check_from("0.1", 0.1_f32);
    assert!(from::<f64>("NaN").is_ok_and(f64::is_nan));
    check_refused::<f64>("'1'", "TypeError: value must be a number, got a string");
    check_refused::<f64>("1n", "TypeError: value must be a number, got a bigint");
    check_refused::<f64>("null", "TypeError: value must be a number, got null");
    check_refused::<f64>("[]", "TypeError: value must be a number, got an array");
}

#[test]
fn an_integer_is_exact_and_in_range() {
    check_from("255", 255_u8);
    check_from("-0", 0_u8);
    check_from("-128", -128_i8);
    check_from("65535", 65_535_u16);
    check_from("-32768", -32_768_i16);
    check_from("4294967295", u32::MAX);
    check_from("-2147483648", i32::MIN);
    check_from("9007199254740991", 9_007_199_254_740_991_usize);
    check_from("-9007199254740991", -9_007_199_254_740_991_isize);
    check_refused::<u8>(
        "300",
        "RangeError: value must be an integer from 0 to 255, got 300",
    );
    check_refused::<u8>(
        "-1",
        "RangeError: value must be an integer from 0 to 255, got -1",
    );
    check_refused::<u8>(
        "1.5",
        "RangeError: value must be an integer from 0 to 255, got 1.5",
    );
    check_refused::<u8>(
        "NaN",
        "RangeError: value must be an integer from 0 to 255, got NaN",
    );
    check_refused::<i8>(
        "-Infinity",
        "RangeError: value must be an integer from -128 to 127, got -Infinity",
    );
    check_refused::<u8>("'1'", "TypeError: value must be a number, got a string");
    let usize_range = "RangeError: value must be an integer from 0 to 9007199254740991, got";
    check_refused::<usize>(
        "9007199254740992",
        &format!("{usize_range} 9007199254740992"),
    );
    check_refused::<usize>("1e300", &format!("{usize_range} 1e300"));
}

#[test]
fn wide_integers_are_bigints_and_take_safe_integers() {
    check_from("-9223372036854775808n", i64::MIN);
    check_from("18446744073709551615n", u64::MAX);
    check_from("-(2n ** 127n)", i128::MIN);
    check_from("100", 100_u64);
    let range = "RangeError: value must be an integer from 0 to 18446744073709551615, got";
    check_refused::<u64>("-1n", &format!("{range} -1"));
    check_refused::<u64>("-1", &format!("{range} -1"));
    check_refused::<u64>("2n ** 64n", &format!("{range} 18446744073709551616"));
    check_refused::<u64>("10n ** 60n", &format!("{range} one of 61 digits"));
    check_refused::<i64>(
        "1.5",
        "RangeError: value must be a bigint or a safe integer, got 1.5",
    );
    check_refused::<i64>(
        "2 ** 53",
        "RangeError: value must be a bigint or a safe integer, got 9007199254740992",
    );
    check_refused::<i64>("'1'", "TypeError: value must be a bigint, got a string");
}

#[test]
fn numbers_become_what_they_are() {
    check_into(true, "v === true");
    check_into(1.5_f64, "v === 1.5");
    check_into(0.5_f32, "v === 0.5");
    check_into(255_u8, "v === 255");
    check_into(-1_i8, "v === -1");
    check_into(u32::MAX, "v === 4294967295");
    check_into(usize::MAX, "v === 2 ** 64");
    check_into(i64::MIN, "v === -9223372036854775808n");
    check_into(u64::MAX, "v === 18446744073709551615n");
    check_into(i128::MAX, "v === 2n ** 127n - 1n");
}

#[test]
fn text_is_text() {
    check_from("'caf\u{e9} \u{1f600}'", "caf\u{e9} \u{1f600}".to_owned());
    check_from::<Cow<'static, str>>("'x'", Cow::Borrowed("x"));
    check_from("'\u{1f600}'", '\u{1f600}');
    check_refused::<String>("1", "TypeError: value must be a string, got a number");
    check_refused::<String>("({})", "TypeError: value must be a string, got an object");
    check_refused::<char>(
        "'ab'",
        "RangeError: value must be a string of one character, got one of 2",
    );
    check_refused::<char>(
        "''",
        "RangeError: value must be a string of one character, got one of 0",
    );
    check_into("x".to_owned(), "v === 'x'");
    check_into("static", "v === 'static'");
    check_into('\u{1f600}', "v === '\u{1f600}'");
}

#[test]
fn a_lone_surrogate_is_replaced_in_text_and_kept_in_a_js_string() {
    check_from(r"'a\ud800'", "a\u{fffd}".to_owned());
    let lone = JsString::from_units([0x61, 0xd800]);
    check_from(r"'a\ud800'", lone.clone());
    check_into(lone.clone(), r"v === 'a\ud800'");
    assert_eq!(format!("{lone:?}"), r#""a\u{d800}""#);
    assert_eq!(
        (lone.to_text(), lone.to_text_lossy()),
        (None, "a\u{fffd}".to_owned())
    );
}

#[test]
fn bytes_come_from_buffers_and_their_views_only() {
    check_from("new Uint8Array([1, 2])", vec![1_u8, 2]);
    check_from("new Uint8Array([1, 2]).buffer", ArrayBuffer(vec![1, 2]));
    check_from("new DataView(new ArrayBuffer(3), 1)", vec![0_u8, 0]);
    check_from("new Uint8Array([1, 2])", [1_u8, 2]);
    let want = "TypeError: value must be an ArrayBuffer or a view of one, got";
    check_refused::<Vec<u8>>("'x'", &format!("{want} a string"));
    check_refused::<Vec<u8>>("[1, 2]", &format!("{want} an object"));
    check_refused::<[u8; 4]>(
        "new Uint8Array(2)",
        "RangeError: value must be a sequence of 4 items, got 2",
    );
    check_into(
        vec![1_u8, 2],
        "v instanceof Uint8Array && v.join() === '1,2'",
    );
    check_into([1_u8, 2], "v instanceof Uint8Array && v.join() === '1,2'");
    check_into(
        ArrayBuffer(vec![1, 2]),
        "v instanceof ArrayBuffer && v.byteLength === 2",
    );
}

#[test]
fn a_sequence_is_an_array_a_typed_array_or_iterable() {
    check_from("[1, 2]", vec![1.0, 2.0]);
    check_from("[]", Vec::<String>::new());
    check_from("[[1], [2, 3]]", vec![vec![1_u32], vec![2, 3]]);
    check_from("[1, , 3]", vec![Some(1_u32), None, Some(3)]);
    check_from("new Float32Array([0.5, 2])", vec![0.5_f64, 2.0]);
    check_from("new BigInt64Array([-1n])", vec![-1_i64]);
    check_from("new Set(['a', 'b'])", vec!["a".to_owned(), "b".to_owned()]);
    check_from("(function* () { yield 1; yield 2 })()", vec![1_u32, 2]);
    check_from(
        "[new Uint8Array([1]), new Uint8Array([2])]",
        vec![vec![1_u8], vec![2]],
    );
    check_refused::<Vec<f64>>("'text'", "TypeError: value must be an array, got a string");
    check_refused::<Vec<f64>>(
        "({ length: 1 })",
        "TypeError: value must be an array, got an object",
    );
    check_refused::<Vec<f64>>(
        "[1, 'x']",
        "TypeError: `[1]` must be a number, got a string",
    );
    check_refused::<Vec<Vec<u8>>>(
        "[1]",
        "TypeError: `[0]` must be an ArrayBuffer or a view of one, got a number",
    );
    check_refused::<Vec<f64>>(
        "new Set([1, 'x'])",
        "TypeError: `[1]` must be a number, got a string",
    );
    check_refused::<[f64; 2]>(
        "[1]",
        "RangeError: value must be a sequence of 2 items, got 1",
    );
    check_into(vec![1, 2], "Array.isArray(v) && v.join() === '1,2'");
    check_into(
        vec![vec![1_u8]],
        "Array.isArray(v) && v[0] instanceof Uint8Array",
    );
}

#[test]
fn an_iterator_that_is_left_early_is_told() {
    let told = "globalThis.closed = 0; function* g() { try { yield 'x'; yield 1 } finally { closed++ } } g()";
    enter(|cx| {
        let value = cx.eval(told, "test").expect("it runs");
        assert!(Vec::<f64>::from_js(cx, &value).is_err());
        assert_eq!(
            cx.eval("closed", "test").ok().and_then(|n| n.as_number()),
            Some(1.0)
        );
    });
}

#[test]
fn what_an_iterator_throws_is_thrown() {
    check_refused::<Vec<f64>>(
        "(function* () { throw new RangeError('mine') })()",
        "RangeError: mine",
    );
}

#[test]
fn a_tuple_is_an_array() {
    check_from("['a', 1]", ("a".to_owned(), 1_u32));
    check_from("['a']", ("a".to_owned(), None::<u32>));
    check_from("[1, 2, 3, 4, 5, 6]", (1_u8, 2_u8, 3_u8, 4_u8, 5_u8, 6_u8));
    check_refused::<(String, u32)>(
        "['a', 'b']",
        "TypeError: `[1]` must be a number, got a string",
    );
    check_refused::<(String, u32)>("['a']", "TypeError: `[1]` must be a number, got undefined");
    check_refused::<(u32, u32)>(
        "({})",
        "TypeError: value must be an array of 2, got an object",
    );
    check_into(("a", 1, true), "JSON.stringify(v) === '[\"a\",1,true]'");
}

#[test]
fn a_map_is_a_plain_object() {
    let expected = |pairs: &[(&str, u32)]| -> BTreeMap<String, u32> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), *value))
            .collect()
    };
    check_from(
        "({ a: 1, b: 2, [Symbol('s')]: 3 })",
        expected(&[("a", 1), ("b", 2)]),
    );
    check_from(
        "Object.create({ inherited: 1 }, { hidden: { value: 2 }, own: { value: 3, enumerable: true } })",
        expected(&[("own", 3)]),
    );
    check_from(
        r#"JSON.parse('{"__proto__": 1}')"#,
        expected(&[("__proto__", 1)]),
    );
    check_from("new Map([['a', 1]])", expected(&[("a", 1)]));
    check_from("({ a: 1 })", HashMap::from([("a".to_owned(), 1_u32)]));
    type Map = BTreeMap<String, u32>;
    check_refused::<Map>(
        "({ a: 'x' })",
        "TypeError: `a` must be a number, got a string",
    );
    check_refused::<Map>(
        "({ 'two words': 'x' })",
        r#"TypeError: `["two words"]` must be a number, got a string"#,
    );
    check_refused::<BTreeMap<String, Vec<Map>>>(
        "({ a: [{ b: 1 }, { b: null }] })",
        "TypeError: `a[1].b` must be a number, got null",
    );
    check_refused::<Map>(
        "new Map([[1, 1]])",
        "TypeError: value must be a Map with strings for keys, got a number",
    );
    check_refused::<Map>(
        "[1]",
        "TypeError: value must be a plain object, got an array",
    );
    check_refused::<Map>("null", "TypeError: value must be an object, got null");
    let map = expected(&[("__proto__", 1), ("a", 2)]);
    check_into(
        map,
        "JSON.stringify(v) === '{\"__proto__\":1,\"a\":2}' && Object.getPrototypeOf(v) === Object.prototype",
    );
}

#[test]
fn absence_is_undefined_or_null() {
    check_from("undefined", None::<u32>);
    check_from("null", None::<u32>);
    check_from("0", Some(0_u32));
    check_from("1", ());
    check_into(None::<u32>, "v === undefined");
    check_into(Some(1), "v === 1");
    check_into((), "v === undefined");
}

#[test]
fn arguments_are_read_in_place() {
    assert_eq!(from_arg::<f64>("f(1.5)"), "1.5");
    assert_eq!(
        from_arg::<f64>("f()"),
        "TypeError: value must be a number, got undefined"
    );
    assert_eq!(
        from_arg::<u8>("f(256)"),
        "RangeError: value must be an integer from 0 to 255, got 256"
    );
    assert_eq!(
        from_arg::<bool>("f('x')"),
        "TypeError: value must be a boolean, got a string"
    );
    assert_eq!(from_arg::<String>("f('x')"), "\"x\"");
    assert_eq!(
        from_arg::<String>("f({})"),
        "TypeError: value must be a string, got an object"
    );
    for call in ["f()", "f(undefined)", "f(null)"] {
        assert_eq!(from_arg::<Option<u8>>(call), "None");
    }
    assert_eq!(from_arg::<Option<u8>>("f(1)"), "Some(1)");
    assert_eq!(from_arg::<Rest<u8>>("f(1, 2, 3)"), "Rest([1, 2, 3])");
    assert_eq!(from_arg::<Rest<u8>>("f()"), "Rest([])");
    assert_eq!(
        from_arg::<Rest<u8>>("f(1, 'x')"),
        "TypeError: `[1]` must be a number, got a string"
    );
    assert_eq!(from_arg::<Vec<u8>>("f(new Uint8Array([1]))"), "[1]");
}

#[test]
fn a_date_is_a_system_time() {
    let day = Duration::from_secs(86_400);
    check_from("new Date(86400000)", UNIX_EPOCH + day);
    check_from("new Date(-86400000)", UNIX_EPOCH - day);
    check_refused::<SystemTime>("0", "TypeError: value must be a Date, got a number");
    check_refused::<SystemTime>(
        "new Date(NaN)",
        "RangeError: value must be a valid Date, got an invalid one",
    );
    check_into(
        UNIX_EPOCH + day,
        "v instanceof Date && v.getTime() === 86400000",
    );
    check_into(UNIX_EPOCH - day, "v.getTime() === -86400000");
}

#[test]
fn an_error_crosses_as_an_error_object() {
    check_into(
        JsError::range_error("x").with_code("E"),
        "v instanceof RangeError && v.message === 'x' && v.code === 'E'",
    );
}

#[test]
fn a_box_is_not_seen() {
    check_from("1", Box::new(1_u32));
    check_into(Box::new("x"), "v === 'x'");
}

#[test]
fn a_rust_iterator_is_an_iterator() {
    let code = "globalThis.seen = []; for (const n of v) seen.push(n); seen.join() === '0,1,2' && v.next().done";
    check_into(JsIter::new(0..3), code);
    check_into(
        JsIter::new(["a", "b"]),
        "[...v].join() === 'a,b' && [...v].length === 0",
    );
    check_into(
        JsIter::new(0..3),
        "v[Symbol.iterator]() === v && Object.keys(v).length === 0",
    );
    check_into(
        JsIter::new(0..),
        "let sum = 0; for (const n of v) { if (n > 3) break; sum += n } sum === 6 && v.next().done",
    );
    let failing = JsIter::fallible([Ok(1), Err(JsError::range_error("two")), Ok(3)]);
    check_into(
        failing,
        "v.next().value === 1 && (() => { try { v.next() } catch (e) { return e.message === 'two' } })()",
    );
}

#[test]
fn a_native_iterator_is_dropped_as_soon_as_a_script_leaves_it() {
    struct Held(std::rc::Rc<std::cell::Cell<bool>>);
    impl Drop for Held {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let dropped = std::rc::Rc::new(std::cell::Cell::new(false));
    let held = Held(dropped.clone());
    enter(|cx| {
        let items = std::iter::from_fn(move || {
            let _keep = &held;
            Some(1)
        });
        let iterator = JsIter::new(items).into_js(cx).expect("it converts");
        cx.global().set(cx, "v", iterator).expect("it is set");
        assert!(!dropped.get());
        cx.eval("for (const n of v) break", "test")
            .expect("it runs");
        assert!(dropped.get());
    });
}

#[test]
fn a_mismatch_inside_a_value_says_where() {
    let error: Error<'_> = crate::error::Mismatch::new("a number", "a string").into();
    let error = super::within(super::within(error, ".retries"), "[2]");
    let Error::Mismatch(mismatch) = error else {
        panic!("it stays one")
    };
    assert_eq!(
        mismatch.into_error("argument 1 (options)").to_string(),
        "TypeError: argument 1 (options)[2].retries must be a number, got a string"
    );
}
