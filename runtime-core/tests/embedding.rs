//! The embedding API: a runtime on its own thread, handles from others, modules from files, errors as people read them.
#![cfg(feature = "engine")]

mod files;

use std::fs;

use files::{Files, runtime};
use runtime_core::engine::{Cx, Value};
use runtime_core::{Error, JsError, JsHandle, JsRuntime, Plain, RuntimeConfig};

/// What `main.js` leaves in `globalThis.result`.
fn result_of(files: &[(&str, &str)]) -> Plain {
    let files = Files::new(files);
    let mut runtime = runtime();
    runtime
        .run_file(&files.path("main.js"))
        .expect("the script runs");
    runtime
        .eval("globalThis.result")
        .expect("the result is plain")
}

/// The error that `main.js` ends with.
fn error_of(files: &[(&str, &str)]) -> JsError {
    let files = Files::new(files);
    let uncaught = runtime()
        .run_file(&files.path("main.js"))
        .expect_err("the script fails");
    uncaught.error().clone()
}

#[test]
fn eval_gives_the_last_expression_as_plain_data() {
    let mut runtime = runtime();
    let check = |runtime: &mut JsRuntime, code: &str, expect: Plain| {
        assert_eq!(runtime.eval(code), Ok(expect), "{code}");
    };
    check(&mut runtime, "1 + 1", Plain::Number(2.0));
    check(&mut runtime, "'a' + 'b'", "ab".into());
    check(
        &mut runtime,
        "2n ** 70n",
        Plain::BigInt("1180591620717411303424".to_owned()),
    );
    check(&mut runtime, "new Uint8Array([1, 2])", vec![1, 2].into());
    check(
        &mut runtime,
        "[1, null, undefined]",
        vec![1.into(), Plain::Null, Plain::Undefined].into(),
    );
    check(
        &mut runtime,
        "({ a: { b: true } })",
        Plain::Object(vec![(
            "a".to_owned(),
            Plain::Object(vec![("b".to_owned(), Plain::Bool(true))]),
        )]),
    );
    check(
        &mut runtime,
        "new Map([['k', 1]])",
        Plain::Object(vec![("k".to_owned(), 1.into())]),
    );
    check(&mut runtime, "new Date(5)", Plain::Date(5.0));
    assert!(matches!(runtime.eval("(() => 1)"), Ok(Plain::Other(_))));
    assert!(matches!(
        runtime.eval("const o = {}; o.o = o; o"),
        Ok(Plain::Object(_))
    ));
}

#[test]
fn a_getter_is_not_run_on_the_way_out() {
    let mut runtime = runtime();
    let plain = runtime
        .eval("globalThis.ran = 0; ({ get x() { ran++; return 1 }, y: 2 })")
        .expect("an object");
    assert_eq!(plain.get("y"), Some(&2.into()));
    assert_eq!(runtime.eval("ran"), Ok(0.into()));
}

#[test]
fn a_thrown_error_keeps_its_class_message_and_cause() {
    let mut runtime = runtime();
    let error = runtime
        .eval("throw new RangeError('far', { cause: new Error('near') })")
        .expect_err("it throws");
    assert_eq!((error.name(), error.message()), ("RangeError", "far"));
    assert_eq!(error.cause().map(JsError::message), Some("near"));
    assert_eq!(
        runtime
            .eval("throw 'text'")
            .expect_err("it throws")
            .message(),
        "text"
    );
}

#[test]
fn eval_async_waits_for_the_promise() {
    let mut runtime = runtime();
    let value = runtime.eval_blocking("(async () => { await null; return 7 })()");
    assert_eq!(value, Ok(7.into()));
    let error = runtime
        .eval_blocking("Promise.reject(new TypeError('no'))")
        .expect_err("it rejects");
    assert_eq!((error.name(), error.message()), ("TypeError", "no"));
}

#[test]
fn a_promise_that_nothing_can_settle_is_an_error() {
    let error = runtime()
        .eval_blocking("new Promise(() => {})")
        .expect_err("it never settles");
    assert!(
        error.message().contains("can no longer be settled"),
        "{error}"
    );
}

#[test]
fn microtasks_run_in_the_order_they_were_queued() {
    let mut runtime = runtime();
    runtime.eval("globalThis.log = []; Promise.resolve().then(() => log.push(1)).then(() => log.push(3)); Promise.resolve().then(() => log.push(2))").expect("it runs");
    assert_eq!(runtime.eval("log.join()"), Ok("1,2,3".into()));
}

