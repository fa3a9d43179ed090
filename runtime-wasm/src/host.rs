//! The host's side: functions that a script may call, and what takes the console's lines.

use std::cell::Cell;

use js_sys::{Array, Function, Promise};
use runtime_core::engine::{Args, Closure, Cx, Function as Guest, Property, Value};
use runtime_core::prelude::IntoJs as _;
use runtime_core::{Error, JsError, Plain};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::values::{from_host, thrown, to_host};

thread_local! {
    /// Whether the host is being called by a script now: then no other script can run.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Whether the host is being called by a script now.
pub(crate) fn is_inside() -> bool {
    INSIDE.get()
}

/// Calls a function of the host's.
pub(crate) fn call(function: &Function, args: &Array) -> Result<JsValue, JsValue> {
    call_on(&JsValue::UNDEFINED, function, args)
}

/// Calls a function of one of the host's objects.
pub(crate) fn call_on(
    this: &JsValue,
    function: &Function,
    args: &Array,
) -> Result<JsValue, JsValue> {
    let outer = INSIDE.replace(true);
    let result = function.apply(this, args);
    INSIDE.set(outer);
    result
}

/// Defines the global function `name`, which calls one of the host's. What that returns is the result; a promise of the host's
/// becomes one of the script's.
pub(crate) fn register<'js>(
    cx: &mut Cx<'js>,
    name: &str,
    function: Function,
) -> Result<(), Error<'js>> {
    let guest = Guest::closure(cx, name, 0, closure(function));
    let global = cx.global();
    global.define(cx, name, Property::hidden(guest.to_value()))
}

fn closure(function: Function) -> Closure {
    fn general<F>(f: F) -> F
    where
        F: for<'a> Fn(&mut Cx<'a>, &Args<'_, 'a>) -> Result<Value<'a>, Error<'a>>,
    {
        f
    }
    Box::new(general(move |cx, args| answer(cx, args, &function)))
}

fn answer<'js>(
    cx: &mut Cx<'js>,
    args: &Args<'_, 'js>,
    function: &Function,
) -> Result<Value<'js>, Error<'js>> {
    let crossing = Array::new();
    for at in 0..args.len() {
        let arg = Plain::from_value(cx, &args.get(at))?;
        crossing.push(&to_host(&arg));
    }
    let result = call(function, &crossing).map_err(|error| thrown(&error))?;
    match result.dyn_into::<Promise>() {
        Ok(promise) => Ok(cx.spawn(settled(promise))),
        Err(result) => from_host(&result)?.into_js(cx),
    }
}

async fn settled(promise: Promise) -> Result<Plain, JsError> {
    match JsFuture::from(promise).await {
        Ok(value) => from_host(&value),
        Err(reason) => Err(thrown(&reason)),
    }
}

/// Sends the console's lines to two functions of the host's.
#[cfg(feature = "console")]
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) out: Function,
    pub(crate) err: Function,
}

#[cfg(feature = "console")]
impl runtime_std::console::Sink for Lines {
    fn write(&mut self, stream: runtime_std::console::Stream, lines: &str) -> std::io::Result<()> {
        let function = match stream {
            runtime_std::console::Stream::Out => &self.out,
            runtime_std::console::Stream::Err => &self.err,
        };
        let lines = Array::of1(&JsValue::from_str(lines));
        call(function, &lines).map(drop).map_err(|error| {
            let error = thrown(&error);
            std::io::Error::other(error.to_string())
        })
    }
}
