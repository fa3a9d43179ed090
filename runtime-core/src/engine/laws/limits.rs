//! Limits and hostile scripts: what ends a runtime ends it for good, and nothing that a script does ends the process.

use std::time::Duration;

use super::{engine, error, eval, law, limited, run, set_global, text};
use crate::engine::capabilities::Keeps;
use crate::engine::{Cx, Engine, Error, Function, REFUSES, Value, closure, interrupts, keeps};
use crate::error::Fatal;
use crate::limits::Limits;

const CPU: Limits = Limits {
    cpu: Some(Duration::from_millis(4)),
    ..Limits::NONE
};

/// More than these scripts need, so that everything is looked after and nothing is hit.
const LARGE: Limits = Limits {
    memory: Some(64 << 20),
    cpu: Some(Duration::from_secs(60)),
    ..Limits::NONE
};

/// Runs `code`, and what it leaves, in an engine that may compute for a moment.
#[track_caller]
fn is_stopped(code: &str) {
    let engine = limited(CPU);
    engine.enter(|cx| {
        let _ = cx.eval(code, "law.js");
    });
    run(&engine);
    is_over(&engine, "cpu", code);
}

#[track_caller]
fn is_over(engine: &Engine, key: &str, code: &str) {
    match engine.state().fatal() {
        Some(Fatal::Limit(hit)) => assert_eq!(hit.key, key, "{code}"),
        other => panic!("{code}: {other:?}"),
    }
}

#[test]
fn loops_without_an_end_are_stopped() {
    let loops = [
        "for (;;);",
        "do { 1 } while (true)",
        "for (;;) try { throw 1 } catch {} finally { continue }",
        "while (true) { try { for (;;); } catch {} }",
        "[1].forEach(() => { for (;;); })",
        "[2, 1].sort(() => { for (;;); })",
        "({ get a() { for (;;); } }).a",
        "`${{ toString() { for (;;); } }}`",
        "new Proxy({}, { get() { for (;;); } }).a",
        "JSON.parse('[1]', () => { for (;;); })",
        "'a'.replace(/a/, () => { for (;;); })",
        "[...(function* () { for (;;) yield; })()]",
        "new Promise(() => { for (;;); })",
        "Promise.resolve().then(() => { for (;;); })",
        "(function again() { Promise.resolve().then(again) })()",
        "(async () => { await null; for (;;); })()",
        "(async () => { for (;;) await null; })()",
        "(async () => { for await (const x of (async function* () { for (;;) yield; })()); })()",
        "(async () => { for await (const x of (async function* () { await null; for (;;); })()); })()",
        "eval('for (;;);')",
        "new Function('for (;;);')()",
    ];
    for code in loops {
        is_stopped(code);
    }
}

#[test]
fn microtasks_without_an_end_are_stopped_by_every_engine() {
    is_stopped("(function again() { Promise.resolve().then(again) })()");
    is_stopped("(async () => { for (;;) await null; })()");
}

#[test]
fn the_end_says_where_the_script_was() {
    let engine = limited(CPU);
    engine.enter(|cx| {
        let _ = cx.eval("function spin() {\n  for (;;);\n}\nspin()", "law.js");
    });
    let Some(Fatal::Limit(hit)) = engine.state().fatal() else {
        panic!("it was not stopped");
    };
    let at = hit.at.expect("the place is known");
    assert!(at.contains("law.js:"), "{at}");
}

#[test]
fn nothing_runs_after_the_end() {
    let engine = engine();
    engine.enter(|cx| {
        let call = closure(|_, _| Err(Error::Fatal(Fatal::Stopped)));
        let stop = Function::closure(cx, "stop", 0, call);
        set_global(cx, "stop", stop.to_value());
        let code = "globalThis.ran = 0;
            Promise.resolve().then(() => ran++);
            try { try { stop() } finally { ran++ } } catch { ran++ } ran++";
        let _ = cx.eval(code, "law.js");
    });
    run(&engine);
    engine.enter(|cx| {
        assert_eq!(
            cx.global().get(cx, "ran").expect("it is plain").as_number(),
            Some(0.0)
        );
    });
    assert_eq!(engine.state().fatal(), Some(Fatal::Stopped));
}

#[test]
fn a_stop_from_another_thread_is_noticed() {
    let engine = engine();
    let inbox = std::sync::Arc::clone(engine.state().event_loop.inbox());
    std::thread::spawn(move || inbox.stop());
    engine.enter(|cx| {
        let nothing = Function::closure(cx, "nothing", 0, closure(|_, _| Ok(Value::undefined())));
        set_global(cx, "nothing", nothing.to_value());
        // An engine that cannot be interrupted looks where a native function is called.
        let code = match interrupts() {
            true => "for (;;);",
            false => "for (;;) nothing();",
        };
        let _ = cx.eval(code, "law.js");
    });
    assert_eq!(engine.state().fatal(), Some(Fatal::Stopped));
}