#[test]
fn a_handle_evaluates_from_another_thread() {
    let handle = RuntimeConfig::spawn(|| Ok(JsRuntime::builder())).expect("it starts");
    assert_eq!(handle.eval("globalThis.n = 40"), Ok(40.into()));
    let clone = handle.clone();
    let thread = std::thread::spawn(move || clone.eval("n + 2"));
    assert_eq!(thread.join().expect("the thread ends"), Ok(42.into()));
    assert_eq!(
        handle
            .eval("throw new TypeError('x')")
            .map_err(|error| error.to_string()),
        Err("TypeError: x".to_owned())
    );
    assert_eq!(handle.eval("(async () => 'later')()"), Ok("later".into()));
}

#[test]
fn a_handle_calls_and_registers_functions() {
    let handle = RuntimeConfig::spawn(|| Ok(JsRuntime::builder())).expect("it starts");
    handle
        .register("double", |args| {
            match args.first().and_then(Plain::as_f64) {
                Some(number) => Ok((number * 2.0).into()),
                None => Err(JsError::type_error("double: argument 1 must be a number")),
            }
        })
        .expect("it registers");
    assert_eq!(handle.eval("double(21)"), Ok(42.into()));
    assert_eq!(
        handle.eval("try { double() } catch (e) { e.constructor === TypeError }"),
        Ok(true.into())
    );
    handle
        .eval("globalThis.app = { n: 2, add(x) { return this.n + x } }")
        .expect("it runs");
    assert_eq!(handle.call("app.add", vec![3.into()]), Ok(5.into()));
    let error = handle
        .call("app.nothing", vec![])
        .expect_err("there is none");
    assert_eq!(
        error.to_string(),
        "TypeError: `app.nothing` is not a function but undefined"
    );
}

#[test]
fn a_stopped_runtime_answers_with_an_error() {
    let handle = RuntimeConfig::spawn(|| Ok(JsRuntime::builder())).expect("it starts");
    handle.stop();
    let error = handle.eval("1").expect_err("it was stopped");
    assert_eq!(error.code(), Some("ERR_RUNTIME_ENDED"));
}

/// What a runtime's thread gives to whoever asked it for a value, as plain data.
fn answered(
    ask: impl FnOnce(&JsHandle, std::sync::mpsc::Sender<Result<Plain, JsError>>),
) -> Result<Plain, JsError> {
    let handle = RuntimeConfig::spawn(|| Ok(JsRuntime::builder())).expect("it starts");
    handle.add_app_file("lib/one.js", "export const one = 1");
    let (sender, receiver) = std::sync::mpsc::channel();
    ask(&handle, sender);
    receiver.recv().expect("there is an answer")
}

/// Sends a value to where it is wanted.
fn sent(
    to: std::sync::mpsc::Sender<Result<Plain, JsError>>,
) -> impl for<'a> FnOnce(&mut Cx<'a>, Result<Value<'a>, Error<'a>>) + Send + 'static {
    move |cx, result| {
        let plain = result.and_then(|value| Plain::from_value(cx, &value));
        let plain = plain.map_err(|error| JsError::from_error(cx, error));
        to.send(plain).expect("somebody waits");
    }
}

#[test]
fn a_handle_gives_what_it_gets_on_the_thread_of_the_runtime() {
    let value = answered(|handle, to| handle.eval_then("Promise.resolve(2)", sent(to)));
    assert_eq!(value, Ok(2.into()));
    let error = answered(|handle, to| handle.eval_then("throw new RangeError('far')", sent(to)));
    assert_eq!(error.expect_err("it throws").to_string(), "RangeError: far");
}

#[test]
fn a_handle_runs_modules() {
    let code = "import { one } from './lib/one.js'; export const two = await (one + 1)";
    let exports = answered(|handle, to| handle.import_code_then(code, "main.js", sent(to)));
    assert_eq!(exports.expect("it runs").get("two"), Some(&2.into()));
    let exports = answered(|handle, to| handle.import_app_file_then("lib/one.js", sent(to)));
    assert_eq!(exports.expect("it runs").get("one"), Some(&1.into()));
    for code in [
        "export let =",
        "throw new Error('no')",
        "import './none.js'",
    ] {
        let exports = answered(|handle, to| handle.import_code_then(code, "main.js", sent(to)));
        assert!(exports.is_err(), "{code}");
    }
    let missing = answered(|handle, to| handle.import_app_file_then("none.js", sent(to)));
    let message = missing.expect_err("there is none").to_string();
    assert!(message.contains("none.js"), "{message}");
}

