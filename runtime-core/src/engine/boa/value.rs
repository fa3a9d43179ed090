//! JavaScript values: making them, reading them, telling them apart.

use std::fmt;

use boa_engine::bigint::RawBigInt;
use boa_engine::value::JsVariant;
use boa_engine::{JsBigInt, JsString, JsValue};

use super::cx::Cx;
use super::error::thrown;
use super::function::Function;
use super::object::Object;
use crate::engine::{Brand, Error, Type};

/// Any JavaScript value, kept alive by this handle.
#[derive(Clone)]
pub struct Value<'js> {
    pub(super) raw: JsValue,
    brand: Brand<'js>,
}

impl<'js> Value<'js> {
    pub(super) fn wrap(raw: JsValue) -> Self {
        Self {
            raw,
            brand: Brand::default(),
        }
    }

    /// `undefined`
    pub fn undefined() -> Self {
        Self::wrap(JsValue::undefined())
    }

    /// `null`
    pub fn null() -> Self {
        Self::wrap(JsValue::null())
    }

    /// A boolean.
    pub fn bool(value: bool) -> Self {
        Self::wrap(JsValue::from(value))
    }

    /// A number.
    #[inline]
    pub fn number(value: f64) -> Self {
        Self::wrap(JsValue::rational(value))
    }

    /// A number that is a small integer, which engines keep apart for speed.
    #[inline]
    pub fn int(value: i32) -> Self {
        Self::wrap(JsValue::from(value))
    }

    /// A string.
    pub fn string(_cx: &mut Cx<'js>, text: &str) -> Self {
        Self::wrap(JsString::from(text).into())
    }

    /// A string from UTF-16 code units, lone surrogates and all.
    pub fn string_utf16(_cx: &mut Cx<'js>, units: &[u16]) -> Self {
        Self::wrap(JsString::from(units).into())
    }

    /// A `BigInt`.
    pub fn bigint(_cx: &mut Cx<'js>, value: i128) -> Self {
        Self::wrap(JsBigInt::from(RawBigInt::from(value)).into())
    }

    /// A `BigInt` of any size from its decimal digits; none when they are not digits.
    pub fn bigint_from_text(_cx: &mut Cx<'js>, digits: &str) -> Option<Self> {
        Some(Self::wrap(
            JsBigInt::from(digits.parse::<RawBigInt>().ok()?).into(),
        ))
    }

    /// What it is.
    pub fn type_of(&self) -> Type {
        match self.raw.variant() {
            JsVariant::Undefined => Type::Undefined,
            JsVariant::Null => Type::Null,
            JsVariant::Boolean(_) => Type::Boolean,
            JsVariant::Integer32(_) | JsVariant::Float64(_) => Type::Number,
            JsVariant::BigInt(_) => Type::BigInt,
            JsVariant::String(_) => Type::String,
            JsVariant::Symbol(_) => Type::Symbol,
            JsVariant::Object(object) if object.is_callable() => Type::Function,
            JsVariant::Object(_) => Type::Object,
        }
    }

    /// Whether it is `undefined`.
    pub fn is_undefined(&self) -> bool {
        self.raw.is_undefined()
    }

    /// Whether it is `undefined` or `null`.
    pub fn is_nullish(&self) -> bool {
        self.raw.is_null_or_undefined()
    }

    /// The boolean, when it is one.
    pub fn as_bool(&self) -> Option<bool> {
        self.raw.as_boolean()
    }

    /// The number, when it is one.
    pub fn as_number(&self) -> Option<f64> {
        self.raw.as_number()
    }

    /// The string, when it is one. A lone surrogate becomes U+FFFD.
    pub fn as_string(&self) -> Option<String> {
        text(&self.raw)
    }

    /// How many UTF-16 code units the string has, when it is one. Nothing is copied.
    pub fn units(&self) -> Option<usize> {
        self.raw.as_string().map(|string| string.len())
    }

    /// The string's UTF-16 code units, when it is one.
    pub fn as_utf16(&self) -> Option<Vec<u16>> {
        self.raw.as_string().map(|string| string.to_vec())
    }

    /// A symbol as it shows itself, when it is one: `Symbol(tag)`.
    pub fn symbol_text(&self) -> Option<String> {
        // Its bare description would be inlined here, and with it a second copy of all strings that the engine knows: 155 KB.
        let symbol = self.raw.as_symbol()?;
        Some(symbol.descriptive_string().to_std_string_lossy())
    }

    /// The `BigInt`, when it is one and fits.
    pub fn as_i128(&self) -> Option<i128> {
        i128::try_from(self.raw.as_bigint()?.as_inner()).ok()
    }

    /// The decimal digits of a `BigInt` of any size, when it is one.
    pub fn bigint_text(&self) -> Option<String> {
        self.raw.as_bigint().map(|big| big.to_string())
    }

    /// The object, when it is one (functions are).
    pub fn as_object(&self) -> Option<Object<'js>> {
        self.raw.as_object().map(Object::wrap)
    }

    /// The function, when it is one.
    pub fn as_function(&self) -> Option<Function<'js>> {
        self.raw
            .as_callable()
            .map(|object| Function::from_object(Object::wrap(object)))
    }

    /// `String(value)`, which may run JavaScript.
    pub fn to_text(&self, cx: &mut Cx<'js>) -> Result<String, Error<'js>> {
        match self.raw.to_string(cx.context) {
            Ok(string) => Ok(string.to_std_string_lossy()),
            Err(error) => Err(thrown(cx, error)),
        }
    }

    /// `Number(value)`, which may run JavaScript.
    pub fn to_number(&self, cx: &mut Cx<'js>) -> Result<f64, Error<'js>> {
        self.raw
            .to_number(cx.context)
            .map_err(|error| thrown(cx, error))
    }

    /// `Boolean(value)`.
    pub fn to_boolean(&self) -> bool {
        self.raw.to_boolean()
    }

    /// `a === b`.
    pub fn strict_eq(&self, other: &Self) -> bool {
        self.raw.strict_equals(&other.raw)
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({:?})", self.type_of())
    }
}

/// A string's text; ASCII, by far the most common, is copied without decoding.
pub(super) fn text(raw: &JsValue) -> Option<String> {
    let string = raw.as_string()?;
    let units = string.as_str();
    if let Some(latin1) = units.as_latin1()
        && let Ok(ascii) = std::str::from_utf8(latin1)
        && ascii.is_ascii()
    {
        return Some(ascii.to_owned());
    }
    Some(string.to_std_string_lossy())
}