#[test]
fn memory_that_was_refused_is_remembered_whatever_the_script_makes_of_it() {
    if keeps("memory") != Keeps::Itself {
        return;
    }
    let engine = limited(Limits {
        memory: Some(16 << 20),
        ..Limits::NONE
    });
    engine.enter(|cx| {
        let code =
            "try { const kept = []; for (;;) kept.push(new Array(1000).fill(1)) } catch {} 1";
        let _ = cx.eval(code, "law.js");
    });
    is_over(&engine, "memory", "an array that grows");
}

#[test]
fn nothing_is_seen_of_a_script_that_was_refused_memory() {
    if keeps("memory") != Keeps::Itself {
        return;
    }
    const FILL: &str = "const fill = () => { const kept = []; for (;;) kept.push('x'.repeat(1e5) + kept.length) };";
    const SMALL: &str = "const fill = () => { const kept = []; for (;;) kept.push({}) };";
    let scripts = [
        "try { fill() } catch (e) { say(e) } say(1)",
        "try { fill() } finally { say(1) }",
        "for (let n = 0; n < 100; n++) try { fill() } catch { say(n) } finally { say(n) }",
        "for (;;) try { fill() } catch {}",
        "try { fill() } catch { for (const f of [say, say]) try { f(1) } catch { say(2) } }",
        "(async () => { try { fill() } catch { await null; say(1) } })()",
        "(async () => { try { await null; fill() } catch { say(1) } finally { say(2) } })()",
        "Promise.resolve().then(fill).catch(say).finally(say)",
        "Promise.resolve().then(() => { try { fill() } catch {} }); Promise.resolve().then(say)",
        "(async () => { for await (const x of (async function* () { try { yield fill() } finally { say(1) } })()); })()",
        "[...(function* () { try { yield fill() } catch { say(1) } yield say(2) })()]",
        "try { ({ get a() { return fill() } }).a } catch { say(1) }",
        "say({ toString() { try { fill() } catch {} return 'text' } })",
        "try { JSON.parse('[1]', fill) } catch { say(1) }",
        "try { [2, 1].sort(fill) } catch { say(1) }",
        "class A { constructor() { try { fill() } catch {} say(1) } } new A()",
    ];
    for (fill, script) in [FILL, SMALL]
        .into_iter()
        .flat_map(|fill| scripts.map(|script| (fill, script)))
    {
        let engine = limited(Limits {
            memory: Some(8 << 20),
            ..Limits::NONE
        });
        let said = std::rc::Rc::new(std::cell::Cell::new(0));
        engine.enter(|cx| {
            let count = std::rc::Rc::clone(&said);
            let call = closure(move |cx, args| {
                args.get(0).to_text(cx)?;
                count.set(count.get() + 1);
                Ok(Value::undefined())
            });
            let say = Function::closure(cx, "say", 1, call);
            set_global(cx, "say", say.to_value());
            let _ = cx.eval(&format!("{{ {fill} {script} }}"), "law.js");
        });
        run(&engine);
        is_over(&engine, "memory", script);
        assert_eq!(said.get(), 0, "{script}");
    }
}

#[test]
fn what_native_code_holds_counts_with_what_the_engine_has() {
    let engine = limited(Limits {
        memory: Some(8 << 20),
        ..Limits::NONE
    });
    let said = std::rc::Rc::new(std::cell::Cell::new(0));
    engine.enter(|cx| {
        let count = std::rc::Rc::clone(&said);
        let kept = std::cell::RefCell::new(Vec::new());
        let keep = closure(move |cx, args| {
            let charged = cx.charge(args.num(0).unwrap_or_default() as usize)?;
            kept.borrow_mut().push(charged);
            count.set(count.get() + 1);
            Ok(Value::undefined())
        });
        let keep = Function::closure(cx, "keep", 1, keep);
        set_global(cx, "keep", keep.to_value());
        let hold = closure(|cx, args| {
            cx.hold(args.num(0).unwrap_or_default() as usize)?;
            Ok(Value::undefined())
        });
        let hold = Function::closure(cx, "hold", 1, hold);
        set_global(cx, "hold", hold.to_value());
        cx.eval("for (let n = 0; n < 1000; n++) hold(2 ** 21)", "law.js")
            .expect("what is held while a call lasts is given back");
        assert_eq!(said.get(), 0);
        let code =
            "for (let n = 0; n < 1000; n++) try { keep(2 ** 20) } catch {} finally { keep(0) }";
        let ended = cx.eval(code, "law.js");
        assert!(
            matches!(ended, Err(Error::Fatal(Fatal::Limit(_)))),
            "{ended:?}"
        );
    });
    assert!((5..16).contains(&said.get()), "{}", said.get());
    is_over(&engine, "memory", "bytes that are kept");
    let Some(Fatal::Limit(hit)) = engine.state().fatal() else {
        panic!("it was not ended");
    };
    assert!(hit.at.expect("the place is known").contains("law.js:"));
}

