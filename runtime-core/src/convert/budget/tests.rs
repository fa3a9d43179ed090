//! What a script can make a conversion do, and what ends it, on the way in and on the way out.

use std::collections::{BTreeMap, HashMap};

use super::{DEPTH, PARTS};
use crate::convert::{FromJs, IntoJs, JsString, Rest};
use crate::engine::{Cx, Error, Value};
use crate::error::{Fatal, JsError};
use crate::limits::Limits;
use crate::prelude;
use crate::runtime::{JsRuntime, Plain};

#[derive(prelude::FromJs, prelude::IntoJs, Debug)]
struct Tree {
    kids: Vec<Tree>,
}

#[derive(prelude::FromJs, prelude::IntoJs, Debug)]
struct Chain {
    next: Option<Box<Chain>>,
}

#[derive(prelude::FromJs, Debug)]
#[expect(dead_code, reason = "nobody reads what is never made")]
#[js(tag = "is")]
enum Sum {
    Of { left: Box<Sum>, right: Box<Sum> },
    Number { value: f64 },
}

#[derive(prelude::FromJs, Debug)]
#[expect(dead_code, reason = "nobody reads what is never made")]
struct Wrapped(BTreeMap<String, Wrapped>);

/// A type that is converted by hand, part by part.
#[derive(Debug)]
#[expect(dead_code, reason = "nobody reads what is never made")]
struct ByHand(Option<Box<ByHand>>);

impl<'js> FromJs<'js> for ByHand {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let Some(object) = value.as_object() else {
            return Ok(Self(None));
        };
        let next = object.get(cx, "next")?;
        Ok(Self(Some(Box::new(cx.convert(&next)?))))
    }
}

/// A type that is converted by the conversion of an `Option` of itself.
#[derive(Debug)]
#[expect(dead_code, reason = "nobody reads what is never made")]
struct ByOthers(Option<Box<ByOthers>>);

impl<'js> FromJs<'js> for ByOthers {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let Some(object) = value.as_object() else {
            return Ok(Self(None));
        };
        let next = object.get(cx, "next")?;
        Option::from_js(cx, &next).map(Self)
    }
}

fn runtime(limits: Limits) -> JsRuntime {
    let config = JsRuntime::builder().limits(limits).best_effort();
    config.build().expect("the engine starts")
}

const LITTLE: Limits = Limits {
    memory: Some(32 << 20),
    ..Limits::NONE
};

/// Converts the value of `code`, and asks the same runtime again afterwards.
#[track_caller]
fn convert<T: for<'js> FromJs<'js>>(limits: Limits, code: &str) -> Result<T, String> {
    runtime(limits).enter(|cx| {
        let value = cx.eval(code, "test");
        let converted = value.and_then(|value| T::from_js(cx, &value));
        let converted = converted.map_err(|error| JsError::from_error(cx, error).to_string());
        // The error is one of the value, and leaves nothing behind.
        let small = cx
            .eval("[[1], [2]]", "test")
            .and_then(|value| Vec::from_js(cx, &value));
        let small: Vec<Vec<f64>> = small.expect("a small value converts");
        assert_eq!(small, [[1.0], [2.0]]);
        assert_eq!(cx.state().crossing.depth.get(), 0);
        converted
    })
}

#[track_caller]
fn refused<T: for<'js> FromJs<'js>>(code: &str, words: &str) {
    match convert::<T>(LITTLE, code) {
        Ok(_) => panic!("it converts: {code}"),
        Err(error) => {
            assert!(error.starts_with("RangeError: "), "{code}: {error}");
            assert!(error.contains(words), "{code}: {error}");
        }
    }
}

/// Converting it takes more than `limits.memory` allows, which ends the script.
#[track_caller]
fn ended<T: for<'js> FromJs<'js>>(code: &str) {
    let runtime = runtime(LITTLE);
    let error = runtime.enter(|cx| {
        let value = cx.eval(code, "test").expect("the value itself fits");
        match T::from_js(cx, &value) {
            Ok(_) => panic!("it converts: {code}"),
            Err(error) => JsError::from_error(cx, error),
        }
    });
    assert_eq!(error.code(), Some("ERR_LIMIT"), "{code}: {error}");
    assert!(
        error.message().contains("`limits.memory"),
        "{code}: {error}"
    );
    assert!(runtime.fatal().is_some(), "{code}");
}

