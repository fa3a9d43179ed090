//! The inspector by its results: rows of a JavaScript expression and the text that it must give.

use std::rc::Rc;

use super::{Options, inspect};
use crate::engine::{Cx, Engine};
use crate::loader::Loader;
use crate::permissions::Permissions;
use crate::state::RuntimeState;

pub(crate) fn with_engine<R>(f: impl for<'js> FnOnce(&mut Cx<'js>) -> R) -> R {
    let state = RuntimeState::new(
        Loader::new(&[], Vec::new()),
        Rc::new(Permissions::none()),
        &[],
        crate::limits::Limits::NONE,
    );
    let engine = Engine::new(Rc::new(state), 2 << 20).expect("the engine starts");
    engine.enter(f)
}

fn show(cx: &mut Cx<'_>, code: &str, options: &Options) -> String {
    match cx.eval(code, "test.js") {
        Ok(value) => inspect(cx, &value, options),
        Err(error) => panic!("{code}: {:?}", crate::JsError::from_error(cx, error)),
    }
}

#[track_caller]
fn check_with(options: &Options, rows: &[(&str, &str)]) {
    with_engine(|cx| {
        for (code, expect) in rows {
            let text = show(cx, code, options);
            assert_eq!(text, *expect, "\n--- of {code}\n{text}\n---");
        }
    });
}

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    check_with(&Options::default(), rows);
}

#[test]
fn primitives() {
    check(&[
        ("undefined", "undefined"),
        ("null", "null"),
        ("true", "true"),
        ("-0", "-0"),
        (
            "[0, -0, 1.5, 1e21, NaN, -Infinity]",
            "[ 0, -0, 1.5, 1e+21, NaN, -Infinity ]",
        ),
        ("12345678901234567890123n", "12345678901234567890123n"),
        ("'it\\'s'", "\"it's\""),
        ("'\\ud800'", "'\\uD800'"),
        ("Symbol('a')", "Symbol(a)"),
        ("Symbol()", "Symbol()"),
        (
            "['a'.repeat(10010)]",
            &format!("[\n  '{}'... 10 more characters\n]", "a".repeat(10_000)),
        ),
    ]);
}

#[test]
fn objects() {
    check(&[
        ("({})", "{}"),
        (
            "({ a: 1, 'b-c': 'x', 3: null })",
            "{ '3': null, a: 1, 'b-c': 'x' }",
        ),
        (
            "({ a: { b: { c: { d: 1 } } } })",
            "{ a: { b: { c: [Object] } } }",
        ),
        ("({ a: { b: { c: {} } } })", "{ a: { b: { c: {} } } }"),
        ("({ a: { b: { c: [1] } } })", "{ a: { b: { c: [Array] } } }"),
        (
            "({ [Symbol('s')]: 1, [Symbol.iterator]: 2 })",
            "{ [Symbol(s)]: 1, [Symbol(Symbol.iterator)]: 2 }",
        ),
        ("({ ['__proto__']: 1 })", "{ ['__proto__']: 1 }"),
        ("Object.create(null)", "[Object: null prototype] {}"),
        (
            "Object.assign(Object.create(null), { x: 1 })",
            "[Object: null prototype] { x: 1 }",
        ),
        ("Object.defineProperty({}, 'hidden', { value: 1 })", "{}"),
        (
            "Object.create(Object.create(null))",
            "Object <Complex prototype> {}",
        ),
        ("new Number(3)", "[Number: 3]"),
        ("new String('abc')", "[String: 'abc']"),
        (
            "Object.assign(new String('a'), { x: 1 })",
            "[String: 'a'] { x: 1 }",
        ),
        ("Object(Symbol('q'))", "[Symbol: Symbol(q)]"),
        ("Object(1n)", "[BigInt: 1n]"),
        ("Math", "Object [Math] {}"),
        ("(function* () {})()", "Object [Generator] {}"),
        ("[1].values()", "Object [Array Iterator] {}"),
    ]);
}