#[test]
fn a_request_that_can_never_fit_is_an_error_or_the_end() {
    if !REFUSES {
        return;
    }
    let requests = [
        "'x'.repeat(2 ** 28)",
        "'x'.padEnd(2 ** 28)",
        "new Array(2 ** 28).join()",
        "new Array(2 ** 28).fill(0)",
        "Array.from({ length: 2 ** 28 })",
        "new ArrayBuffer(2 ** 28)",
        "new Float64Array(2 ** 25)",
    ];
    for code in requests {
        let engine = limited(LARGE);
        let made = engine.enter(|cx| cx.eval(code, "law.js").is_ok());
        assert!(!made || engine.state().fatal().is_some(), "{code}");
    }
}

#[test]
fn recursion_ends_in_an_error_and_not_in_a_crash() {
    let recursions = [
        "(function f() { f() })()",
        "(function f() { [1].map(f) })()",
        "(function f() { [2, 1].sort(f) })()",
        "(function f() { JSON.parse('[1]', f) })()",
        "(function f() { 'a'.replace(/a/, f) })()",
        "(function f() { Reflect.apply(f, null, []) })()",
        "(function f() { new f() })()",
        "(function f() { eval('f()') })()",
        "({ get a() { return this.a } }).a",
        "String({ toString() { return `${this}` } })",
        "new Proxy({}, { get(t, k, r) { return r[k] } }).a",
        "[...{ *[Symbol.iterator]() { yield* this } }]",
        "(async function a() { await a() })()",
        "(async function* a() { yield* a() })().next()",
    ];
    for code in recursions {
        let engine = engine();
        engine.enter(|cx| {
            let _ = cx.eval(code, "law.js");
        });
        run(&engine);
    }
}

#[test]
fn recursion_is_heard_of_wherever_a_promise_has_resumed_the_script() {
    let deep = "(function f() { f() })()";
    let forms = [
        format!("(async () => {{ {deep} }})()"),
        format!("(async () => {{ await 0; {deep} }})()"),
        format!("(async () => {{ try {{ await Promise.reject() }} catch {{ {deep} }} }})()"),
        format!("(async function* () {{ {deep} }})().next()"),
        format!("(async function* () {{ await 0; {deep} }})().next()"),
        format!(
            "(async () => {{ for await (const _ of (async function* () {{ yield 1; {deep} }})()); }})()"
        ),
        format!("Promise.resolve().then(() => {{ {deep} }})"),
    ];
    for form in forms {
        let engine = engine();
        engine.enter(|cx| {
            let code = format!("{form}.then(undefined, () => {{ globalThis.heard = true }})");
            let _ = cx.eval(&code, "law.js");
        });
        run(&engine);
        let heard = engine.state().fatal().is_some()
            || engine.enter(|cx| {
                let heard = cx.eval("globalThis.heard === true", "law.js");
                heard.is_ok_and(|heard| heard.as_bool() == Some(true))
            });
        assert!(heard, "{form}");
    }
}

