//! Timers as scripts see them, on a clock that stands still until nothing else is left to do.

use std::time::Duration;

use runtime_core::{JsRuntime, Limits, Plain};

fn runtime() -> JsRuntime {
    JsRuntime::builder()
        .module(&module_timers::MODULE)
        .build()
        .expect("the runtime builds")
}

/// What `String()` says of what the body resolves to, and how long that took.
fn run(body: &str) -> (String, Duration) {
    let clock = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime of tokio");
    let mut runtime = runtime();
    let code = format!(
        "(async () => {{ const log = []; const sleep = (ms) => new Promise((done) => setTimeout(done, ms)); \
         return String(await (async () => {{ {body} }})()); }})()"
    );
    clock.block_on(async {
        let start = tokio::time::Instant::now();
        let plain = runtime.eval_async(&code).await.expect("the script runs");
        let text = plain.as_str().expect("a string").to_owned();
        (text, start.elapsed())
    })
}

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    for (body, expect) in rows {
        assert_eq!(run(body).0, *expect, "{body}");
    }
}

#[track_caller]
fn takes(body: &str, expect: u64) {
    let (_, elapsed) = run(body);
    // The clock of tokio counts whole milliseconds, and rounds a deadline up.
    let expect = Duration::from_millis(expect);
    assert!(
        elapsed >= expect && elapsed <= expect + Duration::from_millis(1),
        "{body}: {elapsed:?} is not {expect:?}"
    );
}

#[test]
fn timers_fire_by_deadline_and_then_by_creation() {
    check(&[
        (
            "setTimeout(() => log.push('c'), 2); setTimeout(() => log.push('a'), 0); setTimeout(() => log.push('b'), 0); \
             log.push('sync'); await sleep(10); return log",
            "sync,a,b,c",
        ),
        (
            "setTimeout(() => log.push('timer'), 0); queueMicrotask(() => log.push('micro')); \
             Promise.resolve().then(() => log.push('promise')); await sleep(1); return log",
            "micro,promise,timer",
        ),
        (
            "setTimeout(() => { log.push(1); queueMicrotask(() => log.push(2)); }, 0); setTimeout(() => log.push(3), 0); \
             await sleep(5); return log",
            "1,2,3",
        ),
        (
            "setTimeout(() => { setTimeout(() => log.push('inner'), 0); log.push('outer'); }, 0); setTimeout(() => log.push('next'), 0); \
             await sleep(5); return log",
            "outer,next,inner",
        ),
    ]);
}

#[test]
fn arguments_are_passed_on() {
    check(&[
        (
            "setTimeout((...args) => log.push(args), 0, 1, 'a', null); await sleep(1); return JSON.stringify(log)",
            r#"[[1,"a",null]]"#,
        ),
        (
            "setTimeout(function () { 'use strict'; log.push(this === globalThis); }, 0); await sleep(1); return log",
            "true",
        ),
        (
            "const kept = setInterval((list) => { list.push(1); if (list.length === 2) clearInterval(kept); }, 1, log); \
             await sleep(20); return log",
            "1,1",
        ),
        (
            "return setTimeout.length + clearTimeout.length + queueMicrotask.length",
            "2",
        ),
    ]);
}

#[test]
fn delays_are_read_as_browsers_read_them() {
    takes("await sleep(50)", 50);
    takes("await sleep('50')", 50);
    takes("await sleep(50.9)", 50);
    takes("await sleep({ valueOf: () => 50 })", 50);
    takes("await sleep(4294967296 + 50)", 50);
    takes("await sleep(2147483647)", 2_147_483_647);
    for zero in [
        "undefined",
        "null",
        "NaN",
        "-5",
        "'x'",
        "Infinity",
        "-Infinity",
        "2147483648",
        "{}",
        "[]",
        "-4294967296",
    ] {
        takes(&format!("await sleep({zero})"), 0);
    }
    takes("await new Promise((done) => setTimeout(done))", 0);
    check(&[
        (
            "try { setTimeout(() => {}, Symbol()); } catch (e) { return e.name }",
            "TypeError",
        ),
        (
            "try { setTimeout(() => {}, { valueOf() { throw new RangeError('x'); } }); } catch (e) { return e }",
            "RangeError: x",
        ),
    ]);
}

