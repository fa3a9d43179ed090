//! Native futures: started from a call, settled on the engine's turn.
//!
//! A future never touches JavaScript: it runs to a plain result, and the turn that it leaves settles the promise.

use std::future::Future;

use crate::convert::IntoJs;
use crate::engine::{Cx, Object, Value};
use crate::error::{Error, JsError};

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
        // What the call was given counts until its result has crossed.
        let mut frame = self.take_frame();
        frame
            .held
            .add(self.account().note(size_of_val(&future) + TASK));
        let (promise, resolver) = Object::promise(self);
        let state = std::rc::Rc::clone(self.state());
        let settled = async move {
            let result = future.await;
            state.event_loop.push(turn(move |cx| {
                // Settling runs no script of its own; a fatal error is remembered by the state.
                let _ = match result.settle(cx) {
                    Ok(value) => resolver.resolve(cx, value),
                    Err(error) => match error.into_value(cx) {
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
        self.state().event_loop.spawn(settled, true);
        promise.to_value()
    }
}

/// Boxes a turn; a closure passed straight to `Box::new` would not be general over `'js`.
pub(crate) fn turn(work: impl for<'js> FnOnce(&mut Cx<'js>) + 'static) -> crate::event_loop::Turn {
    Box::new(work)
}
