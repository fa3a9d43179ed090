//! Classes whose instances are errors: `instanceof Error`, with a stack, and made from plain errors, which native
//! code returns without a token.
//!
//! The boundary: what such a class is. When a plain error becomes an instance is decided in `engine/errors.rs`.

use std::any::Any;

use super::instance;
use crate::definition::{ErrorDef, NativeClass};
use crate::engine::{Cx, Object, Property, Value, error_stack, make_error};
use crate::error::{ClassRow, JsError};

/// A class with `#[js_class(error)]`: its instances are errors to scripts, and native code returns them as
/// [`JsError::of`].
///
/// ```
/// # #[cfg(feature = "engine")]
/// # mod example {
/// use runtime_core::prelude::*;
///
/// #[js_class(error)]
/// struct SensorException {
///     name: String,
///     message: String,
/// }
///
/// #[js_class]
/// impl SensorException {
///     #[js(constructor)]
///     fn new(#[js(default = "")] message: &str, #[js(default = "Error")] name: &str) -> Self {
///         Self { name: name.to_owned(), message: message.to_owned() }
///     }
///
///     #[js(get)]
///     fn name(&self) -> &str {
///         &self.name
///     }
///
///     #[js(get)]
///     fn message(&self) -> &str {
///         &self.message
///     }
/// }
///
/// impl ErrorClass for SensorException {
///     fn from_error(error: &JsError) -> Self {
///         Self::new(error.message(), error.name())
///     }
///
///     fn text(&self) -> (&str, &str) {
///         (&self.name, &self.message)
///     }
/// }
///
/// #[js_fn]
/// fn read() -> Result<f64, JsError> {
///     Err(JsError::of::<SensorException>("TimeoutError", "the sensor is silent"))
/// }
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what it is as an error",
    label = "not an error class",
    note = "implement `ErrorClass` for the struct of `#[js_class(error)]`"
)]
pub trait ErrorClass: NativeClass {
    /// The state of the instance that a plain error becomes.
    fn from_error(error: &JsError) -> Self;

    /// Its name and its message, as reports and hosts show them. No script can change what this says.
    fn text(&self) -> (&str, &str);
}

impl ErrorDef {
    /// The row of `C`.
    pub const fn of<C: ErrorClass>() -> Self {
        Self {
            text: |state| match state.downcast_ref::<C>() {
                Some(error) => error.text(),
                None => ("", ""),
            },
            make: |cx, error| instance(cx, C::from_error(error)),
        }
    }
}

impl JsError {
    /// An instance of the class `C`, which it becomes when a script gets it.
    pub fn of<C: ErrorClass>(name: impl Into<String>, message: impl Into<String>) -> Self {
        const {
            assert!(
                C::DEF.error.is_some(),
                "the struct says `#[js_class(error)]`"
            )
        };
        let error = Self::new(name.into(), message);
        match C::DEF.error {
            Some(class) => error.of_class(ClassRow(class)),
            None => error,
        }
    }
}

/// The name and the message of an instance of an error class, or of one that extends it.
pub(crate) fn error_text<'js>(object: &Object<'js>, cx: &Cx<'js>) -> Option<(String, String)> {
    let mut class = object.as_host()?.class;
    let mut state: &dyn Any = object.host_state(cx)?;
    loop {
        if let Some(error) = class.error {
            let (name, message) = (error.text)(state);
            return Some((name.to_owned(), message.to_owned()));
        }
        state = (class.up?.shared)(state);
        class = class.parent?;
    }
}

/// Gives an error the stack of the script that is running, as the engine gives its own.
pub(super) fn give_stack<'js>(cx: &mut Cx<'js>, object: &Object<'js>) {
    let plain = make_error(cx, "Error", "").as_object();
    if let Some(stack) = plain.and_then(|plain| error_stack(cx, &plain)) {
        let stack = Value::string(cx, &stack);
        // A fresh object is extensible and has no such property: this cannot fail.
        let _ = object.define(cx, "stack", Property::hidden(stack));
    }
}

/// `Error.prototype`, whatever a script did to `Error`.
pub(super) fn prototype<'js>(cx: &mut Cx<'js>) -> Option<Object<'js>> {
    make_error(cx, "Error", "").as_object()?.proto()
}