const DEEP: &str =
    "must be nested at most 512 levels deep, got one that nests deeper or contains itself";
const MANY: &str = "must be of at most 4194304 parts";
const LARGE: &str = "must be of at most 32MiB, got a larger one";

#[test]
fn what_contains_itself_is_refused() {
    assert_eq!(DEPTH, 512);
    refused::<Tree>("const t = {}; t.kids = [t]; t", DEEP);
    refused::<Chain>("const c = {}; c.next = c; c", DEEP);
    refused::<Sum>("const s = { is: 'of' }; s.left = s.right = s; s", DEEP);
    refused::<Wrapped>("const w = {}; w.w = w; w", DEEP);
    refused::<Wrapped>("const m = new Map(); m.set('m', m); m", DEEP);
    refused::<ByHand>("const c = {}; c.next = c; c", DEEP);
    refused::<ByOthers>("const c = {}; c.next = c; c", DEEP);
    refused::<Tree>("({ get kids() { return [this] } })", DEEP);
    refused::<Tree>(
        "const t = { kids: { *[Symbol.iterator]() { yield t } } }; t",
        DEEP,
    );
    refused::<Tree>(
        "new Proxy({}, { get(_, key, self) { return key === 'kids' ? [self] : undefined } })",
        DEEP,
    );
}

#[test]
fn what_nests_deeply_is_refused_and_what_real_data_nests_is_not() {
    let nested = |depth: usize| {
        format!("let t = {{ kids: [] }}; for (let n = 0; n < {depth}; n++) t = {{ kids: [t] }}; t")
    };
    let mut tree = convert::<Tree>(Limits::NONE, &nested(150)).expect("it converts");
    let mut depth = 0;
    while let Some(kid) = tree.kids.pop() {
        tree = kid;
        depth += 1;
    }
    assert_eq!(depth, 150);
    refused::<Tree>(&nested(100_000), DEEP);
    refused::<ByHand>(
        "let c = null; for (let n = 0; n < 100000; n++) c = { next: c }; c",
        DEEP,
    );
}

#[test]
fn an_error_says_where_without_the_middle_of_a_long_way() {
    let code = "const t = {}; t.kids = [t]; t";
    let error = convert::<Tree>(LITTLE, code).expect_err("it contains itself");
    assert!(
        error.starts_with("RangeError: `kids[0].kids[0].kids[0].kids[0]"),
        "{error}"
    );
    assert!(error.contains('…') && error.len() < 300, "{error}");
}

#[test]
fn what_is_reached_by_many_ways_is_counted_each_time() {
    let tree = "let t = { kids: [] }; for (let n = 0; n < 26; n++) t = { kids: [t, t] }; t";
    ended::<Tree>(tree);
    ended::<Vec<Vec<f64>>>("const r = Array(1e5).fill(1); Array(1e5).fill(r)");
    // Without `limits.memory` the number of parts is what bounds it.
    let parts = convert::<Vec<Vec<()>>>(
        Limits::NONE,
        "const r = Array(1e5).fill(1); Array(1e5).fill(r)",
    );
    assert!(parts.is_err_and(|error| error.contains(MANY)));
}

#[test]
fn a_length_is_only_a_claim() {
    assert_eq!(PARTS, 4_194_304);
    refused::<Vec<Option<f64>>>("const a = []; a.length = 2 ** 32 - 1; a", MANY);
    refused::<Vec<()>>("const a = []; a.length = 2 ** 23; a", MANY);
    let typed = convert::<Vec<f64>>(Limits::NONE, "new Float64Array(8)");
    assert_eq!(typed, Ok(vec![0.0; 8]));
}