#[test]
fn long_objects_are_broken_into_lines() {
    check(&[
        (
            "({ name: 'a name that is rather long', description: 'and so is this text', list: [1, 2, 3] })",
            "{\n  name: 'a name that is rather long',\n  description: 'and so is this text',\n  list: [ 1, 2, 3 ]\n}",
        ),
        (
            "({ a: { b: 'x'.repeat(60), c: 1 } })",
            &format!(
                "{{\n  a: {{\n    b: '{}',\n    c: 1\n  }}\n}}",
                "x".repeat(60)
            ),
        ),
        (
            "({ text: 'first line of a text\\nsecond line of a text\\nthe third line, which makes it too long' })",
            "{\n  text: 'first line of a text\\n' +\n    'second line of a text\\n' +\n    'the third line, which makes it too long'\n}",
        ),
    ]);
}

#[test]
fn arrays() {
    check(&[
        ("[]", "[]"),
        ("[1, 'a', [2]]", "[ 1, 'a', [ 2 ] ]"),
        ("[1, , 3]", "[ 1, <1 empty item>, 3 ]"),
        ("[, , 'x']", "[ <2 empty items>, 'x' ]"),
        ("new Array(5)", "[ <5 empty items> ]"),
        (
            "(() => { const a = [1]; a[4000000000] = 2; return a })()",
            "[ 1, <3999999999 empty items>, 2 ]",
        ),
        (
            "Object.assign([1, 2], { extra: true })",
            "[ 1, 2, extra: true ]",
        ),
        ("Object.assign([1, 2], { '-1': 0 })", "[ 1, 2, '-1': 0 ]"),
        ("[undefined, null]", "[ undefined, null ]"),
        ("[[[[1]]]]", "[ [ [ [Array] ] ] ]"),
        ("[[[[]]]]", "[ [ [ [] ] ] ]"),
        (
            "class Stack extends Array {}; new Stack(1, 2)",
            "Stack(2) [ 1, 2 ]",
        ),
        (
            "['apple', 'banana', 'cherry', 'date', 'elder', 'fig', 'grape']",
            "[\n  'apple',  'banana',\n  'cherry', 'date',\n  'elder',  'fig',\n  'grape'\n]",
        ),
        (
            "(function () { return Object.setPrototypeOf([1], null) })()",
            "[Array(1): null prototype] [ 1 ]",
        ),
    ]);
    with_engine(|cx| {
        let text = show(
            cx,
            "Array.from({ length: 103 }, (_, i) => i)",
            &Options::default(),
        );
        assert!(
            text.starts_with("[\n   0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11,\n  12,"),
            "{text}"
        );
        assert!(
            text.ends_with("\n  96, 97, 98, 99,\n  ... 3 more items\n]"),
            "{text}"
        );
    });
}

#[test]
fn maps_and_sets() {
    check(&[
        (
            "new Map([['a', 1], [{ b: 2 }, [3]]])",
            "Map(2) { 'a' => 1, { b: 2 } => [ 3 ] }",
        ),
        ("new Set([1, 'x', {}])", "Set(3) { 1, 'x', {} }"),
        ("new Map()", "Map(0) {}"),
        ("Object.assign(new Set(), { x: 1 })", "Set(0) { x: 1 }"),
        (
            "class Cache extends Map {}; new Cache([[1, 2]])",
            "Cache(1) [Map] { 1 => 2 }",
        ),
        ("new WeakMap()", "WeakMap { <items unknown> }"),
        ("new WeakSet()", "WeakSet { <items unknown> }"),
    ]);
    with_engine(|cx| {
        let text = show(
            cx,
            "new Set(Array.from({ length: 102 }, (_, i) => i))",
            &Options::default(),
        );
        assert!(text.ends_with("\n  99,\n  ... 2 more items\n}"), "{text}");
    });
}

