//! Values that cross between the host's engine and the one inside: as data, both ways, within a budget.
//!
//! An object that is reached by many paths is copied for each of them, so what crosses is counted, and the runtime's clocks are
//! looked at on the way. What a value of the host's does when it is looked at (a getter that throws, a proxy, bytes that were
//! given away) is an error for the script.

use js_sys::{Array, BigInt, Date, Object, Reflect, Uint8Array};
use runtime_core::{JsError, Plain};
use wasm_bindgen::prelude::*;

use crate::errors::{described, error_of, error_to_host};
use crate::host;

/// After how many parts the clocks are looked at. Each costs some microseconds.
const PARTS_PER_LOOK: usize = 256;

/// How many bytes may cross at once: the host makes no longer texts everywhere.
const BYTES: usize = 256 << 20;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    fn keys(object: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch, js_name = Number)]
    fn number(value: &JsValue) -> Result<f64, JsValue>;

    #[wasm_bindgen(js_name = Uint8Array)]
    type Bytes;
    #[wasm_bindgen(catch, constructor, js_class = "Uint8Array")]
    fn zeros(len: f64) -> Result<Bytes, JsValue>;
    #[wasm_bindgen(catch, constructor, js_class = "Uint8Array")]
    fn of_part(buffer: &JsValue, offset: f64, len: f64) -> Result<Bytes, JsValue>;
    #[wasm_bindgen(catch, constructor, js_class = "Uint8Array")]
    fn of_buffer(buffer: &JsValue) -> Result<Bytes, JsValue>;
}

/// Values that cross together.
#[derive(Debug, Default)]
pub(crate) struct Crossing {
    parts: usize,
    bytes: usize,
}

/// A plain value as one of the host's.
pub(crate) fn to_host(value: &Plain) -> Result<JsValue, JsError> {
    Crossing::default().to_host(value)
}

/// A value of the host's as a plain one. What has no plain form, such as a function, is an error that says which.
pub(crate) fn from_host(value: &JsValue) -> Result<Plain, JsError> {
    Crossing::default().value(value, 0)
}

