//! Crossing between the engine's errors and the port's.

use std::borrow::Cow;

use boa_engine::{JsError as RawError, JsString, JsValue};

use super::cx::Cx;
use super::entry;
use super::object::Object;
use super::undefined::placed;
use super::value::Value;
use crate::engine::{Complaint, Error, data};
use crate::error::Fatal;

/// What the engine threw, as the port's error. A limit or a panic inside the engine is fatal: no script may catch it.
pub(super) fn thrown<'js>(cx: &mut Cx<'js>, error: RawError) -> Error<'js> {
    if let Some(engine) = error.as_engine() {
        return Error::Fatal(entry::end_by(cx.context, engine, &error));
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
        Err(fatal) => {
            entry::end(cx.context, fatal);
            entry::uncatchable()
        }
    }
}

/// Makes the engine's own error object of class `name`, with the stack of the script that is running: its constructor takes it.
pub(crate) fn make<'js>(cx: &mut Cx<'js>, name: &str, message: &str) -> Value<'js> {
    let classes = cx.context.intrinsics().constructors();
    let class = match name {
        "TypeError" => classes.type_error(),
        "RangeError" => classes.range_error(),
        "SyntaxError" => classes.syntax_error(),
        "ReferenceError" => classes.reference_error(),
        "EvalError" => classes.eval_error(),
        "URIError" => classes.uri_error(),
        _ => classes.error(),
    };
    let message = JsValue::from(JsString::from(message));
    let made = class.constructor().construct(&[message], None, cx.context);
    // It fails only when calls are nested too deep: that error says so.
    let made = made
        .map(JsValue::from)
        .or_else(|error| error.into_opaque(cx.context));
    Value::wrap(made.unwrap_or_default())
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
    // The engine's own jobs are frames without a name; they say nothing.
    let mut frames: Vec<Cow<'_, str>> = stack
        .trim_end()
        .lines()
        .filter(|frame| *frame != "    at  (native)")
        .map(Cow::Borrowed)
        .collect();
    let message = data(cx, error, "message").and_then(|message| message.as_string());
    if let (Some(first), Some(message)) = (frames.first_mut(), message)
        && let Some(placed) = placed(cx, first, &message)
    {
        *first = Cow::Owned(placed);
    }
    Some(frames.join("\n")).filter(|stack| !stack.is_empty())
}

/// The name in what the engine says of an import that the module does not export.
pub(crate) fn missing_export(message: &str) -> Option<&str> {
    let name = message.strip_prefix("could not find export `")?;
    name.strip_suffix('`')
}

/// What a message of the engine complains of, when it does not name the expression.
pub(crate) fn complaint(message: &str) -> Option<Complaint<'_>> {
    match message {
        "not a callable function" => Some(Complaint::NotCallable),
        "cannot convert 'null' or 'undefined' to object" => Some(Complaint::NoProperties(None)),
        _ => None,
    }
}

/// Where the script is now, as the first frame of a stack says it.
pub(super) fn position(cx: &mut Cx<'_>) -> Option<String> {
    let error = make(cx, "Error", "").as_object()?;
    entry::first_place(&stack(cx, &error)?)
}