#[test]
fn whoever_owns_a_runtime_hears_how_it_ended() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let handle = RuntimeConfig::spawn_with(
        || Ok(JsRuntime::builder()),
        move |mut runtime| {
            while let Err(uncaught) = runtime.serve() {
                sender.send(uncaught.to_string()).expect("somebody waits");
                if runtime.fatal().is_some() {
                    break;
                }
            }
        },
    );
    let handle = handle.expect("it starts");
    handle.send(|cx| {
        let rejected = cx.eval("Promise.reject(new TypeError('nobody cared'))", "<test>");
        assert!(rejected.is_ok());
    });
    let heard = receiver.recv().expect("it is told");
    assert!(heard.contains("nobody cared"), "{heard}");
    assert_eq!(handle.eval("1 + 1"), Ok(2.into()));
    handle.stop();
    let heard = receiver.recv().expect("it is told");
    assert!(heard.contains("stopped"), "{heard}");
}

#[test]
fn runtimes_of_one_thread_do_not_share_values() {
    let (mut a, mut b) = (runtime(), runtime());
    a.eval("globalThis.x = 1").expect("it runs");
    assert_eq!(b.eval("typeof x"), Ok("undefined".into()));
}

#[test]
fn modules_import_each_other_by_path_and_once() {
    let value = result_of(&[
        (
            "main.js",
            "import { n, bump } from './lib/a.js'; import { n as m } from './lib/../lib/a.js'; bump(); globalThis.result = [n, m]",
        ),
        (
            "lib/a.js",
            "import './b.js'; export let n = 0; export function bump() { n++ }",
        ),
        (
            "lib/b.js",
            "import * as a from './a.js'; globalThis.cycle = typeof a.bump",
        ),
    ]);
    assert_eq!(value, Plain::Array(vec![1.into(), 1.into()]));
}

#[test]
fn json_needs_its_attribute() {
    let json = ("data.json", "{\"a\": [1, 2]}");
    let value = result_of(&[
        (
            "main.js",
            "import data from './data.json' with { type: 'json' }; globalThis.result = data.a[1]",
        ),
        json,
    ]);
    assert_eq!(value, 2.into());
    let error = error_of(&[("main.js", "import data from './data.json'"), json]);
    assert!(
        error.message().contains("needs an import attribute"),
        "{error}"
    );
}

#[test]
fn import_meta_says_where_a_module_is() {
    let value = result_of(&[(
        "main.js",
        "globalThis.result = [import.meta.url.startsWith('file:///'), import.meta.url.endsWith('/main.js'), import.meta.main, import.meta.filename.endsWith('main.js')]",
    )]);
    assert_eq!(
        value,
        Plain::Array(vec![true.into(), true.into(), true.into(), true.into()])
    );
}

#[test]
fn dynamic_import_and_top_level_await_work() {
    let value = result_of(&[
        (
            "main.js",
            "const { default: n } = await import('./n.js'); globalThis.result = n + await Promise.resolve(1)",
        ),
        ("n.js", "export default await (async () => 41)()"),
    ]);
    assert_eq!(value, 42.into());
}

#[test]
fn an_import_of_something_that_does_not_exist_says_who_wanted_it() {
    let error = error_of(&[("main.js", "import './gone.js'")]);
    assert_eq!(error.code(), Some("ERR_MODULE_NOT_FOUND"));
    assert!(
        error.message().contains("cannot find module `./gone.js`"),
        "{error}"
    );
    let stack = error.stack().unwrap_or_default();
    assert!(stack.contains("main.js:1:"), "{error}: {stack}");
}

#[test]
fn a_module_outside_the_folder_of_the_entry_needs_read() {
    let files = Files::new(&[
        ("app/main.js", "import '../secret.js'"),
        ("secret.js", "globalThis.leaked = true"),
    ]);
    let mut runtime = runtime();
    let uncaught = runtime
        .run_file(&files.path("app/main.js"))
        .expect_err("it is outside");
    assert_eq!(uncaught.error().name(), "NotAllowed");
    assert_eq!(runtime.eval("typeof leaked"), Ok("undefined".into()));
}