#[test]
fn a_handler_must_be_a_function() {
    check(&[
        (
            "try { setTimeout('code()', 1); } catch (e) { return e }",
            "TypeError: setTimeout: argument 1 (handler) must be a function, got a string",
        ),
        (
            "try { setTimeout(); } catch (e) { return e.name }",
            "TypeError",
        ),
        (
            "try { setInterval({}, 1); } catch (e) { return e.name }",
            "TypeError",
        ),
        (
            "try { queueMicrotask(null); } catch (e) { return e.name }",
            "TypeError",
        ),
    ]);
}

#[test]
fn numbers_are_positive_integers_of_their_own() {
    check(&[
        (
            "const ids = [setTimeout(() => {}, 0), setInterval(() => {}, 9), setTimeout(() => {}, 0)]; \
             return ids.every((id) => Number.isInteger(id) && id > 0) && new Set(ids).size",
            "3",
        ),
        (
            "let n = 0; const id = setInterval(() => { if (++n === 3) clearInterval(id); }, 1); await sleep(50); return n",
            "3",
        ),
    ]);
}

#[test]
fn what_is_cleared_does_not_fire() {
    check(&[
        (
            "clearTimeout(setTimeout(() => log.push(1), 0)); await sleep(5); return log.length",
            "0",
        ),
        (
            "clearInterval(setTimeout(() => log.push(1), 0)); await sleep(5); return log.length",
            "0",
        ),
        (
            "clearTimeout(String(setTimeout(() => log.push(1), 0))); await sleep(5); return log.length",
            "0",
        ),
        (
            "let other; setTimeout(() => { log.push(1); clearTimeout(other); }, 0); other = setTimeout(() => log.push(2), 0); \
             await sleep(5); return log",
            "1",
        ),
        (
            "const own = setTimeout(() => { clearTimeout(own); log.push(1); }, 0); await sleep(5); return log",
            "1",
        ),
        (
            "const own = setInterval(() => { clearInterval(own); log.push(1); }, 0); await sleep(50); return log",
            "1",
        ),
        (
            "for (const id of [undefined, null, 0, -1, 999, NaN, 'x', {}, 2 ** 40]) { clearTimeout(id); clearInterval(id); } \
             clearTimeout(); return 'fine'",
            "fine",
        ),
        (
            "try { clearTimeout(Symbol()); } catch (e) { return e.name }",
            "TypeError",
        ),
    ]);
}

#[test]
fn intervals_repeat() {
    takes(
        "let n = 0; await new Promise((done) => { const id = setInterval(() => { if (++n === 10) { clearInterval(id); done(); } }, 20); })",
        200,
    );
    check(&[(
        "const id = setInterval(() => log.push('i'), 20); setTimeout(() => log.push('t'), 50); await sleep(70); clearInterval(id); return log",
        "i,i,t,i",
    )]);
}

#[test]
fn deep_nesting_is_slowed_down() {
    let chain = |depth: u32| {
        format!(
            "await new Promise((done) => {{ let left = {depth}; const step = () => --left ? setTimeout(step, 0) : done(); setTimeout(step, 0); }})"
        )
    };
    takes(&chain(6), 0);
    takes(&chain(7), 4);
    takes(&chain(16), 40);
    takes(
        "await new Promise((done) => { let left = 16; const id = setInterval(() => { if (!--left) { clearInterval(id); done(); } }, 0); })",
        40,
    );
    // Side by side is not nested.
    takes(
        "for (let n = 0; n < 20; n++) setTimeout(() => {}, 0); await sleep(0)",
        0,
    );
}