#[test]
fn dates_and_regular_expressions() {
    check(&[
        ("new Date(86400000)", "1970-01-02T00:00:00.000Z"),
        ("[new Date(NaN)]", "[ Invalid Date ]"),
        (
            "Object.assign(new Date(0), { zone: 'UTC' })",
            "1970-01-01T00:00:00.000Z { zone: 'UTC' }",
        ),
        (
            "class Day extends Date {}; new Day(0)",
            "Day 1970-01-01T00:00:00.000Z",
        ),
        ("/a\\/b/gi", "/a\\/b/gi"),
        ("/[a--b]/v", "/[a--b]/v"),
        ("Object.assign(/x/, { y: 1 })", "/x/ { y: 1 }"),
    ]);
}

#[test]
fn bytes() {
    check(&[
        ("new Uint8Array([1, 2, 255])", "Uint8Array(3) [ 1, 2, 255 ]"),
        ("new Float64Array([0.5, -0])", "Float64Array(2) [ 0.5, -0 ]"),
        ("new BigInt64Array([1n])", "BigInt64Array(1) [ 1n ]"),
        ("new Uint8Array()", "Uint8Array(0) []"),
        (
            "Object.assign(new Uint8Array(1), { x: 1 })",
            "Uint8Array(1) [ 0, x: 1 ]",
        ),
        (
            "new Uint8Array([1, 255]).buffer",
            "ArrayBuffer { [Uint8Contents]: <01 ff>, byteLength: 2 }",
        ),
        (
            "new DataView(new ArrayBuffer(4), 1, 2)",
            "DataView {\n  byteLength: 2,\n  byteOffset: 1,\n  buffer: ArrayBuffer { [Uint8Contents]: <00 00 00 00>, byteLength: 4 }\n}",
        ),
        (
            "new SharedArrayBuffer(2)",
            "SharedArrayBuffer { byteLength: 2 }",
        ),
    ]);
    with_engine(|cx| {
        let text = show(cx, "new ArrayBuffer(60)", &Options::default());
        assert!(text.contains("00 ... 10 more bytes>"), "{text}");
        let text = show(cx, "new Uint8Array(5000000)", &Options::default());
        assert!(
            text.starts_with("Uint8Array(5000000) [")
                && text.ends_with("... 4999900 more items\n]"),
            "{text}"
        );
    });
}

#[test]
fn promises() {
    check(&[
        ("new Promise(() => {})", "Promise { <pending> }"),
        ("Promise.resolve(1)", "Promise { 1 }"),
        ("Promise.reject('no')", "Promise { <rejected> 'no' }"),
        (
            "Object.assign(Promise.resolve({ a: 1 }), { id: 7 })",
            "Promise { { a: 1 }, id: 7 }",
        ),
    ]);
}

#[test]
fn functions_and_classes() {
    check(&[
        ("(function f() {})", "[Function: f]"),
        ("(() => {})", "[Function (anonymous)]"),
        ("(async () => {})", "[AsyncFunction (anonymous)]"),
        ("(async function g() {})", "[AsyncFunction: g]"),
        ("(function* g() {})", "[GeneratorFunction: g]"),
        ("(async function* g() {})", "[AsyncGeneratorFunction: g]"),
        (
            "({ async m() {}, *n() {}, async *o() {}, async() {}, classic() {} })",
            "{\n  m: [AsyncFunction: m],\n  n: [GeneratorFunction: n],\n  o: [AsyncGeneratorFunction: o],\n  async: [Function: async],\n  classic: [Function: classic]\n}",
        ),
        ("Math.max", "[Function: max]"),
        ("Map", "[Function: Map]"),
        ("(class {})", "[class (anonymous)]"),
        ("class A {}; A", "[class A]"),
        (
            "class B extends (class A1 {}) {}; B",
            "[class B extends A1]",
        ),
        (
            "Object.setPrototypeOf(class C {}, null)",
            "[class C extends null]",
        ),
        ("class D { static x = 1 }; D", "[class D] { x: 1 }"),
        (
            "Object.assign(function f() {}, { a: 1 })",
            "[Function: f] { a: 1 }",
        ),
        (
            "Object.setPrototypeOf(function f() {}, null)",
            "[Function (null prototype): f]",
        ),
        ("(function f() {}).bind(null)", "[Function: bound f]"),
        ("class Foo { x = 1 }; new Foo()", "Foo { x: 1 }"),
        ("class Empty {}; new Empty()", "Empty {}"),
        ("class P {}; class Q extends P {}; Q.prototype", "P {}"),
        ("new (class {})()", "{}"),
    ]);
}

