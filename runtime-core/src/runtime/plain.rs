//! Plain values: what crosses between a runtime's thread and the rest of a program.
//!
//! The boundary: copies, within the budget of a crossing, and no getter runs.

use crate::convert::{FromJs, IntoJs, Level};
use crate::engine::{Args, Cx, Error, Key, Kind, Object, Property, Type, Value};
use crate::error::{JsError, Mismatch};
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
    /// What has no plain form (a function, a symbol, an object within itself), as the inspector shows it.
    Other(String),
}

impl Plain {
    /// How deep plain values may nest: on each side of a host's boundary, too.
    pub const DEPTH: usize = 200;

    /// How many parts values that cross together may have; an object counts each time that it is reached.
    pub const PARTS: usize = crate::convert::PARTS;

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

    /// The plain form of `value`. Getters are not run, and what has no plain form becomes [`Plain::Other`]. A value that nests
    /// more than 200 deep, or has more parts or bytes than may cross at once, is a `RangeError`; an object counts each time
    /// that it is reached.
    pub fn from_value<'js>(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        Reading::begin(cx)?.value(cx, value)
    }

    /// The plain forms of all arguments of a call, which cross together.
    pub fn from_args<'js>(cx: &mut Cx<'js>, args: &Args<'_, 'js>) -> Result<Vec<Self>, Error<'js>> {
        let mut reading = Reading::begin(cx)?;
        (0..args.len())
            .map(|at| reading.value(cx, &args.get(at)))
            .collect()
    }
}

/// A value on its way out of a runtime.
struct Reading {
    level: Level,
    /// The objects around the part that is read now.
    open: Vec<usize>,
}

impl Reading {
    fn begin<'js>(cx: &mut Cx<'js>) -> Result<Self, Error<'js>> {
        Ok(Self {
            level: Level::open(cx)?,
            open: Vec::new(),
        })
    }

    fn value<'js>(&mut self, cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Plain, Error<'js>> {
        self.level.take(cx, 1, size_of::<Plain>())?;
        match value.type_of() {
            Type::Object => self.within(cx, value),
            kind => self.primitive(cx, value, kind),
        }
    }

    fn primitive<'js>(
        &mut self,
        cx: &mut Cx<'js>,
        value: &Value<'js>,
        kind: Type,
    ) -> Result<Plain, Error<'js>> {
        Ok(match kind {
            Type::Undefined => Plain::Undefined,
            Type::Null => Plain::Null,
            Type::Boolean => Plain::Bool(value.as_bool().unwrap_or_default()),
            Type::Number => Plain::Number(value.as_number().unwrap_or(f64::NAN)),
            Type::BigInt => {
                let digits = value.bigint_text().unwrap_or_default();
                // To find the digits of a long one takes far longer than to copy them.
                self.level.work(cx, digits.len())?;
                Plain::BigInt(self.text(cx, digits)?)
            }
            Type::String => Plain::String(self.text(cx, value.as_string().unwrap_or_default())?),
            Type::Symbol | Type::Function | Type::Object => self.other(cx, value)?,
        })
    }

    fn within<'js>(&mut self, cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Plain, Error<'js>> {
        let object = value.as_object();
        let object = object.filter(|object| !self.open.contains(&object.identity()));
        let Some(object) = object else {
            return self.other(cx, value);
        };
        if self.open.len() >= Plain::DEPTH {
            return Err(too_deep());
        }
        self.open.push(object.identity());
        let plain = self.object(cx, value, &object);
        self.open.pop();
        plain
    }

    /// The parts that hold others have functions of their own: what stands on the stack at each level is little.
    fn object<'js>(
        &mut self,
        cx: &mut Cx<'js>,
        value: &Value<'js>,
        object: &Object<'js>,
    ) -> Result<Plain, Error<'js>> {
        match object.kind() {
            Kind::Array => self.array(cx, object),
            Kind::Map => self.map(cx, object),
            Kind::Set => self.set(cx, object),
            Kind::Plain | Kind::Host => self.properties(cx, object),
            kind => self.leaf(cx, value, object, kind),
        }
    }

    fn leaf<'js>(
        &mut self,
        cx: &mut Cx<'js>,
        value: &Value<'js>,
        object: &Object<'js>,
        kind: Kind,
    ) -> Result<Plain, Error<'js>> {
        Ok(match kind {
            Kind::ArrayBuffer | Kind::TypedArray | Kind::DataView => {
                let view = value.view(cx)?;
                let len = view.bytes(cx).len();
                self.level.take(cx, 0, len)?;
                Plain::Bytes(view.bytes(cx).to_vec())
            }
            Kind::Date => Plain::Date(object.date_millis(cx).unwrap_or(f64::NAN)),
            Kind::Error => {
                let error = JsError::from_value(cx, value);
                self.level.take(cx, 0, error.weight())?;
                Plain::Error(Box::new(error))
            }
            Kind::BoxedPrimitive => match object.boxed_primitive() {
                Some(primitive) => self.value(cx, &primitive)?,
                None => self.other(cx, value)?,
            },
            _ => self.other(cx, value)?,
        })
    }

    fn array<'js>(&mut self, cx: &mut Cx<'js>, object: &Object<'js>) -> Result<Plain, Error<'js>> {
        let len = data(cx, object, "length")?.and_then(|len| len.as_number());
        let len = len.unwrap_or(0.0) as u32;
        self.level.expect(len as usize)?;
        let mut items = Vec::new();
        for index in 0..len {
            let item = object.own_property(cx, Key::Index(index))?;
            let item = item.and_then(|property| property.value);
            items.push(self.value(cx, &item.unwrap_or_else(Value::undefined))?);
        }
        Ok(Plain::Array(items))
    }

    fn map<'js>(&mut self, cx: &mut Cx<'js>, object: &Object<'js>) -> Result<Plain, Error<'js>> {
        let found = object.map_entries().ok_or_else(too_deep)?;
        self.level.work(cx, found.len())?;
        let mut entries = Vec::new();
        for (key, value) in found {
            let Some(key) = key.as_string() else {
                return self.other(cx, &object.to_value());
            };
            entries.push((self.text(cx, key)?, self.value(cx, &value)?));
        }
        Ok(Plain::Object(entries))
    }

    fn set<'js>(&mut self, cx: &mut Cx<'js>, object: &Object<'js>) -> Result<Plain, Error<'js>> {
        let found = object.set_values().ok_or_else(too_deep)?;
        self.level.work(cx, found.len())?;
        let mut items = Vec::new();
        for value in found {
            items.push(self.value(cx, &value)?);
        }
        Ok(Plain::Array(items))
    }

    fn properties<'js>(
        &mut self,
        cx: &mut Cx<'js>,
        object: &Object<'js>,
    ) -> Result<Plain, Error<'js>> {
        let keys = object.own_keys(cx)?;
        self.level.work(cx, keys.len())?;
        let mut entries = Vec::new();
        for key in keys {
            let Some(name) = key.as_string() else {
                continue;
            };
            let property = object.own_property(cx, &key)?;
            let property = property.filter(|property| property.enumerable);
            if let Some(value) = property.and_then(|property| property.value) {
                entries.push((self.text(cx, name)?, self.value(cx, &value)?));
            }
        }
        Ok(Plain::Object(entries))
    }

    fn text<'js>(&self, cx: &mut Cx<'js>, text: String) -> Result<String, Error<'js>> {
        self.level.take(cx, 0, text.len())?;
        Ok(text)
    }

    /// What has no plain form, as it is shown. Showing it may take as long as many parts do.
    fn other<'js>(&self, cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Plain, Error<'js>> {
        let shown = inspect::inspect(cx, value, &inspect::Options::default());
        self.level.work(cx, shown.len())?;
        Ok(Plain::Other(self.text(cx, shown)?))
    }
}