#[test]
fn an_error_in_a_callback_ends_the_run() {
    for code in [
        "setTimeout(() => { throw new RangeError('in a timer'); }, 0); setTimeout(() => { globalThis.late = true; }, 1);",
        "queueMicrotask(() => { throw new RangeError('in a timer'); }); setTimeout(() => { globalThis.late = true; }, 1);",
        "setInterval(() => { throw new RangeError('in a timer'); }, 0);",
    ] {
        let mut runtime = runtime();
        runtime.eval(code).expect("the script runs");
        let uncaught = runtime.run().expect_err("the callback throws");
        assert_eq!(uncaught.error().name(), "RangeError");
        assert_eq!(uncaught.error().message(), "in a timer");
        assert_eq!(runtime.eval("globalThis.late"), Ok(Plain::Undefined));
    }
}

#[test]
fn a_pending_timer_keeps_the_run_alive_unless_it_is_unrefed() {
    let start =
        "const day = 86_400_000; import('runtime:timers').then(({ refTimer, unrefTimer }) => {";
    for body in [
        "unrefTimer(setTimeout(() => {}, day));",
        "unrefTimer(setInterval(() => {}, day));",
        "const id = setTimeout(() => {}, day); unrefTimer(id); refTimer(id); unrefTimer(id);",
        "const id = setInterval(() => { globalThis.ticks = 1; }, 0); setTimeout(() => { unrefTimer(id); globalThis.ended = true; }, 5);",
        "refTimer(999); unrefTimer(undefined);",
    ] {
        let mut runtime = runtime();
        runtime
            .eval(&format!("{start} {body} }});"))
            .expect("the script runs");
        runtime.run().expect("nothing fails");
    }
    let mut runtime = runtime();
    runtime
        .eval(&format!(
            "{start} const id = setTimeout(() => {{ globalThis.fired = true; }}, 1); unrefTimer(id); refTimer(id); }});"
        ))
        .expect("the script runs");
    runtime.run().expect("nothing fails");
    assert_eq!(runtime.eval("globalThis.fired"), Ok(Plain::Bool(true)));
}

#[test]
fn many_timers_fire_in_order() {
    check(&[(
        "let last = -1, sorted = true; const fired = (due) => { sorted &&= due >= last; last = due; log.push(due); }; \
         for (let n = 0; n < 20_000; n++) { const due = (n * 7919) % 1000; setTimeout(fired, due, due); } \
         await sleep(2000); return [sorted, log.length]",
        "true,20000",
    )]);
}

#[test]
fn imports_and_globals_are_the_same() {
    check(&[
        (
            "const module = await import('runtime:timers'); return module.setTimeout === setTimeout && typeof refTimer",
            "undefined",
        ),
        (
            "return Object.keys(await import('runtime:timers')).length",
            "7",
        ),
    ]);
}

#[test]
fn more_timers_than_allowed_are_a_range_error() {
    let limits = Limits {
        timers_max: Some(2),
        ..Limits::NONE
    };
    let config = JsRuntime::builder()
        .module(&module_timers::MODULE)
        .limits(limits);
    let mut runtime = config.build().expect("the runtime builds");
    let code = "(async () => {
        const log = [];
        const attempt = (set) => {
            try { set(() => {}, 1); log.push('set'); } catch (error) { log.push(`${error.name} ${error.code}`); }
        };
        const held = setTimeout(() => {}, 60_000);
        attempt(setTimeout);
        attempt(setTimeout);
        attempt(setInterval);
        clearTimeout(held);
        attempt(setTimeout);
        // Both have fired by then, which makes room again; an interval makes room for itself.
        await new Promise((done) => { clearTimeout(2); clearTimeout(3); setTimeout(done, 5); });
        let ticks = 0;
        await new Promise((done) => { const id = setInterval(() => { if (++ticks === 3) { clearInterval(id); done(); } }, 1); });
        attempt(setTimeout);
        return log.concat(ticks).join();
    })()";
    let result = runtime.eval_blocking(code).expect("the script runs");
    let full = "RangeError ERR_TOO_MANY_TIMERS";
    assert_eq!(
        result.as_str(),
        Some(&*format!("set,{full},{full},set,set,3"))
    );
}