#[test]
fn tags() {
    check(&[
        (
            "class T { get [Symbol.toStringTag]() { throw 1 } }; new T()",
            "T {}",
        ),
        (
            "class U {}; U.prototype[Symbol.toStringTag] = 'bar'; new U()",
            "U [bar] {}",
        ),
        (
            "({ [Symbol.toStringTag]: 'own' })",
            "{ [Symbol(Symbol.toStringTag)]: 'own' }",
        ),
        (
            "Object.defineProperty({}, Symbol.toStringTag, { value: 'hid' })",
            "Object [hid] {}",
        ),
    ]);
}

#[test]
fn cycles() {
    check(&[
        (
            "(() => { const a = {}; a.self = a; return a })()",
            "<ref *1> { self: [Circular *1] }",
        ),
        (
            "(() => { const a = { b: {} }; a.b.a = a; a.b.b = a.b; return a })()",
            "<ref *1> { b: <ref *2> { a: [Circular *1], b: [Circular *2] } }",
        ),
        (
            "(() => { const s = { x: 1 }; return [s, s] })()",
            "[ { x: 1 }, { x: 1 } ]",
        ),
        (
            "(() => { const m = new Map(); m.set('m', m); return m })()",
            "<ref *1> Map(1) { 'm' => [Circular *1] }",
        ),
    ]);
}

#[test]
fn no_getter_and_no_trap_is_run() {
    check(&[
        (
            "({ get a() { throw 1 }, set b(v) {}, get c() { throw 1 }, set c(v) {} })",
            "{ a: [Getter], b: [Setter], c: [Getter/Setter] }",
        ),
        (
            "new Proxy({}, new Proxy({}, { get() { throw 1 } }))",
            "[Proxy]",
        ),
        ("[new Proxy(function () {}, {})]", "[ [Proxy] ]"),
        (
            "Object.create(new Proxy({}, { getPrototypeOf() { throw 1 }, getOwnPropertyDescriptor() { throw 1 } }))",
            "Object <Complex prototype> {}",
        ),
        (
            "Object.defineProperty([], 0, { get() { throw 1 }, enumerable: true })",
            "[ [Getter] ]",
        ),
        (
            "Object.defineProperty(() => {}, 'name', { get() { throw 1 } })",
            "[Function (anonymous)]",
        ),
        (
            "class E1 extends Error { get name() { throw 1 } get message() { throw 1 } }; delete E1.prototype.stack; ({ ok: 1 })",
            "{ ok: 1 }",
        ),
    ]);
}

#[test]
fn a_script_that_breaks_the_builtins_does_not_break_it() {
    check(&[
        (
            "(() => {
                 const value = { a: [1], m: new Map([[1, 2]]), d: new Date(0), r: /x/g, f() {} };
                 const getter = { get() { throw new Error('touched') }, configurable: true };
                 const { defineProperty } = Object;
                 const names = Reflect.ownKeys;
                 for (const { prototype } of [Map, Set, Date, RegExp, Promise, Function, String, Array, Object]) {
                     const keys = names(prototype);
                     for (let i = 0; i < keys.length; i++) {
                         if (keys[i] !== '__proto__') try { defineProperty(prototype, keys[i], getter) } catch {}
                     }
                 }
                 return value;
             })()",
            "Object <Complex prototype> {\n  a: [ 1 ],\n  m: Map(1) { 1 => 2 },\n  d: 1970-01-01T00:00:00.000Z,\n  r: /x/g,\n  f: [Function: f]\n}",
        ),
    ]);
}

