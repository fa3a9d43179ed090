//! What a native file needs: `use runtime_core::prelude::*;`.

pub use crate::callback::Callback;
pub use crate::classes::ErrorClass;
pub use crate::convert::{ArrayBuffer, FromJs, IntoJs, JsIter, JsString, Rest};
pub use crate::engine::{Cx, Error, Function, Object, Persistent, Value};
pub use crate::error::JsError;
pub use crate::runtime::Plain;
pub use crate::slots::{Slot, Trace};
pub use crate::support::{Instance, IntoError};
pub use runtime_macros::{FromJs, IntoJs, Trace, js_class, js_fn, js_module};
