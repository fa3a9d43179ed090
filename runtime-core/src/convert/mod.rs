//! Conversions: how Rust types become JavaScript values and back. The traits stand here, the types in the files beside.
//!
//! Nothing is coerced: a string is no number and `1` is no boolean. What does not fit is a [`Mismatch`] that says
//! where inside the value it was found. A class crosses by reference, through [`classes`](crate::classes).
//!
//! What crosses is bounded in depth, parts, bytes and time: see `budget.rs`.

mod budget;
mod bytes;
mod collections;
mod iterator;
mod numbers;
mod text;
mod wrappers;

#[cfg(test)]
mod tests;

pub(crate) use budget::{Level, PARTS};
pub use bytes::ArrayBuffer;
pub(crate) use collections::step;
pub use iterator::JsIter;
pub use text::JsString;
pub(crate) use text::text;
pub use wrappers::Rest;

use crate::engine::{Args, Cx, Error, Object, Value};
use crate::error::Mismatch;

/// A type that a JavaScript value can become.
///
/// A value may nest 512 levels deep and have some four million parts, an object counted each time that it is reached; more,
/// and a value that contains itself, is a `RangeError`. An implementation of yours for a type that contains itself converts
/// what is in it with [`Cx::convert`], which counts the levels.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a JavaScript value",
    label = "not a type that a native function can take",
    note = "for a struct or enum of yours, add `#[derive(FromJs)]`; for a class, take `&{Self}`"
)]
pub trait FromJs<'js>: Sized {
    /// Whether a parameter of this type may be left out: an absent argument converts.
    const OPTIONAL: bool = false;

    /// Whether a parameter of this type takes all remaining arguments.
    const REST: bool = false;

    /// Converts `value`; what does not fit is a [`Mismatch`].
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>>;

    /// Converts argument `index`. Scalars read it in place.
    #[inline]
    fn from_arg(cx: &mut Cx<'js>, args: &Args<'_, 'js>, index: usize) -> Result<Self, Error<'js>> {
        Self::from_js(cx, &args.get(index))
    }

    /// Converts a sequence of this type. `u8` overrides it, so that `Vec<u8>` is bytes and not an array of numbers.
    #[doc(hidden)]
    fn vec_from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Vec<Self>, Error<'js>> {
        collections::sequence(cx, value)
    }
}

/// A type that can become a JavaScript value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot become a JavaScript value",
    label = "not a type that a native function can return",
    note = "for a struct or enum of yours, add `#[derive(IntoJs)]`; for a class, `#[js_class]`"
)]
pub trait IntoJs<'js>: Sized {
    /// Converts it.
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>>;

    /// Converts a sequence of this type. `u8` overrides it, so that `Vec<u8>` becomes a `Uint8Array`.
    #[doc(hidden)]
    fn vec_into_js(items: Vec<Self>, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        collections::array(cx, items)
    }
}

/// The mismatch of a value that is not `want`.
#[cold]
pub(crate) fn mismatch<'js>(want: &'static str, value: &Value<'js>) -> Error<'js> {
    Mismatch::new(want, described(value)).into()
}

/// The mismatch of an argument that is not `want`.
#[cold]
fn mismatched_arg<'js>(want: &'static str, args: &Args<'_, 'js>, index: usize) -> Error<'js> {
    mismatch(want, &args.get(index))
}

/// Says of a mismatch that it was found at `step` (`.retries`, `[2]`) of a larger value. Other errors stay as they are.
#[cold]
pub(crate) fn within<'js>(error: Error<'js>, step: &str) -> Error<'js> {
    match error {
        Error::Mismatch(mismatch) => mismatch.within(step).into(),
        other => other,
    }
}

/// What a value is, as errors say it: `typeof` with an article, and arrays and classes told apart.
pub(crate) fn described(value: &Value<'_>) -> String {
    match value.as_object() {
        Some(object) if object.is_array() => "an array".to_owned(),
        Some(object) => match object.as_host() {
            Some(host) => format!("an instance of {}", host.class.name),
            None => value.type_of().with_article().to_owned(),
        },
        None => value.type_of().with_article().to_owned(),
    }
}

/// The object that `value` must be; functions and arrays are objects too.
pub(crate) fn object<'js>(value: &Value<'js>) -> Result<Object<'js>, Error<'js>> {
    value
        .as_object()
        .ok_or_else(|| mismatch("an object", value))
}
