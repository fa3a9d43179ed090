//! Calls that return a promise. What goes wrong before the future starts rejects it, so that a caller has one place to look.

use std::future::Future;

use crate::convert::IntoJs;
use crate::definition::FnDecl;
use crate::engine::{Cx, Error, Object, Value};
use crate::error::JsError;
use crate::panics::{self, Callee};
use crate::tasks;

/// Starts the future that `start` makes of the arguments, and returns its promise.
pub fn promise<'js, T, F>(
    cx: &mut Cx<'js>,
    decl: &'static FnDecl,
    start: impl FnOnce(&mut Cx<'js>) -> Result<F, Error<'js>>,
) -> Result<Value<'js>, Error<'js>>
where
    T: for<'a> IntoJs<'a> + 'static,
    F: Future<Output = Result<T, JsError>> + 'static,
{
    let callee = Callee::Declared(decl);
    match panics::guard(callee, || start(cx)) {
        Ok(future) => Ok(tasks::spawn(cx, callee, future)),
        Err(Error::Fatal(fatal)) => Err(Error::Fatal(fatal)),
        Err(error) => {
            let reason = error.into_value(cx).map_err(Error::Fatal)?;
            let (promise, resolver) = Object::promise(cx);
            resolver.reject(cx, reason)?;
            Ok(promise.to_value())
        }
    }
}