#[test]
fn a_sequence_without_an_end_is_refused() {
    let endless = "const value = 'x'.repeat(300); ({ [Symbol.iterator]: () => ({ next: () => ({ value }) }) })";
    ended::<Vec<String>>(endless);
}

#[test]
fn bytes_that_are_shared_are_counted_each_time() {
    ended::<Vec<String>>("Array(2000).fill('x'.repeat(1e6))");
    ended::<Vec<JsString>>("Array(2000).fill('x'.repeat(1e6))");
    ended::<HashMap<String, String>>(
        "const o = {}, x = 'x'.repeat(1e6); for (let n = 0; n < 100; n++) o['k' + n] = x; o",
    );
    ended::<Vec<HashMap<String, ()>>>("Array(100).fill({ ['x'.repeat(1e6)]: 1 })");
    ended::<Vec<HashMap<String, ()>>>("Array(100).fill(new Map([['x'.repeat(1e6)]]))");
    ended::<Vec<Vec<u8>>>("Array(100).fill(new Uint8Array(1e6))");
    // One alone is as long as the script could make it.
    let alone = convert::<String>(Limits::NONE, "'x'.repeat(1e6)");
    assert_eq!(alone.map(|text| text.len()), Ok(1_000_000));
}

#[test]
fn arguments_that_are_taken_together_are_counted_together() {
    let mut runtime = runtime(LITTLE);
    runtime
        .register_global_function("f", |cx, args| {
            let rest = Rest::<String>::from_arg(cx, args, 0)?;
            Ok(Value::number(rest.len() as f64))
        })
        .expect("it is defined");
    runtime
        .register_global_function("g", |cx, args| {
            Ok(Value::number(Plain::from_args(cx, args)?.len() as f64))
        })
        .expect("it is defined");
    for (name, words) in [("g", LARGE), ("f", "`limits.memory")] {
        let few = runtime.eval(&format!("{name}('a', 'b')"));
        assert_eq!(few, Ok(Plain::Number(2.0)));
        let code = format!("{name}(...Array(100).fill('x'.repeat(1e6)))");
        let many = runtime.eval(&code).expect_err("it is too much");
        assert!(many.message().contains(words), "{many}");
    }
}

/// What a conversion gives that is stopped by a getter near its beginning.
fn stopped<T: for<'js> FromJs<'js>>(code: &str) -> bool {
    let mut runtime = runtime(Limits::NONE);
    let handle = runtime.handle();
    runtime
        .register_global_function("stop", move |_, _| {
            handle.stop();
            Ok(Value::undefined())
        })
        .expect("it is defined");
    runtime.enter(|cx| {
        let value = match cx.eval(code, "test") {
            Ok(value) => value,
            Err(error) => panic!("{}", JsError::from_error(cx, error)),
        };
        matches!(T::from_js(cx, &value), Err(Error::Fatal(Fatal::Stopped)))
    })
}

#[test]
fn the_clocks_are_looked_at_on_the_way() {
    // Without the look each of them would be converted.
    assert!(stopped::<Vec<Option<f64>>>(
        "const a = Array(1e6); Object.defineProperty(a, 0, { get: stop }); a"
    ));
    assert!(stopped::<Vec<Vec<Option<f64>>>>(
        "const one = [], a = Array(1e6).fill(one); Object.defineProperty(one, 0, { get: stop }); a"
    ));
    assert!(stopped::<HashMap<String, Option<f64>>>(
        "const o = {}; for (let n = 0; n < 10000; n++) o['k' + n] = 1; Object.defineProperty(o, 'k0', { get: stop }); o"
    ));
}

