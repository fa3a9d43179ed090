//! Promises that the host settles, and looking at one without running a script.

use boa_engine::JsError as RawError;
use boa_engine::builtins::promise::{PromiseState as RawState, ResolvingFunctions};
use boa_engine::object::builtins::JsPromise;

use super::cx::Cx;
use super::error::thrown;
use super::object::Object;
use super::value::Value;
use crate::engine::Persistent;
use crate::error::Error;

/// The two functions that settle a promise.
#[derive(Debug)]
pub struct Resolver {
    resolve: Persistent,
    reject: Persistent,
}

/// Where a promise stands.
#[derive(Clone, Debug)]
pub enum PromiseState<'js> {
    /// Not settled.
    Pending,
    /// Fulfilled with a value.
    Fulfilled(Value<'js>),
    /// Rejected with a reason.
    Rejected(Value<'js>),
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

    /// Marks a rejected promise as handled, as adding a handler does; the reason is the host's to report.
    pub(crate) fn mark_handled(&self, cx: &mut Cx<'js>) -> Result<(), Error<'js>> {
        let Ok(promise) = JsPromise::from_object(self.raw.clone()) else {
            return Ok(());
        };
        let ignore =
            boa_engine::NativeFunction::from_fn_ptr(|_, _, _| Ok(boa_engine::JsValue::undefined()))
                .to_js_function(cx.context.realm());
        match promise.catch(ignore, cx.context) {
            Ok(_) => Ok(()),
            Err(error) => Err(thrown(cx, RawError::from(error))),
        }
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
