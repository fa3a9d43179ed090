//! A thousand runtimes, one after the other: what is dropped gives its memory back. Alone in its program, which counts all memory.
#![cfg(feature = "engine")]

use std::alloc::System;

use runtime_core::{Counting, JsRuntime, Limits, Plain};

#[global_allocator]
static ALLOCATOR: Counting<System> = Counting(System);

/// Makes a runtime, runs a little of everything in it, and drops it.
fn one() {
    let limits = Limits {
        // With a limit each engine takes its memory from the program's own allocator.
        memory: Some(64 << 20),
        ..Limits::NONE
    };
    let built = JsRuntime::builder().limits(limits).best_effort().build();
    let mut runtime = built.expect("the runtime builds");
    let code = "(async () => {
        const ring = []; for (let n = 0; n < 100; n++) { const o = { n, ring }; o.self = o; ring.push(o); }
        globalThis.kept = [new Map([[ring, 1]]), new Uint8Array(100_000), 'x'.repeat(10_000), () => ring];
        await null; kept.pending = new Promise(() => {});
        return ring.length;
    })()";
    assert_eq!(runtime.eval_blocking(code), Ok(Plain::Number(100.0)));
}

/// The most that is held after any of `count` runtimes. An engine that collects garbage now and then holds more and less by turns.
fn most_held(count: usize) -> usize {
    let held = |_| {
        one();
        Counting::<System>::in_use()
    };
    (0..count).map(held).max().unwrap_or_default()
}

#[test]
fn a_thousand_runtimes_leave_nothing_behind() {
    let early = most_held(400);
    let late = most_held(600);
    // A hundred bytes that each left behind would be seen.
    assert!(late < early + (32 << 10), "{early} bytes, then {late}");
}
