//! The arguments of one native call, read in place: a scalar is read without making a `Value`.

use rquickjs_sys as q;

use super::value::{self, Value};
use crate::engine::Brand;

/// `this` and the arguments of a call into a native function.
pub struct Args<'a, 'js> {
    pub(super) ctx: *mut q::JSContext,
    pub(super) this: q::JSValue,
    pub(super) values: &'a [q::JSValue],
    pub(super) brand: Brand<'js>,
}

impl<'js> Args<'_, 'js> {
    /// `this`; in a constructor, `new.target`.
    pub fn this(&self) -> Value<'js> {
        Value::borrow(self.ctx, self.this)
    }

    /// How many arguments were given.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether no argument was given.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Argument `index`; `undefined` when it was not given.
    pub fn get(&self, index: usize) -> Value<'js> {
        self.values
            .get(index)
            .map_or_else(Value::undefined, |raw| Value::borrow(self.ctx, *raw))
    }

    /// Argument `index` as a number, when it is one.
    #[inline]
    pub fn num(&self, index: usize) -> Option<f64> {
        value::number(*self.values.get(index)?)
    }

    /// Argument `index` as a boolean, when it is one.
    #[inline]
    pub fn boolean(&self, index: usize) -> Option<bool> {
        value::boolean(*self.values.get(index)?)
    }

    /// Argument `index` as a string, when it is one. A lone surrogate becomes U+FFFD.
    pub fn text(&self, index: usize) -> Option<String> {
        value::text(self.ctx, *self.values.get(index)?)
    }

    /// Whether argument `index` is absent or `undefined`.
    pub fn is_absent(&self, index: usize) -> bool {
        self.values
            .get(index)
            .is_none_or(|raw| value::tag(*raw) == q::JS_TAG_UNDEFINED)
    }
}

impl std::fmt::Debug for Args<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Args({})", self.values.len())
    }
}