#[test]
fn a_plain_value_is_bounded() {
    let plain = |code: &str| convert::<Plain>(LITTLE, code);
    // An object within itself is shown, at any distance that can be seen.
    let cycle = plain("const c = { a: 1 }; c.c = c; c").expect("it has a plain form");
    assert!(matches!(cycle.get("c"), Some(Plain::Other(_))), "{cycle:?}");
    let nested = |depth| format!("let v = 1; for (let n = 0; n < {depth}; n++) v = [v]; v");
    assert!(plain(&nested(200)).is_ok());
    let deep = "nested at most 200 levels deep";
    refused::<Plain>(&nested(201), deep);
    refused::<Plain>(&nested(100_000), deep);
    refused::<Plain>(
        "let v = new Set(); for (let n = 0; n < 1e4; n++) v = new Set([v]); v",
        deep,
    );
    refused::<Plain>(
        "let g = []; for (let n = 0; n < 26; n++) g = [g, g]; g",
        "must be of at most",
    );
    refused::<Plain>("const h = []; h.length = 2 ** 24; h", "must be of at most");
    refused::<Plain>("Array(1000).fill('x'.repeat(1e6))", LARGE);
    refused::<Plain>("Array(1000).fill(new Uint8Array(1e6))", LARGE);
    refused::<Plain>("Array(1000).fill(new Error('x'.repeat(1e6)))", LARGE);
    refused::<Plain>(
        "const o = { ['x'.repeat(1e6)]: 1 }; Array(1000).fill(o)",
        LARGE,
    );
    let many = convert::<Plain>(Limits::NONE, "Array(2 ** 22)");
    assert!(many.is_err_and(|error| error.contains(MANY)));
}

#[test]
fn no_getter_runs_and_no_trap_does_harm_for_a_plain_value() {
    let code = "globalThis.ran = 0; ({ get x() { ran++ }, p: new Proxy({}, { ownKeys() { ran++; return [] } }), y: 1 })";
    let plain = convert::<Plain>(LITTLE, code).expect("it has a plain form");
    assert_eq!(plain.get("x"), None);
    assert!(matches!(plain.get("p"), Some(Plain::Other(_))), "{plain:?}");
    assert_eq!(plain.get("y"), Some(&Plain::Number(1.0)));
}

#[test]
fn a_stop_ends_the_copy_of_a_plain_value() {
    runtime(Limits::NONE).enter(|cx| {
        let value = cx.eval("Array(1e6).fill(1)", "test").expect("an array");
        cx.state().event_loop.inbox().stop();
        let copied = Plain::from_value(cx, &value);
        assert!(matches!(copied, Err(Error::Fatal(Fatal::Stopped))));
    });
}

#[test]
fn what_goes_in_is_bounded_too() {
    let refused = |made: Result<Value<'_>, Error<'_>>, cx: &mut Cx<'_>, words: &str| {
        let error = made.expect_err("it is too much");
        let Error::Mismatch(mismatch) = error else {
            panic!("{error:?}");
        };
        let error = mismatch.into_error("").to_string();
        assert!(error.contains(words), "{error}");
        assert_eq!(cx.state().crossing.depth.get(), 0);
    };
    runtime(LITTLE).enter(|cx| {
        let chain = (0..1000).fold(Chain { next: None }, |next, _| Chain {
            next: Some(Box::new(next)),
        });
        let made = chain.into_js(cx);
        assert!(matches!(made, Err(Error::Mismatch(_))));
        let tree = (0..1000).fold(Tree { kids: vec![] }, |kid, _| Tree { kids: vec![kid] });
        let made = tree.into_js(cx);
        refused(made, cx, "nested at most 512 levels deep");
        let made = vec![(); PARTS + 1].into_js(cx);
        refused(made, cx, "of at most 4194304 parts");
        // The engine counts what it holds by itself; here it is counted that it was counted.
        let texts = vec!["x".repeat(1 << 20); 4].into_js(cx);
        assert!(texts.is_ok() && cx.state().crossing.bytes.get() >= 4 << 20);
        let bytes = vec![vec![0_u8; 1 << 20]; 4].into_js(cx);
        assert!(bytes.is_ok() && cx.state().crossing.bytes.get() >= 4 << 20);
        let nested = |depth| (0..depth).fold(Plain::Null, |inner, _| Plain::Array(vec![inner]));
        assert!(nested(200).into_js(cx).is_ok());
        let made = nested(201).into_js(cx);
        refused(made, cx, "nested at most 200 levels deep");
    });
}
