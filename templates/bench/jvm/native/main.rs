//! The same as `Bench.java` beside it through the embedding API: a runtime on a thread of its own, and a handle to it. Prints nanoseconds.

use std::time::Instant;

use runtime_core::{JsError, JsHandle, JsRuntime, Plain, RuntimeConfig};

const ROUNDS: usize = 7;
const RUNTIMES: usize = 20;
const EVALS: usize = 5_000;
const CALLS: usize = 100_000;
const BYTES: usize = 20;

/// The least of some rounds, after one that counts for nothing, for each of the things that a round does.
fn least(things: usize, mut work: impl FnMut()) -> f64 {
    work();
    let rounds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_nanos()
    });
    rounds.min().unwrap_or_default() as f64 / things as f64
}

fn made() -> JsHandle {
    // One that was stopped ends with an error, which is what is wanted of it.
    let own = |mut runtime: JsRuntime| drop(runtime.serve());
    RuntimeConfig::spawn_with(|| Ok(JsRuntime::builder()), own).expect("a runtime is made")
}

fn same(is: Result<Plain, JsError>, expected: f64) {
    assert_eq!(is, Ok(Plain::Number(expected)), "what is measured does not work");
}

fn add(values: Vec<Plain>) -> Result<Plain, JsError> {
    match values[..] {
        [Plain::Number(a), Plain::Number(b)] => Ok(Plain::Number(a + b)),
        _ => Err(JsError::error("two numbers")),
    }
}

fn pass(mut values: Vec<Plain>) -> Result<Plain, JsError> {
    Ok(values.swap_remove(0))
}

fn main() {
    let creation = least(RUNTIMES, || {
        for _ in 0..RUNTIMES {
            let runtime = made();
            same(runtime.eval("1 + 1"), 2.0);
            runtime.stop();
        }
    });
    let runtime = made();
    runtime.register("add", add).expect("it is defined");
    runtime.register("pass", pass).expect("it is defined");
    let eval = least(EVALS, || (0..EVALS).for_each(|_| same(runtime.eval("1 + 1"), 2.0)));
    let code = format!(
        "(() => {{ let sum = 0; for (let i = 0; i < {CALLS}; i++) sum = add(sum, 1); return sum }})()"
    );
    let call = least(CALLS, || same(runtime.eval(&*code), CALLS as f64));
    let code = format!(
        "(() => {{ globalThis.sent ??= new Uint8Array(1_000_000); let n = 0; for (let i = 0; i < {BYTES}; i++) n += pass(sent).length; return n }})()"
    );
    let bytes = least(BYTES, || same(runtime.eval(&*code), 1e6 * BYTES as f64));
    println!("{creation} {eval} {call} {bytes}");
}
