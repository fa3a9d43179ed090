//! Promises that the host settles, and looking at one without running a script.

use std::cell::Cell;
use std::rc::Rc;

use boa_engine::JsValue;
use boa_engine::builtins::promise::{PromiseState as RawState, ResolvingFunctions};
use boa_engine::job::PromiseJob;
use boa_engine::object::builtins::JsPromise;

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
        let (promise, ResolvingFunctions { resolve, reject }) = JsPromise::new_pending(cx.context);
        let resolve = Persistent::new(cx, &Value::wrap(resolve.into()));
        let reject = Persistent::new(cx, &Value::wrap(reject.into()));
        (Object::wrap(promise.into()), Resolver { resolve, reject })
    }

    /// Where it stands, when it is a promise.
    pub fn promise_state(&self) -> Option<PromiseState<'js>> {
        let promise = JsPromise::from_object(self.raw.clone()).ok()?;
        Some(match promise.state() {
            RawState::Pending => PromiseState::Pending,
            RawState::Fulfilled(value) => PromiseState::Fulfilled(Value::wrap(value)),
            RawState::Rejected(reason) => PromiseState::Rejected(Value::wrap(reason)),
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
    let function = with
        .get(cx)?
        .as_function()
        .expect("a resolving function is callable");
    function.call(cx, &Value::undefined(), &[value]).map(drop)
}

impl<'js> Value<'js> {
    /// Calls `then` once: at once with a value that is no promise, and with how it was settled when it is one.
    pub(crate) fn when_settled(
        &self,
        cx: &mut Cx<'js>,
        then: impl for<'a> FnOnce(&mut Cx<'a>, Result<Value<'a>, Value<'a>>) + 'static,
    ) {
        let promise = self
            .raw
            .as_object()
            .and_then(|object| JsPromise::from_object(object).ok());
        let Some(promise) = promise else {
            then(cx, Ok(self.clone()));
            return;
        };
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
        // Adding a reaction fails only when the script has broken the promise's constructor; then nobody is told, as when it
        // never settles.
        let _ = promise.then(Some(on_fulfilled), Some(on_rejected), cx.context);
    }
}

/// A function of one argument for a promise to call.
fn once<'js>(
    cx: &mut Cx<'js>,
    f: impl for<'a> Fn(&mut Cx<'a>, Value<'a>) -> Option<()> + 'static,
) -> boa_engine::object::builtins::JsFunction {
    let closure: Closure = Box::new(move |cx, args| {
        f(cx, args.get(0));
        Ok(Value::undefined())
    });
    let function = Function::closure(cx, "", 1, closure);
    function
        .to_value()
        .raw
        .as_function()
        .expect("a function was just made")
}

impl Cx<'_> {
    /// Runs `work` as a microtask, in order with those of promises. Errors are its own to report.
    pub fn queue_microtask(&mut self, work: impl for<'a> FnOnce(&mut Cx<'a>) + 'static) {
        let job = PromiseJob::with_realm(
            move |context| {
                work(&mut Cx::new(context));
                Ok(JsValue::undefined())
            },
            self.context.realm().clone(),
        );
        self.context.enqueue_job(job.into());
    }
}
