//! Functions of a script that native code keeps, and closures the other way.
//!
//! A [`Callback`] is plain Rust: it can be stored, cloned and moved into a future. It is called with a token, at once, or
//! from a future without one, on the loop's next turn.

#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::rc::{Rc, Weak};

use tokio::sync::oneshot;

use crate::convert::{FromJs, IntoJs, mismatch};
use crate::engine::{Cx, Error, Persistent, Value, data};
use crate::error::JsError;
use crate::event_loop::turn;
use crate::panics::{self, Callee};
use crate::state::RuntimeState;
use crate::ts::{In, Out, Ts, TsType};
use crate::uncaught::Uncaught;

/// A function that a script gave, of the arguments `A` (a tuple) and the result `R`.
pub struct Callback<A, R = ()> {
    kept: Rc<Kept>,
    signature: PhantomData<fn(A) -> R>,
}

struct Kept {
    function: Persistent,
    // Weak, so that a future which holds a callback does not keep alive the runtime that holds the future.
    runtime: Weak<RuntimeState>,
}

/// A tuple of arguments for a [`Callback`].
pub trait CallbackArgs: 'static {
    /// Their types.
    #[doc(hidden)]
    const PARAMS: &'static [Ts];

    /// Converts them.
    #[doc(hidden)]
    fn into_args<'js>(self, cx: &mut Cx<'js>) -> Result<Vec<Value<'js>>, Error<'js>>;
}

impl<A: CallbackArgs, R: for<'a> FromJs<'a> + 'static> Callback<A, R> {
    /// Calls it now.
    pub fn call<'js>(&self, cx: &mut Cx<'js>, args: A) -> Result<R, Error<'js>> {
        let result = self.kept.call(cx, args)?;
        cx.release(|cx| R::from_js(cx, &result))
            .map_err(|error| self.kept.said(cx, error))
    }

    /// Calls it on the loop's next turn, from a future that has no token. When it returns a promise, the result is what the
    /// promise is fulfilled with. The call is made whether or not the result is awaited; an error that nobody awaits ends
    /// the script, as one thrown by a timer's function does.
    pub fn call_later(&self, args: A) -> impl Future<Output = Result<R, JsError>> + use<A, R> {
        let (answer, result) = oneshot::channel();
        if let Some(runtime) = self.kept.runtime.upgrade() {
            let kept = Rc::clone(&self.kept);
            runtime.event_loop.push(turn(move |cx| {
                match kept.call(cx, args) {
                    Ok(value) => value.when_settled(cx, move |cx, settled| {
                        let result = settled.map_err(Error::Thrown);
                        reply(cx, &kept, answer, result);
                    }),
                    Err(error) => reply(cx, &kept, answer, Err(error)),
                };
            }));
        }
        async {
            let gone = |_| Err(JsError::error("the runtime ended before the callback did"));
            result.await.unwrap_or_else(gone)
        }
    }
}

impl Kept {
    /// Says of a result that is not what it must be whose it is: `result of callback `onItem` must be a string, got a number`.
    fn said<'js>(&self, cx: &mut Cx<'js>, error: Error<'js>) -> Error<'js> {
        let Error::Mismatch(mismatch) = error else {
            return error;
        };
        let function = self.function.get(cx).ok();
        let function = function.and_then(|function| function.as_object());
        let name = function.and_then(|function| data(cx, &function, "name")?.as_string());
        let subject = match name.filter(|name| !name.is_empty()) {
            Some(name) => format!("result of callback `{name}`"),
            None => "result of the callback".to_owned(),
        };
        mismatch.into_error(&subject).into()
    }

    fn call<'js>(
        &self,
        cx: &mut Cx<'js>,
        args: impl CallbackArgs,
    ) -> Result<Value<'js>, Error<'js>> {
        let function = self.function.get(cx)?;
        let function = function
            .as_function()
            .expect("only functions are kept here");
        let args = panics::guard(Callee::Named(""), || args.into_args(cx))?;
        function.call(cx, &Value::undefined(), &args)
    }
}

fn reply<'js, R: for<'a> FromJs<'a>>(
    cx: &mut Cx<'js>,
    kept: &Kept,
    answer: oneshot::Sender<Result<R, JsError>>,
    result: Result<Value<'js>, Error<'js>>,
) {
    let result = match result {
        Ok(value) => {
            let value = cx.release(|cx| R::from_js(cx, &value));
            value.map_err(|error| kept.said(cx, error))
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(value) => {
            // Nobody waits for it: it was called for what it does.
            let _ = answer.send(Ok(value));
        }
        Err(Error::Fatal(fatal)) => cx.state().set_fatal(fatal),
        Err(error) if answer.is_closed() => {
            let uncaught = Uncaught::new(cx, error, false);
            cx.state().set_uncaught(uncaught);
        }
        Err(error) => {
            let _ = answer.send(Err(JsError::from_error(cx, error)));
        }
    }
}

impl<A, R> Clone for Callback<A, R> {
    fn clone(&self) -> Self {
        Self {
            kept: Rc::clone(&self.kept),
            signature: PhantomData,
        }
    }
}

impl<A, R> fmt::Debug for Callback<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback")
    }
}

impl<Way, A: CallbackArgs, R: TsType<In>> TsType<Way> for Callback<A, R> {
    const TS: Ts = Ts::Function(A::PARAMS, &R::TS);
}

impl<'js, A, R> FromJs<'js> for Callback<A, R> {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        if value.as_function().is_none() {
            return Err(mismatch("a function", value));
        }
        let kept = Kept {
            function: Persistent::new(cx, value),
            runtime: Rc::downgrade(cx.state()),
        };
        Ok(Self {
            kept: Rc::new(kept),
            signature: PhantomData,
        })
    }
}

impl<'js, A, R> IntoJs<'js> for Callback<A, R> {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        self.kept.function.get(cx)
    }
}

macro_rules! callback_args {
    ($(($($ty:ident $arg:ident),*))*) => {$(
        impl<$($ty: for<'a> IntoJs<'a> + TsType<Out> + 'static),*> CallbackArgs for ($($ty,)*) {
            const PARAMS: &'static [Ts] = &[$($ty::TS),*];

            #[allow(unused_variables, reason = "no argument, no conversion")]
            fn into_args<'js>(self, cx: &mut Cx<'js>) -> Result<Vec<Value<'js>>, Error<'js>> {
                let ($($arg,)*) = self;
                Ok(vec![$($arg.into_js(cx)?),*])
            }
        }
    )*};
}

callback_args! {
    ()
    (A a)
    (A a, B b)
    (A a, B b, C c)
    (A a, B b, C c, D d)
    (A a, B b, C c, D d, E e)
    (A a, B b, C c, D d, E e, F f)
}