#[test]
fn a_source_that_nests_too_deeply_is_an_error_and_not_a_crash() {
    if !REFUSES {
        return;
    }
    let sources: &[(&str, &str, &str)] = &[
        ("[", "", "]"),
        ("(", "1", ")"),
        ("x={a:", "1", "}"),
        ("{", "", "}"),
        ("f(", "1", ")"),
        ("`${", "1", "}`"),
        ("a[", "1", "]"),
        ("()=>{", "", "}"),
        ("()=>(", "1", ")"),
        ("x=function(){", "", "}"),
        ("x=class{m(){", "", "}}"),
        ("~", "1", ""),
        ("!", "1", ""),
        ("typeof ", "1", ""),
        ("new ", "a", ""),
        ("a=", "1", ""),
        ("1**", "1", ""),
        ("1?1:", "1", ""),
        ("1?", "1", ":1"),
        ("a=>", "1", ""),
        ("if(0)", ";", ""),
        ("if(0){}else ", ";", ""),
        ("while(0)", ";", ""),
        ("do ", ";", " while(0);"),
        ("for(;0;)", ";", ""),
        ("1+", "1", ""),
        ("1&&", "1", ""),
        ("1,", "1", ""),
        ("a??", "1", ""),
        ("", "a", ".a"),
        ("", "a", "?.a"),
        ("", "a", "()"),
        ("", "a", "[0]"),
        ("", "a", "``"),
        ("await ", "1", ""),
        ("let [", "a", "]=[]"),
    ];
    for (before, within, after) in sources {
        for count in [100, 1_000, 4_000] {
            let source = before.repeat(count) + within + &after.repeat(count);
            law(|cx| {
                // Of a function nothing runs.
                let source = format!("async function never() {{ {source} }}");
                let _ = cx.eval(&source, "law.js");
                let text = Value::string(cx, &source);
                set_global(cx, "source", text);
                let _ = cx.eval(
                    "try { (0, eval)(source) } catch {} try { new Function(source) } catch {}",
                    "law.js",
                );
            });
        }
    }
}

#[test]
fn a_source_that_nests_as_people_write_it_is_none() {
    law(|cx| {
        let nested = "[".repeat(24) + &"]".repeat(24);
        assert_eq!(text(cx, &format!("JSON.stringify({nested})")), nested);
        let sum = "1 + ".repeat(400) + "1";
        assert_eq!(eval(cx, &sum).as_number(), Some(401.0));
    });
}

#[test]
fn data_that_nests_too_deeply_is_an_error_and_not_a_crash() {
    if !REFUSES {
        return;
    }
    let nested = "let a = []; for (let i = 0; i < 50000; i++) a = [a];";
    let uses = [
        "String(a)",
        "a.join()",
        "a.toLocaleString()",
        "a.flat(Infinity)",
        "JSON.stringify(a)",
        "JSON.stringify(a, (key, value) => value)",
        "JSON.stringify(0, () => [0])",
        "JSON.stringify({ toJSON() { return [this] } })",
        "JSON.parse('['.repeat(50000) + ']'.repeat(50000))",
        "const c = []; c[0] = c; c.flat(Infinity)",
        "structuredClone(a)",
    ];
    for code in uses {
        limited(LARGE).enter(|cx| {
            let _ = cx.eval(&format!("{nested} {code}"), "law.js");
        });
    }
}

#[test]
fn a_comparator_that_contradicts_itself_gives_some_order() {
    law(|cx| {
        let code = "let seed = 7;
            const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5;
            const numbers = Array.from({ length: 500 }, (_, at) => at);
            const same = list => list.length === 500 && new Set(list).size === 500;
            [
              same([...numbers].sort(random)),
              same(numbers.toSorted(random)),
              same(new Float64Array(numbers).sort(random)),
              same(new Float64Array(numbers).toSorted(random)),
              same([...numbers].sort(() => NaN)),
              same(numbers.map(n => ({ toString: () => random() })).sort()),
            ].join()";
        assert_eq!(text(cx, code), "true,true,true,true,true,true");
    });
}

#[test]
fn sorting_is_stable_and_puts_holes_last() {
    law(|cx| {
        let check = |cx: &mut Cx<'_>, code: &str, expect: &str| assert_eq!(text(cx, code), expect);
        check(cx, "[3, 1, 2].sort().join()", "1,2,3");
        check(cx, "[10, 9, 1].sort().join()", "1,10,9");
        check(cx, "[10, 9, 1].sort((a, b) => a - b).join()", "1,9,10");
        check(
            cx,
            "const a = [3, , 1, undefined]; a.sort(); `${a} ${2 in a} ${3 in a}`",
            "1,3,, true false",
        );
        check(
            cx,
            "['b1', 'a1', 'b2', 'a2', 'a3'].sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0).join()",
            "a1,a2,a3,b1,b2",
        );
        check(
            cx,
            "const o = { length: 2, 0: 'b', 1: 'a' }; [].sort.call(o) === o && o[0] + o[1]",
            "ab",
        );
        check(
            cx,
            "String(new Int8Array([3, -1, 2]).sort((a, b) => b - a))",
            "3,2,-1",
        );
        check(
            cx,
            "const t = new Int8Array([3, 1]); `${t.toSorted((a, b) => a - b)} ${t}`",
            "1,3 3,1",
        );
        check(cx, "[3, , 1].toSorted((a, b) => a - b).length", "3");
        assert_eq!(error(cx, "[1, 2].sort({})").name(), "TypeError");
        assert_eq!(
            error(cx, "[1, 2].sort(() => { throw new RangeError('r') })").name(),
            "RangeError"
        );
        assert_eq!(error(cx, "[].sort.call(null)").name(), "TypeError");
    });
}

