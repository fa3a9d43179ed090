//! `setTimeout` and its kin, as browsers have them.
//!
//! Timers fire in the order of their deadlines, then of their creation, one task each, with microtasks in between. Delays are
//! whole milliseconds, taken as browsers take them: what is no number, negative or beyond 2³¹ − 1 is 0 (beyond 2³² it wraps
//! around). A timer that was set by a timer that was set by a timer, more than five deep, waits at least 4 ms, so that a chain of
//! timers cannot keep a processor busy; an interval counts as nested in its own previous tick. An error in a callback is
//! uncaught: it ends the run. The boundary: when a deadline has come is the event loop's.

mod pending;

use std::rc::Rc;

use runtime_core::definition::{FnDef, ModuleDef};
use runtime_core::prelude::*;
use runtime_core::ts::{Ts, TsType};

use pending::{Call, Timers};

/// The module.
pub const MODULE: ModuleDef = ModuleDef {
    name: "timers",
    specifier: "runtime:timers",
    doc: "Timers as browsers have them. A pending timer keeps the program alive, unless `unrefTimer` says that it does not.",
    globals: &[
        "setTimeout",
        "setInterval",
        "clearTimeout",
        "clearInterval",
        "queueMicrotask",
    ],
    functions: &[
        FnDef::of::<set_timeout>(),
        FnDef::of::<set_interval>(),
        FnDef::of::<clear_timeout>(),
        FnDef::of::<clear_interval>(),
        FnDef::of::<queue_microtask>(),
        FnDef::of::<ref_timer>(),
        FnDef::of::<unref_timer>(),
    ],
    ..ModuleDef::EMPTY
};

/// What a timer calls. The type lets a script write the parameters of a function in place without theirs.
struct Handler<'js>(Function<'js>);

impl<Way> TsType<Way> for Handler<'_> {
    const TS: Ts = Ts::Name("(...args: any[]) => unknown");
}

impl<'js> FromJs<'js> for Handler<'js> {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        Function::from_js(cx, value).map(Self)
    }
}

/// Milliseconds, as browsers read them.
#[derive(Default)]
struct Delay(u32);

impl<Way> TsType<Way> for Delay {
    const TS: Ts = Ts::Name("number");
}

impl<'js> FromJs<'js> for Delay {
    const OPTIONAL: bool = true;

    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let number = to_int32(cx, value)?;
        Ok(Self(u32::try_from(number).unwrap_or(0)))
    }
}

/// The number of a timer. Anything may be given, and most things are no timer's.
struct Id(u32);

impl<Way> TsType<Way> for Id {
    const TS: Ts = Ts::Optional(&Ts::Name("number"));
}

impl<'js> FromJs<'js> for Id {
    const OPTIONAL: bool = true;

    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let number = to_int32(cx, value)?;
        // No timer has the number 0.
        Ok(Self(u32::try_from(number).unwrap_or(0)))
    }
}

/// The language's ToInt32; `undefined` is 0.
fn to_int32<'js>(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<i32, Error<'js>> {
    const RANGE: f64 = 4_294_967_296.0;
    let number = match value.as_number() {
        Some(number) => number,
        None => value.to_number(cx)?,
    };
    if !number.is_finite() {
        return Ok(0);
    }
    let wrapped = number.trunc().rem_euclid(RANGE);
    // Less than 2^32, so nothing is lost; its upper half stands for the negative numbers.
    Ok((wrapped as u32).cast_signed())
}

/// Calls a function once, after a time in milliseconds, and returns the number of the timer.
///
/// What follows the time is passed to the function.
///
/// ```js
/// setTimeout((name) => console.log(`hello, ${name}`), 1000, "world");
/// ```
#[js_fn]
fn set_timeout<'js>(
    cx: &mut Cx<'js>,
    handler: Handler<'js>,
    #[js(default)] delay: Delay,
    args: Rest<Value<'js>>,
) -> Result<u32, JsError> {
    let call = Call::keep(cx, &handler.0, &args);
    Timers::start(cx, Rc::new(call), delay.0, false)
}

/// Calls a function again and again, every so many milliseconds, and returns the number of the timer.
///
/// What follows the time is passed to the function.
///
/// ```js
/// let left = 3;
/// const timer = setInterval(() => {
///   console.log(left);
///   if (--left === 0) clearInterval(timer);
/// }, 1000);
/// ```
#[js_fn]
fn set_interval<'js>(
    cx: &mut Cx<'js>,
    handler: Handler<'js>,
    #[js(default)] delay: Delay,
    args: Rest<Value<'js>>,
) -> Result<u32, JsError> {
    let call = Call::keep(cx, &handler.0, &args);
    Timers::start(cx, Rc::new(call), delay.0, true)
}

/// Stops a timer that has not fired yet. A number that is no timer's is ignored.
#[js_fn]
fn clear_timeout(cx: &mut Cx<'_>, id: Id) {
    Timers::stop(cx, id.0);
}

/// Stops a timer, as `clearTimeout` does.
#[js_fn]
fn clear_interval(cx: &mut Cx<'_>, id: Id) {
    Timers::stop(cx, id.0);
}

/// Calls a function as soon as the code that runs now has ended, before any timer.
#[js_fn]
fn queue_microtask<'js>(cx: &mut Cx<'js>, callback: Handler<'js>) {
    let call = Call::keep(cx, &callback.0, &[]);
    cx.queue_microtask(move |cx| call.run(cx));
}

/// Lets a timer keep the program alive, as it does unless `unrefTimer` was called.
#[js_fn]
fn ref_timer(cx: &mut Cx<'_>, id: Id) {
    Timers::keep_alive(cx, id.0, true);
}

/// Lets the program end although the timer is pending.
///
/// ```js
/// import { unrefTimer } from "runtime:timers";
/// unrefTimer(setInterval(() => console.log("still here"), 60_000));
/// ```
#[js_fn]
fn unref_timer(cx: &mut Cx<'_>, id: Id) {
    Timers::keep_alive(cx, id.0, false);
}
