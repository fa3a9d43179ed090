//! The arguments of one native call, read in place: a scalar is read without making a `Value`.

use boa_engine::JsValue;

use super::value::Value;
use crate::engine::Brand;

/// `this` and the arguments of a call into a native function.
#[derive(Debug)]
pub struct Args<'a, 'js> {
    pub(super) this: &'a JsValue,
    pub(super) values: &'a [JsValue],
    pub(super) brand: Brand<'js>,
}

impl<'js> Args<'_, 'js> {
    /// `this`; in a constructor, `new.target`.
    pub fn this(&self) -> Value<'js> {
        Value::wrap(self.this.clone())
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
            .cloned()
            .map_or_else(Value::undefined, Value::wrap)
    }

    /// Argument `index` as a number, when it is one.
    #[inline]
    pub fn num(&self, index: usize) -> Option<f64> {
        self.values.get(index)?.as_number()
    }

    /// Argument `index` as a boolean, when it is one.
    #[inline]
    pub fn boolean(&self, index: usize) -> Option<bool> {
        self.values.get(index)?.as_boolean()
    }

    /// Argument `index` as a string, when it is one. A lone surrogate becomes U+FFFD.
    pub fn text(&self, index: usize) -> Option<String> {
        super::value::text(self.values.get(index)?)
    }

    /// Whether argument `index` is absent or `undefined`.
    pub fn is_absent(&self, index: usize) -> bool {
        self.values.get(index).is_none_or(JsValue::is_undefined)
    }
}
