//! Callbacks: called at once, kept, called later from a future, and what becomes of their errors.

use std::cell::RefCell;
use std::rc::Rc;

use super::Callback;
use crate::convert::FromJs;
use crate::engine::{Cx, Error, Function, Value, closure};
use crate::error::JsError;
use crate::runtime::{JsRuntime, Plain};

fn runtime() -> JsRuntime {
    JsRuntime::builder().build().expect("the engine starts")
}

/// The callback that a script's function is.
fn callback<A, R>(cx: &mut Cx<'_>, code: &str) -> Callback<A, R> {
    let value = cx.eval(code, "test").expect("it is a function");
    Callback::from_js(cx, &value).expect("it is a function")
}

#[test]
fn a_callback_converts_its_arguments_and_its_result() {
    runtime().enter(|cx| {
        let join: Callback<(String, u32, Option<bool>), String> =
            callback(cx, "(...args) => args.join()");
        let result = join.call(cx, ("a".to_owned(), 1, None));
        assert_eq!(result.ok().as_deref(), Some("a,1,"));
        let nothing: Callback<()> = callback(cx, "() => 5");
        assert!(nothing.call(cx, ()).is_ok());
    });
}

#[test]
fn a_wrong_result_and_a_thrown_error_are_errors() {
    runtime().enter(|cx| {
        let number: Callback<(), f64> = callback(cx, "() => 'x'");
        let error = number.call(cx, ()).expect_err("it is no number");
        assert_eq!(
            JsError::from_error(cx, error).to_string(),
            "TypeError: result of the callback must be a number, got a string"
        );
        let named: Callback<(), Vec<f64>> = callback(cx, "(function list() { return [1, 'x'] })");
        let error = named.call(cx, ()).expect_err("it is no list of numbers");
        assert_eq!(
            JsError::from_error(cx, error).to_string(),
            "TypeError: result of callback `list`[1] must be a number, got a string"
        );
        let throws: Callback<(), f64> = callback(cx, "() => { throw new RangeError('mine') }");
        let error = throws.call(cx, ()).expect_err("it throws");
        assert_eq!(
            JsError::from_error(cx, error).to_string(),
            "RangeError: mine"
        );
    });
}

#[test]
fn only_a_function_is_a_callback() {
    runtime().enter(|cx| {
        let value = cx.eval("({})", "test").expect("it runs");
        let error = Callback::<()>::from_js(cx, &value).expect_err("it is none");
        assert!(matches!(error, Error::Mismatch(_)));
    });
}

#[test]
fn a_kept_callback_is_called_in_a_later_entry() {
    let runtime = runtime();
    let kept: Callback<(f64,), f64> =
        runtime.enter(|cx| callback(cx, "let sum = 0; n => sum += n"));
    let copy = kept.clone();
    for (callback, expected) in [(&kept, 1.0), (&copy, 2.0)] {
        let sum = runtime.enter(|cx| callback.call(cx, (1.0,)).ok());
        assert_eq!(sum, Some(expected));
    }
}

/// What `callback.call_later` gives inside a future of the runtime.
fn later<R>(code: &str, read: fn(R) -> f64) -> Result<f64, String>
where
    R: for<'a> FromJs<'a> + 'static,
{
    let mut runtime = runtime();
    let told = Rc::new(RefCell::new(None));
    runtime.enter(|cx| {
        let callback: Callback<(f64,), R> = callback(cx, code);
        let told = Rc::clone(&told);
        let call = async move {
            let result = callback.call_later((20.0,)).await;
            told.replace(Some(result.map(read).map_err(|error| error.to_string())));
        };
        cx.state().event_loop.spawn(call, true);
    });
    runtime.run().expect("nothing is uncaught");
    told.take().expect("the future ran to its end")
}

#[test]
fn a_future_calls_and_awaits_a_callback() {
    assert_eq!(later::<f64>("n => n + 1", |n| n), Ok(21.0));
    assert_eq!(
        later::<f64>("async n => { await null; return n + 2 }", |n| n),
        Ok(22.0)
    );
    assert_eq!(
        later::<Vec<f64>>("n => [n, 1]", |list| list.iter().sum()),
        Ok(21.0)
    );
}

#[test]
fn an_awaited_error_is_that_of_the_callback() {
    assert_eq!(
        later::<f64>("() => { throw new RangeError('mine') }", |n| n),
        Err("RangeError: mine".to_owned())
    );
    assert_eq!(
        later::<f64>("async () => { throw new RangeError('mine') }", |n| n),
        Err("RangeError: mine".to_owned())
    );
    assert_eq!(
        later::<f64>("async () => 'x'", |n| n),
        Err("TypeError: result of the callback must be a number, got a string".to_owned())
    );
}

#[test]
fn a_call_that_nobody_awaits_is_made_and_its_error_is_uncaught() {
    let mut runtime = runtime();
    runtime.enter(|cx| {
        let quiet: Callback<()> = callback(cx, "() => { globalThis.called = true }");
        drop(quiet.call_later(()));
    });
    runtime.run().expect("nothing is uncaught");
    assert_eq!(runtime.eval("called"), Ok(Plain::Bool(true)));
    runtime.enter(|cx| {
        let loud: Callback<()> = callback(cx, "() => { throw new RangeError('mine') }");
        drop(loud.call_later(()));
    });
    let uncaught = runtime.run().expect_err("nobody awaited the error");
    assert_eq!(uncaught.error().to_string(), "RangeError: mine");
}

#[test]
fn a_callback_may_outlive_its_runtime() {
    let runtime = runtime();
    let kept: Callback<(), f64> = runtime.enter(|cx| callback(cx, "() => 1"));
    drop(runtime);
    let tokio = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("tokio starts");
    let error = tokio
        .block_on(kept.call_later(()))
        .expect_err("nobody is there to call it");
    assert_eq!(error.message(), "the runtime ended before the callback did");
}

#[test]
fn a_closure_and_a_callback_are_the_two_directions() {
    runtime().enter(|cx| {
        let twice = closure(|cx, args| {
            let callback = Callback::<(f64,), f64>::from_arg(cx, args, 0)?;
            let once = callback.call(cx, (args.num(1).unwrap_or_default(),))?;
            callback.call(cx, (once,)).map(Value::number)
        });
        let function = Function::closure(cx, "twice", 2, twice).to_value();
        let global = cx.global();
        global.set(cx, "twice", function).expect("it is set");
        assert_eq!(
            cx.eval("twice(n => n * 3, 2)", "test")
                .ok()
                .and_then(|n| n.as_number()),
            Some(18.0)
        );
    });
}
