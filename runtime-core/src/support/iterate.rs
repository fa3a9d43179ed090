//! Classes that a `for` loop goes through.

use crate::convert::{IntoJs, JsIter};
use crate::definition::{FnDecl, NativeFn};
use crate::engine::{Args, Cx, Error, Object, Property, Value};

/// An iterator object over `items`.
pub fn iterate<'js, I>(cx: &mut Cx<'js>, items: I) -> Result<Value<'js>, Error<'js>>
where
    I: IntoIterator<IntoIter: 'static>,
    I::Item: for<'a> IntoJs<'a> + 'static,
{
    JsIter::new(items).into_js(cx)
}

/// What `next` returned, as `{ value, done }`.
#[derive(Debug)]
pub struct Step<T>(pub Option<T>);

impl<'js, T: IntoJs<'js>> IntoJs<'js> for Step<T> {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        let step = Object::new(cx);
        let done = Value::bool(self.0.is_none());
        let value = self.0.into_js(cx)?;
        step.define(cx, "value", Property::plain(value))?;
        step.define(cx, "done", Property::plain(done))?;
        Ok(step.to_value())
    }
}

/// `[Symbol.iterator]` of a class that is its own iterator.
#[derive(Debug)]
pub enum ReturnThis {}

impl NativeFn for ReturnThis {
    const DECL: FnDecl = FnDecl {
        name: "[Symbol.iterator]",
        ..FnDecl::EMPTY
    };

    fn call<'js>(_cx: &mut Cx<'js>, args: &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>> {
        Ok(args.this())
    }
}
