//! Promises that the host settles, and looking at one without running a script.

use std::cell::Cell;
use std::ffi::c_int;
use std::rc::Rc;

use rquickjs_sys as q;

use super::cx::Cx;
use super::function::{Closure, Function};
use super::object::Object;
use super::value::Value;
use crate::engine::{Error, Persistent, PromiseState};

/// The two functions that settle a promise.
#[derive(Debug)]
pub struct Resolver {
    resolve: Persistent,
    reject: Persistent,
}

impl<'js> Object<'js> {
    /// A pending promise, and what settles it.
    pub fn promise(cx: &mut Cx<'js>) -> (Self, Resolver) {
        let mut settle = [q::JS_UNDEFINED; 2];
        // SAFETY: the engine writes two functions, which are owned, or none when it fails.
        let raw = unsafe { q::JS_NewPromiseCapability(cx.ctx, settle.as_mut_ptr()) };
        let promise = Object::from_value(cx.made(raw));
        let [resolve, reject] = settle.map(|raw| Persistent::new(cx, &Value::wrap(cx.ctx, raw)));
        (promise, Resolver { resolve, reject })
    }

    /// Where it stands, when it is a promise.
    pub fn promise_state(&self) -> Option<PromiseState<'js>> {
        let ctx = self.0.ctx;
        // SAFETY: it reads the object, and runs nothing.
        if ctx.is_null() || !unsafe { q::JS_IsPromise(self.raw()) } {
            return None;
        }
        // SAFETY: the promise is borrowed for both calls; its result is owned.
        let (state, result) = unsafe {
            let state = q::JS_PromiseState(ctx, self.raw());
            (
                state,
                Value::wrap(ctx, q::JS_PromiseResult(ctx, self.raw())),
            )
        };
        Some(match state {
            q::JSPromiseStateEnum_JS_PROMISE_FULFILLED => PromiseState::Fulfilled(result),
            q::JSPromiseStateEnum_JS_PROMISE_REJECTED => PromiseState::Rejected(result),
            _ => PromiseState::Pending,
        })
    }

    /// Marks a promise as handled, as adding a handler does: its reason is the host's to report.
    pub(crate) fn mark_handled(&self, cx: &mut Cx<'js>) {
        self.to_value().when_settled(cx, |_, _| {});
    }
}

impl Resolver {
    /// Fulfils the promise (or follows `value`, when that is a promise itself).
    pub fn resolve<'js>(self, cx: &mut Cx<'js>, value: Value<'js>) -> Result<(), Error<'js>> {
        settle(cx, &self.resolve, value)
    }

    /// Rejects the promise.
    pub fn reject<'js>(self, cx: &mut Cx<'js>, reason: Value<'js>) -> Result<(), Error<'js>> {
        settle(cx, &self.reject, reason)
    }
}

fn settle<'js>(cx: &mut Cx<'js>, with: &Persistent, value: Value<'js>) -> Result<(), Error<'js>> {
    // Without memory there was no promise to settle either.
    let Some(function) = with.get(cx)?.as_function() else {
        return Ok(());
    };
    function.call(cx, &Value::undefined(), &[value]).map(drop)
}

impl<'js> Value<'js> {
    /// Calls `then` once: at once with a value that is no promise, and with how it was settled when it is one.
    pub(crate) fn when_settled(
        &self,
        cx: &mut Cx<'js>,
        then: impl for<'a> FnOnce(&mut Cx<'a>, Result<Value<'a>, Value<'a>>) + 'static,
    ) {
        // SAFETY: it reads the object, and runs nothing.
        if !unsafe { q::JS_IsPromise(self.raw) } {
            then(cx, Ok(self.clone()));
            return;
        }
        let then = Rc::new(Cell::new(Some(then)));
        let on_fulfilled = {
            let then = Rc::clone(&then);
            once(cx, move |cx, value| {
                then.take().map(|then| then(cx, Ok(value)))
            })
        };
        let on_rejected = once(cx, move |cx, reason| {
            then.take().map(|then| then(cx, Err(reason)))
        });
        let [on_fulfilled, on_rejected] =
            [&on_fulfilled, &on_rejected].map(|function| function.as_object().raw());
        // SAFETY: the values are borrowed for the call, which runs no script; what it makes is owned and not wanted.
        let raw = unsafe { q::JS_PromiseThen(cx.ctx, self.raw, on_fulfilled, on_rejected) };
        drop(cx.made(raw));
    }
}

/// A function of one argument for a promise to call.
fn once<'js>(
    cx: &mut Cx<'js>,
    f: impl for<'a> Fn(&mut Cx<'a>, Value<'a>) -> Option<()> + 'static,
) -> Function<'js> {
    let closure: Closure = Box::new(move |cx, args| {
        f(cx, args.get(0));
        Ok(Value::undefined())
    });
    Function::closure(cx, "", 1, closure)
}

/// # Safety
/// The engine calls it with the function that was queued.
unsafe extern "C" fn run_job(
    ctx: *mut q::JSContext,
    _count: c_int,
    values: *mut q::JSValue,
) -> q::JSValue {
    // SAFETY: the one argument is the function, borrowed for the call.
    unsafe { q::JS_Call(ctx, *values, q::JS_UNDEFINED, 0, std::ptr::null_mut()) }
}

impl Cx<'_> {
    /// Runs `work` as a microtask, in order with those of promises. Errors are its own to report.
    pub fn queue_microtask(&mut self, work: impl for<'a> FnOnce(&mut Cx<'a>) + 'static) {
        fn general<F: for<'a> FnOnce(&mut Cx<'a>)>(f: F) -> F {
            f
        }
        let work = Cell::new(Some(general(work)));
        let job = once(self, move |cx, _| work.take().map(|work| work(cx)));
        let mut args = [job.as_object().raw()];
        // SAFETY: the engine takes a reference of its own to the function.
        let queued = unsafe { q::JS_EnqueueJob(self.ctx, Some(run_job), 1, args.as_mut_ptr()) };
        // It fails only for want of memory, which the state remembers.
        let _ = super::object::succeeded(self, queued);
    }
}
