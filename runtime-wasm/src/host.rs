//! The host's side: functions that a script may call, and what takes the console's lines.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Array, Function, Promise};
use runtime_core::engine::{Args, Closure, Cx, Function as Guest, Property, Value};
use runtime_core::prelude::IntoJs;
use runtime_core::{Error, JsError, JsRuntime, Plain};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

#[cfg(feature = "console")]
use crate::errors::error_of;
use crate::errors::thrown;
use crate::values::{Crossing, from_host};

thread_local! {
    /// Whether the host is being called by a script now: then no other script can run.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    /// The runtime of this instance.
    static RUNTIME: RefCell<Weak<JsRuntime>> = const { RefCell::new(Weak::new()) };
}

/// Says which runtime this instance has.
pub(crate) fn serves(runtime: &Rc<JsRuntime>) {
    RUNTIME.set(Rc::downgrade(runtime));
}

/// An error when the runtime must end: a limit was hit, or it was stopped.
pub(crate) fn go_on() -> Result<(), JsError> {
    let runtime = RUNTIME.with_borrow(Weak::upgrade);
    match runtime.and_then(|runtime| runtime.fatal()) {
        Some(fatal) => Err(fatal.into()),
        None => Ok(()),
    }
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
    let given = Plain::from_args(cx, args)?;
    let mut crossing = Crossing::default();
    let copies = given.iter().map(|arg| crossing.to_host(arg));
    let copies = copies.collect::<Result<Array, _>>();
    match call(function, &copies.map_err(|error| ended_or(cx, error))?) {
        Ok(result) if result.is_instance_of::<Promise>() => Ok(cx.spawn(settled(result))),
        Ok(result) => Given::Value(result).into_js(cx),
        Err(reason) => Given::Reason(reason).into_js(cx),
    }
}

/// What the host gave, on its way to the script.
enum Given {
    /// What it returned.
    Value(JsValue),
    /// What it threw.
    Reason(JsValue),
}

impl<'js> IntoJs<'js> for Given {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        match self {
            Self::Value(value) => match from_host(&value) {
                Ok(value) => value.into_js(cx),
                Err(error) => Err(ended_or(cx, error)),
            },
            Self::Reason(reason) => Err(thrown(cx, &reason)),
        }
    }
}

/// What ended the runtime while values crossed, or the error that they gave.
fn ended_or<'js>(cx: &mut Cx<'js>, error: JsError) -> Error<'js> {
    cx.go_on().map_or_else(|fatal| fatal, |()| error.into())
}

/// What a promise of the host's settles to. It is looked at by the turn that has the runtime.
async fn settled(promise: JsValue) -> Result<Given, JsError> {
    // A promise of our own: the host's may have a `then` that throws.
    let own = Promise::new(&mut |resolve, _| {
        // A function of the engine's, which takes anything.
        let _ = resolve.call1(&JsValue::UNDEFINED, &promise);
    });
    Ok(match JsFuture::from(own).await {
        Ok(value) => Given::Value(value),
        Err(reason) => Given::Reason(reason),
    })
}

/// Sends the console's lines to two functions of the host's.
#[cfg(feature = "console")]
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) out: Function,
    pub(crate) err: Function,
}

#[cfg(feature = "console")]
impl module_console::Sink for Lines {
    fn write(&mut self, stream: module_console::Stream, lines: &str) -> std::io::Result<()> {
        let function = match stream {
            module_console::Stream::Out => &self.out,
            module_console::Stream::Err => &self.err,
        };
        let lines = Array::of1(&JsValue::from_str(lines));
        call(function, &lines).map(drop).map_err(|error| {
            let error = error_of(&error);
            std::io::Error::other(error.to_string())
        })
    }
}