#[test]
fn errors() {
    with_engine(|cx| {
        let text = show(cx, "new TypeError('no')", &Options::default());
        assert!(text.starts_with("TypeError: no\n    at "), "{text}");
        let text = show(
            cx,
            "class FooError extends Error {}; new FooError('x')",
            &Options::default(),
        );
        assert!(text.starts_with("FooError: x\n    at "), "{text}");
        let text = show(
            cx,
            "Object.assign(new Error('x'), { code: 'ENOENT', name: 'Named' })",
            &Options::default(),
        );
        assert!(
            text.starts_with("Named: x\n    at ") && text.ends_with(" {\n  code: 'ENOENT'\n}"),
            "{text}"
        );
        let text = show(
            cx,
            "new Error('outer', { cause: new RangeError('inner') })",
            &Options::default(),
        );
        assert!(
            text.contains(" {\n  [cause]: RangeError: inner\n      at "),
            "{text}"
        );
        let text = show(
            cx,
            "new AggregateError([new Error('one'), 2], 'all')",
            &Options::default(),
        );
        assert!(
            text.starts_with("AggregateError: all\n")
                && text.contains("  [errors]: [\n    Error: one\n        at "),
            "{text}"
        );
        let text = show(
            cx,
            "({ e: Object.defineProperty(new Error('x'), 'stack', { value: undefined }) })",
            &Options::default(),
        );
        assert_eq!(text, "{ e: [Error: x] }");
    });
}

#[test]
fn options() {
    let colours = Options {
        colours: true,
        ..Options::default()
    };
    check_with(
        &colours,
        &[(
            "({ n: 1, s: 'x', u: undefined, z: null, f() {}, 'q-r': Symbol('y'), d: new Date(0), r: /x/ })",
            "{\n  n: \u{1b}[33m1\u{1b}[39m,\n  s: \u{1b}[32m'x'\u{1b}[39m,\n  u: \u{1b}[90mundefined\u{1b}[39m,\n  z: \u{1b}[1mnull\u{1b}[22m,\n  f: \u{1b}[36m[Function: f]\u{1b}[39m,\n  \u{1b}[32m'q-r'\u{1b}[39m: \u{1b}[32mSymbol(y)\u{1b}[39m,\n  d: \u{1b}[35m1970-01-01T00:00:00.000Z\u{1b}[39m,\n  r: \u{1b}[31m/x/\u{1b}[39m\n}",
        )],
    );
    let deep = Options {
        depth: None,
        ..Options::default()
    };
    check_with(
        &deep,
        &[(
            "({ a: { b: { c: { d: {} } } } })",
            "{\n  a: { b: { c: { d: {} } } }\n}",
        )],
    );
    check_with(
        &Options {
            depth: Some(0),
            ..Options::default()
        }
        .on_one_line(),
        &[(
            "({ a: {}, b: { c: 1 }, d: [1], e: Array })",
            "{ a: {}, b: [Object], d: [Array], e: [Function: Array] }",
        )],
    );
    check_with(
        &Options {
            hidden: true,
            ..Options::default()
        },
        &[("[1]", "[ 1, [length]: 1 ]")],
    );
}

#[test]
fn the_very_deep_and_the_very_wide_are_safe() {
    with_engine(|cx| {
        let all = Options {
            depth: None,
            ..Options::default()
        };
        let text = show(
            cx,
            "let d = {}; for (let i = 0; i < 5000; i++) d = { d }; d",
            &all,
        );
        assert!(text.contains("[Object]"), "{} bytes", text.len());
        // Each level refers twice to the next: 2^40 places.
        let text = show(
            cx,
            "let w = { end: 1 }; for (let i = 0; i < 40; i++) w = { a: w, b: w }; w",
            &all,
        );
        assert!(text.len() < 1 << 30, "{} bytes", text.len());
        let text = show(
            cx,
            "const o = {}; for (let i = 0; i < 20000; i++) o['k' + i] = i; o",
            &all,
        );
        assert!(text.ends_with("k19999: 19999\n}"));
    });
}
