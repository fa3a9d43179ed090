//! Errors in flight, and how one that native code made becomes an object of a script.
//!
//! The boundary: what every operation of the port returns. Errors as plain data are `error/`; the
//! plain form of a value that a script threw is made in `thrown.rs`, by code that shows values.

use std::borrow::Cow;

use super::natives::ErrorDef;
use super::{Cx, Key, Kind, Object, Property, Value};
use crate::error::{ErrorValue, Fatal, JsError, Mismatch};

/// An error in flight.
#[derive(Debug)]
pub enum Error<'js> {
    /// A value that a script threw.
    Thrown(Value<'js>),
    /// An error that native code made; it becomes an object when it reaches a script.
    New(Box<JsError>),
    /// A conversion that found the wrong thing; the call that asked for it adds which argument it
    /// was.
    Mismatch(Box<Mismatch>),
    /// One that no script may catch.
    Fatal(Fatal),
}

impl<'js> Error<'js> {
    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Self {
        JsError::type_error(message).into()
    }

    /// A `RangeError`.
    pub fn range_error(message: impl Into<String>) -> Self {
        JsError::range_error(message).into()
    }

    /// Gives an error that native code made the stack of the call that it answers.
    pub(crate) fn with_stack(self, stack: String) -> Self {
        let error = match self {
            Self::New(error) => *error,
            Self::Mismatch(mismatch) => mismatch.into_error(""),
            Self::Thrown(_) | Self::Fatal(_) => return self,
        };
        match &error.thrown {
            Some(_) => error.into(),
            None => error.with_stack(stack).into(),
        }
    }

    /// The value to throw; fatal errors have none.
    pub fn into_value(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Fatal> {
        match self {
            Self::Thrown(value) => Ok(value),
            Self::New(error) => Ok(error.into_value(cx)),
            Self::Mismatch(mismatch) => Ok(mismatch.into_error("").into_value(cx)),
            Self::Fatal(fatal) => Err(fatal),
        }
    }
}

impl From<Fatal> for Error<'_> {
    fn from(fatal: Fatal) -> Self {
        Self::Fatal(fatal)
    }
}

impl From<JsError> for Error<'_> {
    fn from(error: JsError) -> Self {
        Self::New(Box::new(error))
    }
}

impl From<Mismatch> for Error<'_> {
    fn from(mismatch: Mismatch) -> Self {
        Self::Mismatch(Box::new(mismatch))
    }
}

impl JsError {
    /// What was thrown, or a new error object with the engine's stack.
    pub(crate) fn into_value<'js>(mut self, cx: &mut Cx<'js>) -> Value<'js> {
        let thrown = self.thrown.take();
        let thrown = thrown.map(|thrown| *thrown).unwrap_or_default();
        if let Some(origin) = thrown.origin
            && let Some(value) = cx.state().thrown.get(cx, &origin)
        {
            return value;
        }
        let class = self.class.as_deref().copied();
        let class = class.and_then(|class| class.0.downcast_ref::<ErrorDef>());
        let made = match class {
            Some(class) => (class.make)(cx, &self),
            None => Ok(super::make_error(cx, &self.name, &self.message)),
        };
        let value = match made {
            Ok(value) | Err(Error::Thrown(value)) => value,
            Err(_) => Value::undefined(),
        };
        let Some(object) = value.as_object() else {
            return value;
        };
        // A fresh error object is extensible and has no setter: defining on it cannot fail.
        let define = |cx: &mut Cx<'js>, object: &Object<'js>, key: &str, value: Value<'js>| {
            let _ = object.define(cx, Key::Name(key), Property::hidden(value));
        };
        if class.is_none() && !is_builtin(&self.name) {
            let name = Value::string(cx, &self.name);
            define(cx, &object, "name", name);
        }
        for (key, value) in self
            .code
            .map(|code| (Cow::Borrowed("code"), code.into()))
            .into_iter()
            .chain(self.properties)
        {
            let value = match value {
                ErrorValue::Text(text) => Value::string(cx, &text),
                ErrorValue::Number(number) => Value::number(number),
                ErrorValue::Bool(bool) => Value::bool(bool),
            };
            let _ = object.define(cx, Key::Name(&key), Property::plain(value));
        }
        if let Some(cause) = self.cause {
            let cause = cause.into_value(cx);
            define(cx, &object, "cause", cause);
        }
        // Where a script made the call, when that is not the script that is running now.
        if let Some(stack) = thrown.stack {
            let stack = Value::string(cx, &stack);
            define(cx, &object, "stack", stack);
        }
        value
    }
}

/// Whether `name` is the name of an error class that every script has.
fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "Error"
            | "TypeError"
            | "RangeError"
            | "SyntaxError"
            | "ReferenceError"
            | "EvalError"
            | "URIError"
    )
}

/// A data property of an object or its prototypes: what `object.key` is when no getter and no proxy
/// is on the way.
pub(crate) fn data<'js>(cx: &mut Cx<'js>, object: &Object<'js>, key: &str) -> Option<Value<'js>> {
    let mut at = object.clone();
    loop {
        if at.kind() == Kind::Proxy {
            return None;
        }
        if let Some(property) = at.own_property(cx, key).ok()? {
            return property.value;
        }
        at = at.proto()?;
    }
}
