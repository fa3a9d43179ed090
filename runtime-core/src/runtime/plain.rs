//! Plain values: what crosses between a runtime's thread and the rest of a program.

use crate::convert::{FromJs, IntoJs};
use crate::engine::{Cx, Key, Kind, Object, Property, Type, Value};
use crate::error::{Error, JsError};
use crate::inspect;
use crate::ts::{Ts, TsType};

/// A JavaScript value as data: it holds no handle, so it can be sent anywhere.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    /// `undefined`
    Undefined,
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A `BigInt`, in decimal digits.
    BigInt(String),
    /// A string; a lone surrogate is U+FFFD.
    String(String),
    /// The bytes of an `ArrayBuffer`, a typed array or a `DataView`.
    Bytes(Vec<u8>),
    /// A `Date`, in milliseconds since 1970.
    Date(f64),
    /// An array.
    Array(Vec<Plain>),
    /// Own enumerable string-keyed properties, in order; also a `Map` whose keys are strings.
    Object(Vec<(String, Plain)>),
    /// An error object.
    Error(Box<JsError>),
    /// What has no plain form (a function, a symbol, a cycle), as the inspector shows it.
    Other(String),
}

/// How deep plain values may nest.
const DEPTH: usize = 200;

impl Plain {
    /// The string, when it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, when it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The boolean, when it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The elements, when it is an array.
    pub fn as_array(&self) -> Option<&[Plain]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The property `key`, when it is an object that has one.
    pub fn get(&self, key: &str) -> Option<&Plain> {
        match self {
            Self::Object(entries) => entries
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The plain form of `value`. Getters are not run, and what has no plain form becomes [`Plain::Other`].
    pub fn from_value<'js>(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        read(cx, value, &mut Vec::new())
    }
}

fn read<'js>(
    cx: &mut Cx<'js>,
    value: &Value<'js>,
    open: &mut Vec<usize>,
) -> Result<Plain, Error<'js>> {
    Ok(match value.type_of() {
        Type::Undefined => Plain::Undefined,
        Type::Null => Plain::Null,
        Type::Boolean => Plain::Bool(value.as_bool().unwrap_or_default()),
        Type::Number => Plain::Number(value.as_number().unwrap_or(f64::NAN)),
        Type::BigInt => Plain::BigInt(value.bigint_text().unwrap_or_default()),
        Type::String => Plain::String(value.as_string().unwrap_or_default()),
        Type::Symbol | Type::Function => other(cx, value),
        Type::Object => {
            let Some(object) = value.as_object() else {
                return Ok(other(cx, value));
            };
            if open.contains(&object.identity()) || open.len() >= DEPTH {
                return Ok(other(cx, value));
            }
            open.push(object.identity());
            let plain = read_object(cx, value, &object, open);
            open.pop();
            plain?
        }
    })
}

fn read_object<'js>(
    cx: &mut Cx<'js>,
    value: &Value<'js>,
    object: &Object<'js>,
    open: &mut Vec<usize>,
) -> Result<Plain, Error<'js>> {
    Ok(match object.kind() {
        Kind::Array => {
            let len = data(cx, object, "length")?
                .and_then(|len| len.as_number())
                .unwrap_or(0.0) as u32;
            let mut items = Vec::new();
            for index in 0..len {
                let item = object
                    .own_property(cx, Key::Index(index))?
                    .and_then(|property| property.value);
                items.push(item.map_or(Ok(Plain::Undefined), |item| read(cx, &item, open))?);
            }
            Plain::Array(items)
        }
        Kind::ArrayBuffer | Kind::TypedArray | Kind::DataView => {
            let view = value.view(cx)?;
            Plain::Bytes(view.bytes(cx).to_vec())
        }
        Kind::Date => Plain::Date(object.date_millis(cx).unwrap_or(f64::NAN)),
        Kind::Error => Plain::Error(Box::new(JsError::from_value(cx, value))),
        Kind::Map => {
            let mut entries = Vec::new();
            for (key, value) in object.map_entries().unwrap_or_default() {
                let Some(key) = key.as_string() else {
                    return Ok(other(cx, &object.to_value()));
                };
                entries.push((key, read(cx, &value, open)?));
            }
            Plain::Object(entries)
        }
        Kind::Set => {
            let values = object.set_values().unwrap_or_default();
            Plain::Array(
                values
                    .iter()
                    .map(|value| read(cx, value, open))
                    .collect::<Result<_, _>>()?,
            )
        }
        Kind::BoxedPrimitive => match object.boxed_primitive() {
            Some(primitive) => read(cx, &primitive, open)?,
            None => other(cx, value),
        },
        Kind::Plain | Kind::Host => {
            let mut entries = Vec::new();
            for key in object.own_keys(cx)? {
                let Some(name) = key.as_string() else {
                    continue;
                };
                match object.own_property(cx, &key)? {
                    Some(Property {
                        value: Some(value),
                        enumerable: true,
                        ..
                    }) => {
                        entries.push((name, read(cx, &value, open)?));
                    }
                    _ => continue,
                }
            }
            Plain::Object(entries)
        }
        _ => other(cx, value),
    })
}

fn other<'js>(cx: &mut Cx<'js>, value: &Value<'js>) -> Plain {
    Plain::Other(inspect::inspect(cx, value, &inspect::Options::default()))
}

/// The value of an own data property.
fn data<'js>(
    cx: &mut Cx<'js>,
    object: &Object<'js>,
    key: &str,
) -> Result<Option<Value<'js>>, Error<'js>> {
    Ok(object
        .own_property(cx, key)?
        .and_then(|property| property.value))
}

impl<'js> FromJs<'js> for Plain {
    const OPTIONAL: bool = true;

    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        Self::from_value(cx, value)
    }
}

impl<'js> IntoJs<'js> for Plain {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        Ok(match self {
            Self::Undefined | Self::Other(_) => Value::undefined(),
            Self::Null => Value::null(),
            Self::Bool(value) => Value::bool(value),
            Self::Number(number) => Value::number(number),
            Self::BigInt(digits) => match Value::bigint_from_text(cx, &digits) {
                Some(value) => value,
                None => {
                    return Err(Error::type_error(format!(
                        "`{digits}` is not the digits of a bigint"
                    )));
                }
            },
            Self::String(text) => Value::string(cx, &text),
            Self::Bytes(bytes) => Object::uint8_array(cx, &bytes)?.to_value(),
            Self::Date(millis) => Object::date(cx, millis).to_value(),
            Self::Array(items) => {
                let items = items
                    .into_iter()
                    .map(|item| item.into_js(cx))
                    .collect::<Result<Vec<_>, _>>()?;
                Object::array(cx, items).to_value()
            }
            Self::Object(entries) => {
                let object = Object::new(cx);
                for (key, value) in entries {
                    let value = value.into_js(cx)?;
                    object.define(cx, Key::Name(&key), Property::plain(value))?;
                }
                object.to_value()
            }
            Self::Error(error) => error.into_value(cx),
        })
    }
}

impl<Way> TsType<Way> for Plain {
    const TS: Ts = Ts::Name("unknown");
}

impl From<f64> for Plain {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Plain {
    fn from(number: i32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<bool> for Plain {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Plain {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Plain {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Vec<u8>> for Plain {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<Vec<Plain>> for Plain {
    fn from(items: Vec<Plain>) -> Self {
        Self::Array(items)
    }
}

impl From<()> for Plain {
    fn from((): ()) -> Self {
        Self::Undefined
    }
}