/// A value on its way into a runtime.
struct Writing {
    level: Level,
    depth: usize,
}

impl Writing {
    fn value<'js>(&mut self, cx: &mut Cx<'js>, plain: Plain) -> Result<Value<'js>, Error<'js>> {
        self.level.take(cx, 1, 0)?;
        Ok(match plain {
            Plain::Undefined | Plain::Other(_) => Value::undefined(),
            Plain::Null => Value::null(),
            Plain::Bool(value) => Value::bool(value),
            Plain::Number(number) => Value::number(number),
            Plain::BigInt(digits) => {
                self.level.work(cx, digits.len())?;
                let Some(value) = Value::bigint_from_text(cx, &digits) else {
                    return Err(Error::type_error(format!(
                        "`{digits}` is not the digits of a bigint"
                    )));
                };
                value
            }
            Plain::String(text) => text.into_js(cx)?,
            Plain::Bytes(bytes) => bytes.into_js(cx)?,
            Plain::Date(millis) => Object::date(cx, millis).to_value(),
            Plain::Array(items) => {
                self.enter()?;
                let items = items.into_iter().map(|item| self.value(cx, item));
                let items = items.collect::<Result<Vec<_>, _>>()?;
                self.depth -= 1;
                Object::array(cx, items).to_value()
            }
            Plain::Object(entries) => {
                self.enter()?;
                let object = Object::new(cx);
                for (key, value) in entries {
                    self.level.take(cx, 0, key.len())?;
                    let value = self.value(cx, value)?;
                    object.define(cx, Key::Name(&key), Property::plain(value))?;
                }
                self.depth -= 1;
                object.to_value()
            }
            Plain::Error(error) => {
                self.level.take(cx, 0, error.weight())?;
                error.into_value(cx)
            }
        })
    }

    fn enter<'js>(&mut self) -> Result<(), Error<'js>> {
        if self.depth >= Plain::DEPTH {
            return Err(too_deep());
        }
        self.depth += 1;
        Ok(())
    }
}

#[cold]
fn too_deep<'js>() -> Error<'js> {
    let want = format!("nested at most {} levels deep", Plain::DEPTH);
    Mismatch::of_whole(want, "one that nests deeper").into()
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
        let level = Level::open(cx)?;
        Writing { level, depth: 0 }.value(cx, self)
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
