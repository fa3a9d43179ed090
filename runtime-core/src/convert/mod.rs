//! Conversions: how Rust types become JavaScript values and back. The traits stand here, the types in the files beside.

mod bytes;
mod collections;
mod numbers;
mod text;
mod wrappers;

pub use bytes::{Bytes, Uint8Array};
pub use text::JsString;
pub use wrappers::{Json, Rest};

use crate::engine::{Args, Cx, Value};
use crate::error::{Error, Mismatch};

/// A type that a JavaScript value can become.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a JavaScript value",
    label = "not a type that a native function can take",
    note = "for a struct or enum of yours, add `#[derive(FromJs)]`; for a class, take `&{Self}`"
)]
pub trait FromJs<'js>: Sized {
    /// Whether an argument of this type may be left out.
    const OPTIONAL: bool = false;

    /// Whether it takes all remaining arguments.
    const REST: bool = false;

    /// Converts `value`; what does not fit is a [`Mismatch`].
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>>;

    /// Converts argument `index`. Scalars read it in place.
    #[inline]
    fn from_arg(cx: &mut Cx<'js>, args: &Args<'_, 'js>, index: usize) -> Result<Self, Error<'js>> {
        Self::from_js(cx, &args.get(index))
    }
}

/// A type that can become a JavaScript value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot become a JavaScript value",
    label = "not a type that a native function can return",
    note = "for a struct or enum of yours, add `#[derive(IntoJs)]`; for a class, `#[js_class]`"
)]
pub trait IntoJs<'js> {
    /// Converts it.
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>>;
}

/// The mismatch of a value that is not `want`.
pub fn mismatch<'js>(want: &'static str, value: &Value<'js>) -> Error<'js> {
    Mismatch::new(want, value.type_of().with_article()).into()
}
