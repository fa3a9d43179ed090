//! `setTimeout`, `setInterval`, `queueMicrotask` and what clears them, as browsers have them.
//!
//! The loop keeps the timers (`Cx::set_timeout` and its like); this file is what scripts see of it. A callback and its
//! arguments are kept as `Persistent`s until the timer has fired or is cleared. An error that a callback throws is nobody's to
//! catch: it is reported, and ends the run.
//!
//! As in Node and unlike in browsers, timers that nest are not slowed down to 4 ms, and a delay of more than 2³¹−1 ms, which
//! browsers take for none, is taken for that longest one.

use std::time::Duration;

use runtime_core::definition::{FnDef, ModuleDef};
use runtime_core::engine::Persistent;
use runtime_core::prelude::*;

/// The module.
pub const MODULE: ModuleDef = ModuleDef {
    name: "timers",
    specifier: "runtime:timers",
    doc: "Timers, ordered by their time and then by the order of the calls. A pending timer keeps the program alive.",
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

/// The longest delay, in milliseconds: about 25 days.
const LONGEST: f64 = 2_147_483_647.0;

/// Calls `callback` with `args` once, after `delay` milliseconds. Returns the timer's number, for `clearTimeout`.
#[js_fn]
fn set_timeout<'js>(
    cx: &mut Cx<'js>,
    callback: Function<'js>,
    delay: Option<Value<'js>>,
    args: Rest<Value<'js>>,
) -> Result<u32, Error<'js>> {
    let delay = milliseconds(cx, delay)?;
    let call = Call::new(cx, &callback, &args);
    Ok(cx.set_timeout(delay, move |cx| call.make(cx)))
}

/// Calls `callback` with `args` every `delay` milliseconds. Returns the timer's number, for `clearInterval`.
#[js_fn]
fn set_interval<'js>(
    cx: &mut Cx<'js>,
    callback: Function<'js>,
    delay: Option<Value<'js>>,
    args: Rest<Value<'js>>,
) -> Result<u32, Error<'js>> {
    // With no time in between, nothing else would ever be due.
    let delay = milliseconds(cx, delay)?.max(Duration::from_millis(1));
    let call = Call::new(cx, &callback, &args);
    Ok(cx.set_interval(delay, move |cx| call.make(cx)))
}

/// Forgets a timer. What is no timer's number is ignored.
#[js_fn]
fn clear_timeout<'js>(cx: &mut Cx<'js>, id: Option<Value<'js>>) {
    if let Some(id) = number_of(id) {
        cx.clear_timer(id);
    }
}

/// Forgets a timer, as `clearTimeout` does.
#[js_fn]
fn clear_interval<'js>(cx: &mut Cx<'js>, id: Option<Value<'js>>) {
    if let Some(id) = number_of(id) {
        cx.clear_timer(id);
    }
}

/// Calls `callback` when the code that is running has returned, before anything else is done.
#[js_fn]
fn queue_microtask<'js>(cx: &mut Cx<'js>, callback: Function<'js>) {
    let call = Call::new(cx, &callback, &[]);
    cx.queue_microtask(move |cx| call.make(cx));
}

/// Lets a pending timer keep the program alive again, which it does unless `unrefTimer` was called.
#[js_fn]
fn ref_timer(cx: &mut Cx<'_>, id: u32) {
    cx.keep_alive(id, true);
}

/// Lets the program end although the timer is pending.
#[js_fn]
fn unref_timer(cx: &mut Cx<'_>, id: u32) {
    cx.keep_alive(id, false);
}

/// A call for later.
struct Call {
    function: Persistent,
    args: Vec<Persistent>,
}

impl Call {
    fn new<'js>(cx: &Cx<'js>, function: &Function<'js>, args: &[Value<'js>]) -> Self {
        Self {
            function: Persistent::new(cx, &function.to_value()),
            args: args.iter().map(|arg| Persistent::new(cx, arg)).collect(),
        }
    }

    fn make(&self, cx: &mut Cx<'_>) {
        if let Err(error) = self.try_make(cx) {
            cx.report(error);
        }
    }

    fn try_make<'js>(&self, cx: &mut Cx<'js>) -> Result<(), Error<'js>> {
        let args = self
            .args
            .iter()
            .map(|arg| arg.get(cx))
            .collect::<Result<Vec<_>, _>>()?;
        let function = self.function.get(cx)?;
        match function.as_function() {
            Some(function) => function.call(cx, &Value::undefined(), &args).map(drop),
            None => Ok(()),
        }
    }
}

/// A delay as the language converts numbers: what is none, or is below zero, is no delay.
fn milliseconds<'js>(cx: &mut Cx<'js>, delay: Option<Value<'js>>) -> Result<Duration, Error<'js>> {
    let number = match delay {
        Some(delay) => delay.to_number(cx)?,
        None => 0.0,
    };
    // NaN fails both comparisons and becomes 0.
    let clamped = if number > LONGEST {
        LONGEST
    } else if number > 0.0 {
        number.trunc()
    } else {
        0.0
    };
    Ok(Duration::from_millis(clamped as u64))
}

/// The timer that `id` may name.
fn number_of(id: Option<Value<'_>>) -> Option<u32> {
    let number = id?.as_number()?;
    (number >= 1.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0)
        .then_some(number as u32)
}
