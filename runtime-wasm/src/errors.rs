//! Errors that cross between the host's engine and the one inside.
//!
//! What leaves is made by the package's JavaScript (`errors.js`), which tells errors of the runtime from errors of scripts. What
//! comes in may be anything: nothing that the host threw, and nothing that it does when it is looked at, leaves this module by
//! being thrown, since that would leave the instance in pieces.

use std::cell::RefCell;

use js_sys::{Array, Error as HostError, Function, Object, Reflect};
use runtime_core::engine::Cx;
use runtime_core::prelude::IntoJs as _;
use runtime_core::{Error, JsError};
use wasm_bindgen::prelude::*;

use crate::values::{from_host, set};

/// How many causes of an error cross.
const CAUSES: usize = 16;

thread_local! {
    /// What makes errors for the host. An instance has one runtime.
    static MAKE: RefCell<Option<Function>> = const { RefCell::new(None) };
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = String)]
    fn text(value: &JsValue) -> Result<String, JsValue>;
}

/// Says what makes errors for the host.
pub(crate) fn made_by(make: Function) {
    MAKE.set(Some(make));
}

/// An error of the runtime or of a script, as the host knows it, with the stack of the script.
pub(crate) fn error_to_host(error: &JsError) -> JsValue {
    // What was thrown was no error, and has no name.
    let name = match error.name() {
        "" => "Error",
        name => name,
    };
    let optional = |text: Option<&str>| text.map_or(JsValue::UNDEFINED, JsValue::from_str);
    let parts = Array::of5(
        &error.is_from_runtime().into(),
        &name.into(),
        &error.message().into(),
        &optional(error.stack()),
        &optional(error.code()),
    );
    parts.push(&error.cause().map_or(JsValue::UNDEFINED, error_to_host));
    let make = MAKE.with_borrow(Clone::clone);
    let made = make.and_then(|make| make.apply(&JsValue::UNDEFINED, &parts).ok());
    made.unwrap_or_else(|| own_error_to_host(error))
}

/// An error of what the host itself does, without a script: one of the host's own.
pub(crate) fn own_error_to_host(error: &JsError) -> JsValue {
    let made = HostError::new(error.message());
    made.set_name(error.name());
    if let Some(code) = error.code() {
        set(&made, "code", &JsValue::from_str(code));
    }
    if let Some(cause) = error.cause() {
        set(&made, "cause", &own_error_to_host(cause));
    }
    made.into()
}

/// What the host threw, as what a script catches: an error, a copy of a plain value, or else an error that says what it was.
pub(crate) fn thrown<'js>(cx: &mut Cx<'js>, value: &JsValue) -> Error<'js> {
    if is_error(value) {
        return error_from_host(value).into();
    }
    match from_host(value) {
        Ok(plain) => plain.into_js(cx).map_or_else(|error| error, Error::Thrown),
        Err(_) => error_of(value).into(),
    }
}

/// What the host threw, as an error.
pub(crate) fn error_of(value: &JsValue) -> JsError {
    if is_error(value) {
        return error_from_host(value);
    }
    match value.as_string() {
        Some(text) => JsError::error(text),
        None => JsError::error(format!("the host threw {}", described(value))),
    }
}

/// What a value of the host's is, in words.
pub(crate) fn described(value: &JsValue) -> String {
    if value.is_undefined() || value.is_null() {
        return text(value).unwrap_or_default();
    }
    let kind = value.js_typeof().as_string().unwrap_or_default();
    let article = if kind == "object" { "an" } else { "a" };
    match text(value) {
        Ok(text) if !value.is_function() => format!("{article} {kind}: {text}"),
        _ => format!("{article} {kind}"),
    }
}

/// Whether it is an error of the host's, or of another realm's.
fn is_error(value: &JsValue) -> bool {
    value.is_instance_of::<HostError>()
        || value.is_object()
            && ["message", "stack"]
                .iter()
                .all(|key| own_text(value, key).is_some())
}

/// A property that is a text. A getter that throws has none.
fn own_text(value: &JsValue, key: &str) -> Option<String> {
    part(value, key)?.as_string()
}

fn part(value: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(value, &JsValue::from_str(key)).ok()
}

/// An error of the host's with its causes, each of them once. Its stack is the host's own business.
fn error_from_host(error: &JsValue) -> JsError {
    let mut errors = vec![error.clone()];
    while let Some(last) = errors.last()
        && errors.len() < CAUSES
        && let Some(cause) = part(last, "cause")
        && is_error(&cause)
        && !errors.iter().any(|known| Object::is(known, &cause))
    {
        errors.push(cause);
    }
    let made = errors
        .iter()
        .rev()
        .fold(None, |cause: Option<JsError>, error| {
            let name = own_text(error, "name").unwrap_or_else(|| "Error".to_owned());
            let mut made = JsError::new(name, own_text(error, "message").unwrap_or_default());
            if let Some(code) = own_text(error, "code") {
                made = made.with_code(code);
            }
            Some(match cause {
                Some(cause) => made.with_cause(cause),
                None => made,
            })
        });
    made.unwrap_or_else(|| JsError::error(""))
}