#[test]
fn functions_that_are_guarded_look_like_the_engines_own() {
    limited(LARGE).enter(|cx| {
        let code = "const odd = [];
            const check = (owner, of, names) => {
              for (const [name, length] of Object.entries(names)) {
                const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(of, name);
                const own = Object.getOwnPropertyDescriptor(value, 'name');
                const right = [
                  value.name === name, value.length === length, writable, !enumerable, configurable,
                  !('prototype' in value), Object.getPrototypeOf(value) === Function.prototype,
                  !own.writable, !own.enumerable, own.configurable,
                  Reflect.ownKeys(value).join() === 'length,name',
                ];
                if (right.includes(false)) odd.push(`${owner}.${name}: ${right}`);
                try { new value(); odd.push(`new ${owner}.${name}`); } catch {}
              }
            };
            check('Array', Array.prototype, { sort: 1, toSorted: 1, flat: 0, join: 1, fill: 1, map: 1, toString: 0 });
            check('Array', Array, { from: 1 });
            check('TypedArray', Object.getPrototypeOf(Int8Array.prototype), { sort: 1, toSorted: 1 });
            check('String', String.prototype, { repeat: 1, padStart: 1, padEnd: 1 });
            check('BigInt', BigInt.prototype, { toString: 0 });
            check('JSON', JSON, { stringify: 3 });
            if (Array.prototype.toString !== Object.getPrototypeOf(Int8Array.prototype).toString) odd.push('shared');
            odd.join('; ')";
        assert_eq!(text(cx, code), "");
    });
}

#[test]
fn functions_that_are_guarded_convert_once_and_in_order() {
    law(|cx| {
        let check = |cx: &mut Cx<'_>, code: &str, expect: &str| {
            let code = format!(
                "{{ const log = []; const say = (name, value) => ({{ toString() {{ log.push(name); return value }}, \
                 valueOf() {{ log.push(name); return value }} }}); const result = {code}; `${{result}} ${{log}}` }}"
            );
            assert_eq!(text(cx, &code), expect, "{code}");
        };
        check(
            cx,
            "String.prototype.repeat.call(say('this', 'ab'), say('count', 2))",
            "abab this,count",
        );
        check(cx, "'ab'.repeat(20).length", "40 ");
        check(cx, "'\u{1F600}'.repeat(17).length", "34 ");
        check(cx, "'ab'.repeat(2.9)", "abab ");
        check(cx, "''.repeat(2 ** 20).length", "0 ");
        check(
            cx,
            "String.prototype.padEnd.call(say('this', 'a'), say('length', 3), say('fill', 'b'))",
            "abb this,length,fill",
        );
        check(cx, "'a'.padStart(3)", "  a ");
        check(
            cx,
            "[1, [2, [3, [4]]]].flat(say('depth', 2)).length",
            "4 depth",
        );
        check(cx, "[1, [2, [3, [4]]]].flat(Infinity).join()", "1,2,3,4 ");
        for wrong in ["'a'.repeat(-1)", "'a'.repeat(Infinity)"] {
            assert_eq!(error(cx, wrong).name(), "RangeError", "{wrong}");
        }
        assert_eq!(
            error(cx, "String.prototype.repeat.call(null, 1)").name(),
            "TypeError"
        );
    });
}

#[test]
fn json_is_written_the_same_under_limits() {
    limited(LARGE).enter(|cx| {
        let check = |cx: &mut Cx<'_>, code: &str, expect: &str| {
            assert_eq!(
                text(cx, &format!("String(JSON.stringify({code}))")),
                expect,
                "{code}"
            );
        };
        check(cx, "undefined", "undefined");
        check(
            cx,
            "{ a: [1, undefined, () => 1], b: undefined, c: new Date(0) }",
            r#"{"a":[1,null,null],"c":"1970-01-01T00:00:00.000Z"}"#,
        );
        check(
            cx,
            "[1, { a: 2 }], null, 1",
            "[\n 1,\n {\n  \"a\": 2\n }\n]",
        );
        check(cx, "{ a: 1, b: 2 }, ['b']", r#"{"b":2}"#);
        check(
            cx,
            "{ a: 1, b: 2 }, function (key, value) { return key === 'a' ? this.b : value }",
            r#"{"a":2,"b":2}"#,
        );
        assert_eq!(
            error(cx, "const c = {}; c.c = c; JSON.stringify(c)").name(),
            "TypeError"
        );
        assert_eq!(error(cx, "JSON.stringify(1n)").name(), "TypeError");
    });
}
