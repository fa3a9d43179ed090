//! Crossing between the engine's errors and the port's.

use boa_engine::{JsError as RawError, JsNativeError, JsValue};

use super::cx::Cx;
use super::object::Object;
use super::value::Value;
use crate::error::{Error, Fatal};

/// What the engine threw, as the port's error. A limit or a panic inside the engine is fatal: no script may catch it.
pub(super) fn thrown<'js>(cx: &mut Cx<'js>, error: RawError) -> Error<'js> {
    if let Some(engine) = error.as_engine() {
        return Error::Fatal(Fatal::Engine(engine.to_string()));
    }
    match error.into_opaque(cx.context) {
        Ok(value) => Error::Thrown(Value::wrap(value)),
        Err(error) => Error::Fatal(Fatal::Engine(error.to_string())),
    }
}

/// The port's error, as what the engine throws.
pub(super) fn to_raw<'js>(cx: &mut Cx<'js>, error: Error<'js>) -> RawError {
    match error.into_value(cx) {
        Ok(value) => RawError::from_opaque(value.raw),
        // The engine has no uncatchable error that a host may make; the fatal error is kept beside it.
        Err(fatal) => {
            let message = fatal.to_string();
            cx.state().set_fatal(fatal);
            JsNativeError::error().with_message(message).into()
        }
    }
}

/// Makes the engine's own error object of class `name`, so that it has a stack.
pub(crate) fn make<'js>(cx: &mut Cx<'js>, name: &str, message: &str) -> Value<'js> {
    let native = match name {
        "TypeError" => JsNativeError::typ(),
        "RangeError" => JsNativeError::range(),
        "SyntaxError" => JsNativeError::syntax(),
        "ReferenceError" => JsNativeError::reference(),
        "EvalError" => JsNativeError::eval(),
        "URIError" => JsNativeError::uri(),
        _ => JsNativeError::error(),
    };
    let raw = RawError::from(native.with_message(message.to_owned()));
    Value::wrap(
        raw.into_opaque(cx.context)
            .unwrap_or_else(|_| JsValue::undefined()),
    )
}

/// The stack of an error object, one frame a line, without a header.
pub(crate) fn stack<'js>(cx: &mut Cx<'js>, error: &Object<'js>) -> Option<String> {
    // A script that assigned to `stack` made a property of its own.
    let own = error
        .own_property(cx, "stack")
        .ok()?
        .and_then(|property| property.value);
    let stack = match own {
        Some(value) => value.as_string()?,
        None => super::inspect::error_stack(&error.raw, cx.context)?,
    };
    Some(stack.trim_end().to_owned()).filter(|stack| !stack.is_empty())
}
