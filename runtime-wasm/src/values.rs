//! Values that cross between the host's engine and the one inside: as data, both ways.

use js_sys::{Array, BigInt, Date, Error as HostError, Object, Reflect, Uint8Array};
use runtime_core::{JsError, Plain};
use wasm_bindgen::{JsCast as _, JsValue};

/// How deep values may nest on their way in, as on their way out.
const DEPTH: usize = 200;

/// A plain value as one of the host's.
pub(crate) fn to_host(value: &Plain) -> JsValue {
    match value {
        Plain::Undefined => JsValue::UNDEFINED,
        Plain::Null => JsValue::NULL,
        Plain::Bool(value) => JsValue::from_bool(*value),
        Plain::Number(number) => JsValue::from_f64(*number),
        Plain::BigInt(digits) => {
            BigInt::new(&JsValue::from_str(digits)).map_or(JsValue::UNDEFINED, JsValue::from)
        }
        Plain::String(text) | Plain::Other(text) => JsValue::from_str(text),
        Plain::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
        Plain::Date(millis) => Date::new(&JsValue::from_f64(*millis)).into(),
        Plain::Array(items) => items.iter().map(to_host).collect::<Array>().into(),
        Plain::Object(entries) => {
            let object = Object::new();
            for (key, value) in entries {
                set(&object, key, &to_host(value));
            }
            object.into()
        }
        Plain::Error(error) => error_to_host(error),
    }
}

/// An error of a script as the host's own, with the stack of the script.
pub(crate) fn error_to_host(error: &JsError) -> JsValue {
    let made = HostError::new(error.message());
    // What was thrown was no error, and has no name.
    let name = match error.name() {
        "" => "Error",
        name => name,
    };
    made.set_name(name);
    let head = if error.message().is_empty() {
        name.to_owned()
    } else {
        format!("{name}: {}", error.message())
    };
    let stack = error
        .stack()
        .map_or(head.clone(), |stack| format!("{head}\n{stack}"));
    set(&made, "stack", &JsValue::from_str(&stack));
    if let Some(code) = error.code() {
        set(&made, "code", &JsValue::from_str(code));
    }
    if let Some(cause) = error.cause() {
        set(&made, "cause", &error_to_host(cause));
    }
    made.into()
}

/// Defines a property as a fresh object has it: `__proto__` is a key like others.
fn set(object: &Object, key: &str, value: &JsValue) {
    let descriptor = Object::new();
    for (key, value) in [
        ("value", value),
        ("writable", &JsValue::TRUE),
        ("enumerable", &JsValue::TRUE),
        ("configurable", &JsValue::TRUE),
    ] {
        // A fresh object takes every property.
        let _ = Reflect::set(&descriptor, &JsValue::from_str(key), value);
    }
    Object::define_property(object, &JsValue::from_str(key), &descriptor);
}

/// A value of the host's as a plain one. What has no plain form, such as a function, is an error that says which.
pub(crate) fn from_host(value: &JsValue) -> Result<Plain, JsError> {
    read(value, 0)
}

fn read(value: &JsValue, depth: usize) -> Result<Plain, JsError> {
    if depth > DEPTH {
        return Err(JsError::range_error(format!(
            "a value that crosses into a runtime nests at most {DEPTH} deep"
        )));
    }
    if value.is_undefined() {
        return Ok(Plain::Undefined);
    }
    if value.is_null() {
        return Ok(Plain::Null);
    }
    if let Some(value) = value.as_bool() {
        return Ok(Plain::Bool(value));
    }
    if let Some(number) = value.as_f64() {
        return Ok(Plain::Number(number));
    }
    if let Some(text) = value.as_string() {
        return Ok(Plain::String(text));
    }
    if let Some(number) = value.dyn_ref::<BigInt>() {
        let digits = number.to_string(10).map(String::from);
        return Ok(Plain::BigInt(digits.unwrap_or_default()));
    }
    if let Some(error) = value.dyn_ref::<HostError>() {
        return Ok(Plain::Error(Box::new(error_from_host(error))));
    }
    if let Some(date) = value.dyn_ref::<Date>() {
        return Ok(Plain::Date(date.get_time()));
    }
    if let Some(bytes) = bytes(value) {
        return Ok(Plain::Bytes(bytes.to_vec()));
    }
    if let Some(items) = value.dyn_ref::<Array>() {
        let items = items.iter().map(|item| read(&item, depth + 1));
        return Ok(Plain::Array(items.collect::<Result<_, _>>()?));
    }
    if !value.is_object() || value.is_function() {
        let kind = value.js_typeof().as_string().unwrap_or_default();
        return Err(JsError::type_error(format!(
            "a {kind} cannot cross into a runtime: only plain values can"
        )));
    }
    let mut entries = Vec::new();
    for entry in Object::entries(value.unchecked_ref()).iter() {
        let entry: Array = entry.unchecked_into();
        let key = entry.get(0).as_string().unwrap_or_default();
        entries.push((key, read(&entry.get(1), depth + 1)?));
    }
    Ok(Plain::Object(entries))
}

/// The bytes of a buffer or a view of one.
fn bytes(value: &JsValue) -> Option<Uint8Array> {
    if let Some(array) = value.dyn_ref::<Uint8Array>() {
        return Some(array.clone());
    }
    if let Some(buffer) = value.dyn_ref::<js_sys::ArrayBuffer>() {
        return Some(Uint8Array::new(buffer));
    }
    if !js_sys::ArrayBuffer::is_view(value) {
        return None;
    }
    let part = |key: &str| Reflect::get(value, &JsValue::from_str(key)).ok();
    let offset = part("byteOffset")?.as_f64()? as u32;
    let len = part("byteLength")?.as_f64()? as u32;
    let buffer = part("buffer")?;
    Some(Uint8Array::new_with_byte_offset_and_length(
        &buffer, offset, len,
    ))
}

/// What the host threw, as an error for scripts. Its stack is the host's own business.
pub(crate) fn thrown(value: &JsValue) -> JsError {
    match value.dyn_ref::<HostError>() {
        Some(error) => error_from_host(error),
        None => {
            let text = value.as_string();
            let text = text.or_else(|| Some(String::from(js_sys::JsString::from(value.clone()))));
            JsError::error(text.unwrap_or_default())
        }
    }
}

fn error_from_host(error: &HostError) -> JsError {
    let name = error.name().as_string().unwrap_or_default();
    let message = error.message().as_string().unwrap_or_default();
    let made = JsError::new(name, message);
    let part = |key: &str| Reflect::get(error, &JsValue::from_str(key)).ok();
    let made = match part("code").and_then(|code| code.as_string()) {
        Some(code) => made.with_code(code),
        None => made,
    };
    match part("cause")
        .as_ref()
        .and_then(|cause| cause.dyn_ref::<HostError>())
    {
        Some(cause) => made.with_cause(error_from_host(cause)),
        None => made,
    }
}
