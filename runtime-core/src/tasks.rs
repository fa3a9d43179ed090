//! Native futures: started from a call, settled on the engine's turn.
//!
//! A future never touches JavaScript: it runs to a plain result, and the turn that it leaves settles the promise. The promise is rejected
//! with the stack of the call that started the future, as no script is running by then, and with an error when the future panics.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use crate::convert::IntoJs;
use crate::engine::{Cx, Error, Object, Persistent, Value, error_stack, make_error};
use crate::error::{Fatal, JsError};
use crate::event_loop::turn;
use crate::panics::{self, Callee, Panic};

/// What a future takes beside itself: the task, the promise's functions, the turn.
const TASK: usize = 1024;

/// A result that crosses to JavaScript once there is a token.
pub trait Settle: 'static {
    /// Converts it.
    fn settle<'js>(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>>;
}

impl<T> Settle for Result<T, JsError>
where
    T: for<'a> IntoJs<'a> + 'static,
{
    fn settle<'js>(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        self?.into_js(cx)
    }
}

impl<'js> Cx<'js> {
    /// Runs `future` beside JavaScript and returns the promise of its result.
    pub fn spawn<T: Settle>(&mut self, future: impl Future<Output = T> + 'static) -> Value<'js> {
        spawn(self, Callee::Named(""), future)
    }
}

/// The same, of the future that `callee` started.
pub(crate) fn spawn<'js, T: Settle>(
    cx: &mut Cx<'js>,
    callee: Callee<'static>,
    future: impl Future<Output = T> + 'static,
) -> Value<'js> {
    // What the call was given counts until its result has crossed.
    let mut frame = cx.take_frame();
    frame
        .held
        .add(cx.account().note(size_of_val(&future) + TASK));
    let (promise, resolver) = Object::promise(cx);
    let called = Called::here(cx);
    let state = Rc::clone(cx.state());
    let settled = async move {
        let mut future = pin!(future);
        let polled = poll_fn(|waker| {
            let poll = AssertUnwindSafe(|| future.as_mut().poll(waker));
            match catch_unwind(poll) {
                Ok(poll) => poll.map(Ok),
                Err(payload) => Poll::Ready(Err(Panic::caught(&*payload))),
            }
        });
        let result = match polled.await {
            Ok(result) => Ok(result),
            Err(panic) if panic.is_internal() => {
                return state.set_fatal(Fatal::Engine(format!("it panicked{panic}")));
            }
            Err(panic) => Err(panic.into_error(callee)),
        };
        state.event_loop.push(turn(move |cx| {
            let settled = panics::guard(callee, || result?.settle(cx));
            // Settling runs no script of its own; a fatal error is remembered by the state.
            let _ = match settled {
                Ok(value) => resolver.resolve(cx, value),
                Err(error) => match called.place(cx, error).into_value(cx) {
                    Ok(reason) => resolver.reject(cx, reason),
                    Err(fatal) => {
                        cx.state().set_fatal(fatal);
                        Ok(())
                    }
                },
            };
            drop(frame);
        }));
    };
    cx.state().event_loop.spawn(settled, true);
    promise.to_value()
}

/// Where a script made a call whose end it does not wait for. An error object is what an engine notes a stack in most cheaply; its text
/// is made when it is needed.
struct Called(Persistent);

impl Called {
    fn here(cx: &mut Cx<'_>) -> Self {
        let error = make_error(cx, "Error", "");
        Self(Persistent::new(cx, &error))
    }

    /// Gives an error that native code made the stack of the call.
    fn place<'js>(self, cx: &mut Cx<'js>, error: Error<'js>) -> Error<'js> {
        let stack = self.0.get(cx).ok().and_then(|error| error.as_object());
        let stack = stack.and_then(|error| error_stack(cx, &error));
        match stack {
            Some(stack) => error.with_stack(stack),
            None => error,
        }
    }
}
