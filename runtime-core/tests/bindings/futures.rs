//! Async functions, and callbacks that are called from them.

use std::io;

use runtime_core::prelude::*;

use crate::check;

#[js_module(globals)]
mod plain {
    use super::*;

    #[derive(IntoJs)]
    struct Reading {
        value: f64,
    }

    #[js_fn(permission = "sys:sensor")]
    async fn read(channel: u8) -> Result<Reading, io::Error> {
        match channel {
            0 => Err(io::Error::from_raw_os_error(2)),
            _ => Ok(Reading {
                value: f64::from(channel),
            }),
        }
    }

    #[js_fn(permission = "sys:camera")]
    async fn film() {}

    #[js_fn]
    async fn plain(#[js(default = 5)] value: u32) -> u32 {
        value
    }

    #[js_fn]
    async fn ask(callback: Callback<(u32,), u32>) -> Result<u32, JsError> {
        Ok(callback.call_later((20,)).await? + 1)
    }
}

#[test]
fn an_async_function_returns_a_promise() {
    check(
        &MODULE,
        &[
            ("plain() instanceof Promise", "true"),
            ("plain()", "5"),
            ("read(3).then((reading) => reading.value)", "3"),
            ("read(0).catch((error) => error.code)", "ENOENT"),
            ("read.length", "1"),
        ],
    );
}

#[test]
fn what_is_wrong_before_it_starts_rejects_the_promise() {
    check(
        &MODULE,
        &[
            (
                "plain('x').catch((error) => `rejected ${error}`)",
                "rejected TypeError: plain: argument 1 (value) must be a number, got a string",
            ),
            (
                "film().catch((error) => `rejected ${error.name}`)",
                "rejected NotAllowed",
            ),
        ],
    );
}

#[test]
fn a_callback_is_called_from_a_future() {
    check(
        &MODULE,
        &[
            ("ask((n) => n * 2)", "41"),
            ("ask(async (n) => n + 1)", "22"),
            (
                "ask(() => { throw new RangeError('no') })",
                "thrown RangeError: no",
            ),
            (
                "ask(() => 'x')",
                "thrown TypeError: result of the callback must be a number, got a string",
            ),
        ],
    );
}

#[test]
fn an_error_keeps_its_identity_on_its_way_through_a_future() {
    check(
        &MODULE,
        &[
            (
                "(async () => { class Own extends Error {}; const error = new Own('x'); \
                 try { await ask(() => { throw error }) } catch (e) { return [e === error, e.stack === error.stack] } })()",
                "true,true",
            ),
            (
                "(async () => { const thrown = { status: 404 }; \
                 try { await ask(async () => { throw thrown }) } catch (e) { return e === thrown } })()",
                "true",
            ),
        ],
    );
}

#[test]
fn the_error_of_a_future_has_the_stack_of_the_call() {
    let mut runtime = crate::runtime(&MODULE);
    let code = "async function caller() {\n  await read(0);\n}\nawait caller();\n";
    let uncaught = runtime.run_code(code, "main.js").expect_err("it fails");
    let text = uncaught.text();
    let parts = [
        "at caller (main.js:2:",
        "(main.js:4:",
        "\n\n  2 |   await read(0);\n",
        "code: 'ENOENT'",
    ];
    for part in parts {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
}