/// Defines a property as a fresh object has it: `__proto__` is a key like others.
pub(crate) fn set(object: &Object, key: &str, value: &JsValue) {
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

impl Crossing {
    /// A plain value as one of the host's, counted with those before it.
    pub(crate) fn to_host(&mut self, value: &Plain) -> Result<JsValue, JsError> {
        self.take(1, 0)?;
        Ok(match value {
            Plain::Undefined => JsValue::UNDEFINED,
            Plain::Null => JsValue::NULL,
            Plain::Bool(value) => JsValue::from_bool(*value),
            Plain::Number(number) => JsValue::from_f64(*number),
            Plain::BigInt(digits) => {
                self.take(0, digits.len())?;
                BigInt::new(&JsValue::from_str(digits)).map_or(JsValue::UNDEFINED, JsValue::from)
            }
            Plain::String(text) | Plain::Other(text) => {
                self.take(0, text.len())?;
                JsValue::from_str(text)
            }
            Plain::Bytes(bytes) => {
                self.take(0, bytes.len())?;
                let made = Bytes::zeros(bytes.len() as f64).map_err(|error| error_of(&error))?;
                let made: Uint8Array = JsValue::from(made).unchecked_into();
                made.copy_from(bytes);
                made.into()
            }
            Plain::Date(millis) => Date::new(&JsValue::from_f64(*millis)).into(),
            Plain::Array(items) => {
                let made = Array::new();
                for item in items {
                    made.push(&self.to_host(item)?);
                }
                made.into()
            }
            Plain::Object(entries) => {
                let object = Object::new();
                for (key, value) in entries {
                    self.take(0, key.len())?;
                    set(&object, key, &self.to_host(value)?);
                }
                object.into()
            }
            Plain::Error(error) => error_to_host(error),
        })
    }

    fn value(&mut self, value: &JsValue, depth: usize) -> Result<Plain, JsError> {
        if depth > Plain::DEPTH {
            return Err(JsError::range_error(format!(
                "a value that crosses into a runtime nests at most {} deep",
                Plain::DEPTH
            )));
        }
        self.take(1, 0)?;
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
            return self.text(text).map(Plain::String);
        }
        if let Some(number) = value.dyn_ref::<BigInt>() {
            let digits = number.to_string(10).map(String::from);
            return self.text(digits.unwrap_or_default()).map(Plain::BigInt);
        }
        if !value.is_object() || value.is_function() {
            return Err(cannot_cross(value));
        }
        if value.is_instance_of::<js_sys::Error>() {
            return Ok(Plain::Error(Box::new(error_of(value))));
        }
        if value.is_instance_of::<Date>() {
            return number(value)
                .map(Plain::Date)
                .map_err(|_| cannot_cross(value));
        }
        if let Some(bytes) = self.bytes(value)? {
            return Ok(Plain::Bytes(bytes));
        }
        match is_array(value) {
            Ok(true) => self.items(value, depth + 1),
            Ok(false) => self.entries(value, depth + 1),
            Err(_) => Err(cannot_cross(value)),
        }
    }

    fn items(&mut self, array: &JsValue, depth: usize) -> Result<Plain, JsError> {
        let len = part(array, "length")?.as_f64().unwrap_or_default() as usize;
        self.expect(len)?;
        let mut items = Vec::new();
        for at in 0..len {
            let item = Reflect::get_u32(array, at as u32).map_err(|error| failed(&error))?;
            items.push(self.value(&item, depth)?);
        }
        Ok(Plain::Array(items))
    }

    fn entries(&mut self, object: &JsValue, depth: usize) -> Result<Plain, JsError> {
        let keys = keys(object).map_err(|error| failed(&error))?;
        self.expect(keys.length() as usize)?;
        let mut entries = Vec::new();
        for key in keys.iter() {
            let value = Reflect::get(object, &key).map_err(|error| failed(&error))?;
            let key = self.text(key.as_string().unwrap_or_default())?;
            entries.push((key, self.value(&value, depth)?));
        }
        Ok(Plain::Object(entries))
    }

    /// The bytes of a buffer or a view of one.
    fn bytes(&mut self, value: &JsValue) -> Result<Option<Vec<u8>>, JsError> {
        let whole = if js_sys::ArrayBuffer::is_view(value) {
            let number = |key| part(value, key).map(|part| part.as_f64().unwrap_or_default());
            let buffer = part(value, "buffer")?;
            Bytes::of_part(&buffer, number("byteOffset")?, number("byteLength")?)
        } else if value.is_instance_of::<js_sys::ArrayBuffer>() {
            Bytes::of_buffer(value)
        } else {
            return Ok(None);
        };
        let whole = whole.map_err(|error| failed(&error))?;
        let whole: Uint8Array = JsValue::from(whole).unchecked_into();
        let len = whole.length() as usize;
        self.take(0, len)?;
        let mut bytes = Vec::new();
        bytes
            .try_reserve_exact(len)
            .map_err(|_| JsError::range_error("there is no memory for these bytes"))?;
        bytes.resize(len, 0);
        whole.copy_to(&mut bytes);
        Ok(Some(bytes))
    }

    fn text(&mut self, text: String) -> Result<String, JsError> {
        self.take(0, text.len())?;
        Ok(text)
    }

    /// Counts parts and bytes, and looks at the clocks now and then.
    fn take(&mut self, parts: usize, bytes: usize) -> Result<(), JsError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > BYTES {
            return Err(JsError::range_error(format!(
                "values that cross together have at most {BYTES} bytes"
            )));
        }
        self.expect(parts)?;
        self.parts += parts;
        match self.parts.is_multiple_of(PARTS_PER_LOOK) {
            true => host::go_on(),
            false => Ok(()),
        }
    }

    /// Refuses parts for which there is no room.
    fn expect(&self, parts: usize) -> Result<(), JsError> {
        match self.parts.saturating_add(parts) > Plain::PARTS {
            true => Err(JsError::range_error(format!(
                "values that cross together have at most {} parts; an object counts each time it is reached",
                Plain::PARTS
            ))),
            false => Ok(()),
        }
    }
}

fn part(value: &JsValue, key: &str) -> Result<JsValue, JsError> {
    Reflect::get(value, &JsValue::from_str(key)).map_err(|error| failed(&error))
}

fn cannot_cross(value: &JsValue) -> JsError {
    JsError::type_error(format!(
        "{} cannot cross into a runtime: only plain values can",
        described(value)
    ))
}

/// The error of a value that threw when it was looked at.
fn failed(error: &JsValue) -> JsError {
    JsError::type_error("a value cannot cross into a runtime: it threw when it was looked at")
        .with_cause(error_of(error))
}
