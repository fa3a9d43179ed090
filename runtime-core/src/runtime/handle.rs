//! Handles: how other threads reach a runtime that its own thread owns.
//!
//! A call is a message; its answer comes back through a channel. The runtime must be running (`run`, `serve`, `spawn`) for a
//! call to be answered, and a call to a runtime that is gone is an error, never a hang.

use std::fmt;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::config::define_global;
use super::{Plain, call_by_name};
use crate::convert::IntoJs;
use crate::engine::{Cx, Error, Function, Value, closure};
use crate::error::JsError;
use crate::event_loop::{Inbox, Message};

/// A way to a runtime from anywhere.
pub struct JsHandle {
    inbox: Arc<Inbox>,
}

/// What is done on a runtime's thread with a value, or with the error that a script threw.
pub trait Then: for<'a> FnOnce(&mut Cx<'a>, Result<Value<'a>, Error<'a>>) + Send + 'static {}

impl<F> Then for F where
    F: for<'a> FnOnce(&mut Cx<'a>, Result<Value<'a>, Error<'a>>) + Send + 'static
{
}

type Answer = oneshot::Sender<Result<Plain, JsError>>;

impl JsHandle {
    pub(super) fn new(inbox: &Arc<Inbox>) -> Self {
        inbox.add_handle();
        Self {
            inbox: Arc::clone(inbox),
        }
    }

    /// Evaluates a script on the runtime's thread, waiting for it. Never call it on that thread: it would wait for itself.
    pub fn eval(&self, code: impl Into<String>) -> Result<Plain, JsError> {
        wait(self.send_eval(code.into()))
    }

    /// Evaluates a script on the runtime's thread; when its result is a promise, the promise's.
    pub async fn eval_async(&self, code: impl Into<String>) -> Result<Plain, JsError> {
        self.send_eval(code.into())
            .await
            .unwrap_or_else(|_| Err(gone()))
    }

    /// Calls the global function `name`, waiting for it and its promise. Never call it on the runtime's thread.
    pub fn call(&self, name: impl Into<String>, args: Vec<Plain>) -> Result<Plain, JsError> {
        wait(self.send_call(name.into(), args))
    }

    /// Calls the global function `name`; when it returns a promise, the promise's result.
    pub async fn call_async(
        &self,
        name: impl Into<String>,
        args: Vec<Plain>,
    ) -> Result<Plain, JsError> {
        self.send_call(name.into(), args)
            .await
            .unwrap_or_else(|_| Err(gone()))
    }

    /// Defines a global function. It runs on the runtime's thread.
    pub fn register(
        &self,
        name: impl Into<String>,
        function: impl Fn(Vec<Plain>) -> Result<Plain, JsError> + Send + 'static,
    ) -> Result<(), JsError> {
        let name = name.into();
        let (answer, receiver) = oneshot::channel();
        self.inbox.send(message(move |cx| {
            let closure = closure(move |cx, args| {
                let args = Plain::from_args(cx, args)?;
                function(args)?.into_js(cx)
            });
            let made = Function::closure(cx, &name, 0, closure);
            let defined = define_global(cx, &name, made.to_value()).map(|()| Plain::Undefined);
            let _ = answer.send(defined.map_err(|error| JsError::from_error(cx, error)));
        }));
        wait(receiver).map(drop)
    }

    /// Evaluates a script on the runtime's thread, without waiting. There, `then` gets the value; when that is a promise, what it
    /// settles to. A runtime that is gone drops `then`.
    pub fn eval_then(&self, code: impl Into<String>, then: impl Then) {
        let code = code.into();
        self.send(move |cx| {
            let result = cx.eval(&code, "<eval>");
            deliver(cx, result, then);
        });
    }

    /// Runs `work` on the runtime's thread, between two turns of scripts, without waiting. A runtime that is gone drops it.
    pub fn send(&self, work: impl for<'js> FnOnce(&mut Cx<'js>) + Send + 'static) {
        self.inbox.send(message(work));
    }

    /// Stops the runtime: its loop ends before the next turn, and calls that wait for an answer get an error.
    pub fn stop(&self) {
        self.inbox.stop();
    }

    fn send_eval(&self, code: String) -> oneshot::Receiver<Result<Plain, JsError>> {
        let (answer, receiver) = oneshot::channel();
        self.inbox.send(message(move |cx| {
            let result = cx.eval(&code, "<eval>");
            reply(cx, result, answer);
        }));
        receiver
    }

    fn send_call(
        &self,
        name: String,
        args: Vec<Plain>,
    ) -> oneshot::Receiver<Result<Plain, JsError>> {
        let (answer, receiver) = oneshot::channel();
        self.inbox.send(message(move |cx| {
            let result = call_by_name(cx, &name, args);
            reply(cx, result, answer);
        }));
        receiver
    }
}

/// Answers with `result`, or with what it settles to.
fn reply<'js>(cx: &mut Cx<'js>, result: Result<Value<'js>, Error<'js>>, answer: Answer) {
    fn general<F: for<'a> FnOnce(&mut Cx<'a>, Result<Value<'a>, Error<'a>>)>(f: F) -> F {
        f
    }
    let then = general(move |cx, result| {
        let plain = result.and_then(|value| Plain::from_value(cx, &value));
        // Whoever asked may have gone; then nobody wants the answer.
        let _ = answer.send(plain.map_err(|error| JsError::from_error(cx, error)));
    });
    deliver(cx, result, then);
}

/// Gives `result`, or what it settles to, to `then`.
pub(super) fn deliver<'js>(
    cx: &mut Cx<'js>,
    result: Result<Value<'js>, Error<'js>>,
    then: impl for<'a> FnOnce(&mut Cx<'a>, Result<Value<'a>, Error<'a>>) + 'static,
) {
    fn general<F: for<'a> FnOnce(&mut Cx<'a>, Result<Value<'a>, Value<'a>>)>(f: F) -> F {
        f
    }
    // What a script gives back when it was ended means nothing.
    if let Some(fatal) = cx.state().fatal() {
        return then(cx, Err(Error::Fatal(fatal)));
    }
    match result {
        Ok(value) => value.when_settled(
            cx,
            general(move |cx, settled| then(cx, settled.map_err(Error::Thrown))),
        ),
        Err(error) => then(cx, Err(error)),
    }
}

fn wait(receiver: oneshot::Receiver<Result<Plain, JsError>>) -> Result<Plain, JsError> {
    receiver.blocking_recv().unwrap_or_else(|_| Err(gone()))
}

fn gone() -> JsError {
    JsError::error("the runtime has ended")
        .with_code("ERR_RUNTIME_ENDED")
        .from_runtime()
}

fn message(work: impl for<'js> FnOnce(&mut Cx<'js>) + Send + 'static) -> Message {
    Box::new(work)
}

impl Clone for JsHandle {
    fn clone(&self) -> Self {
        Self::new(&self.inbox)
    }
}

impl Drop for JsHandle {
    fn drop(&mut self) {
        self.inbox.remove_handle();
    }
}

impl fmt::Debug for JsHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsHandle")
    }
}