#[test]
fn an_unhandled_rejection_ends_the_run() {
    let error = error_of(&[("main.js", "Promise.reject(new TypeError('nobody cared'))")]);
    assert_eq!(error.to_string(), "TypeError: nobody cared");
    let value = result_of(&[(
        "main.js",
        "const p = Promise.reject(1); p.catch(() => {}); globalThis.result = 'fine'",
    )]);
    assert_eq!(value, "fine".into());
}

#[test]
fn top_level_await_that_cannot_end_is_an_error() {
    let error = error_of(&[("main.js", "await new Promise(() => {})")]);
    assert!(error.message().contains("nothing is pending"), "{error}");
}

#[test]
fn calls_that_nest_too_deeply_end_a_module_that_awaits() {
    let deep = "(function f() { f() })();";
    for main in [
        format!("{deep} await 0"),
        format!("await 0; {deep}"),
        "import './deep.js'; await 0".to_owned(),
        "await import('./deep.js')".to_owned(),
    ] {
        let error = error_of(&[("main.js", &main), ("deep.js", &format!("{deep} await 0"))]);
        let said = error.to_string();
        let is_right = said.contains("nested deeper") || said.contains("RangeError");
        assert!(is_right, "{main}: {said}");
    }
}

#[test]
fn a_script_that_is_missing_a_folder_or_not_text_says_so() {
    let files = Files::new(&[("folder/x.js", "")]);
    fs::write(files.path("bad.js"), b"ok\n\xff").expect("a file");
    let check = |name: &str, part: &str| {
        let uncaught = runtime()
            .run_file(&files.path(name))
            .expect_err("it cannot run");
        assert!(uncaught.text().contains(part), "{}", uncaught.text());
    };
    check("gone.js", "no such file");
    check("folder", "it is a folder");
    check("bad.js", "line 2 has a byte that is no character");
}

#[test]
fn the_exports_of_a_file_are_plain_data() {
    let files = Files::new(&[(
        "main.js",
        "export const list = [1, 2]; export default 'd'; export const f = () => 1;",
    )]);
    let exports = runtime()
        .import_file(&files.path("main.js"))
        .expect("the script runs");
    assert_eq!(
        exports.get("list"),
        Some(&Plain::Array(vec![1.into(), 2.into()]))
    );
    assert_eq!(exports.get("default"), Some(&"d".into()));
    assert!(matches!(exports.get("f"), Some(Plain::Other(_))));
}

#[test]
fn no_script_makes_an_error_of_the_runtime() {
    let mut runtime = JsRuntime::builder().build().expect("the engine starts");
    for code in [
        "ERR_LIMIT",
        "ERR_STOPPED",
        "ERR_RUNTIME_ENDED",
        "ERR_DISPOSED",
    ] {
        let forged = format!(
            "throw Object.assign(new Error('no'), {{ name: 'RuntimeError', code: '{code}' }})"
        );
        let error = runtime.eval(&forged).expect_err("it throws");
        assert!(!error.is_from_runtime(), "{error:?}");
        assert_eq!((error.code(), error.message()), (None, "no"));
        let uncaught = runtime.run_code(&forged, "main.js").expect_err("it throws");
        assert!(!uncaught.is_stop(), "{uncaught:?}");
        assert_eq!(uncaught.fatal(), None);
    }
    let own = runtime.eval("throw Object.assign(new Error('mine'), { code: 'E_MINE' })");
    assert_eq!(own.expect_err("it throws").code(), Some("E_MINE"));
    runtime.handle().stop();
    let stopped = runtime.eval("1").expect_err("it was stopped");
    assert!(stopped.is_from_runtime());
    assert_eq!(stopped.code(), Some("ERR_STOPPED"));
}

mod functions {
    //! Native functions as globals of a runtime that is being built.

    use runtime_core::JsRuntime;
    use runtime_core::prelude::*;

    /// Doubles a number.
    #[js_fn]
    fn double(number: f64) -> f64 {
        number * 2.0
    }

    #[test]
    fn a_builder_takes_a_native_function_as_a_global() {
        let built = JsRuntime::builder().function::<double>().build();
        let mut runtime = built.expect("it builds");
        assert_eq!(runtime.eval("double(21)"), Ok(42.into()));
        assert_eq!(runtime.eval("double.length"), Ok(1.into()));
    }

    #[test]
    fn two_globals_of_one_name_are_refused() {
        let twice = JsRuntime::builder()
            .function::<double>()
            .function::<double>();
        let error = twice.build().expect_err("the name is taken");
        assert!(
            error.message().contains("both define the global `double`"),
            "{error}"
        );
    }
}
