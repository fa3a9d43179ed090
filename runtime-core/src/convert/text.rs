//! Text. A Rust string is Unicode and a JavaScript string is any UTF-16, so a lone surrogate has no place in `String`:
//! there it becomes U+FFFD, on purpose and as the web's own interfaces do it. [`JsString`] keeps every code unit.

use std::borrow::Cow;
use std::fmt;

use super::budget::take_bytes;
use super::{FromJs, IntoJs, mismatch, mismatched_arg};
use crate::engine::{Args, Cx, Error, Value};
use crate::error::Mismatch;
use crate::ts::{Ts, TsType};

/// The text of a string, put on the account before it is copied; none of what is no string.
pub(crate) fn text<'js>(
    cx: &mut Cx<'js>,
    value: &Value<'js>,
) -> Result<Option<String>, Error<'js>> {
    let Some(units) = value.units() else {
        return Ok(None);
    };
    cx.hold(units)?;
    let text = value.as_string().unwrap_or_default();
    // A unit is up to three bytes.
    cx.hold(text.len().saturating_sub(units))?;
    Ok(Some(text))
}

/// A string as JavaScript has it: UTF-16 code units, lone surrogates kept.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct JsString {
    units: Vec<u16>,
}

impl JsString {
    /// The string of these code units.
    pub fn from_units(units: impl Into<Vec<u16>>) -> Self {
        Self {
            units: units.into(),
        }
    }

    /// Its code units.
    pub fn units(&self) -> &[u16] {
        &self.units
    }

    /// The text, when it has no lone surrogate.
    pub fn to_text(&self) -> Option<String> {
        String::from_utf16(&self.units).ok()
    }

    /// The text, with U+FFFD for each lone surrogate.
    pub fn to_text_lossy(&self) -> String {
        String::from_utf16_lossy(&self.units)
    }
}

impl From<&str> for JsString {
    fn from(text: &str) -> Self {
        Self::from_units(text.encode_utf16().collect::<Vec<_>>())
    }
}

impl fmt::Debug for JsString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Lone surrogates are shown by number, so that two different strings never look alike.
        f.write_str("\"")?;
        for unit in char::decode_utf16(self.units.iter().copied()) {
            match unit {
                Ok(character) => write!(f, "{}", character.escape_debug())?,
                Err(lone) => write!(f, "\\u{{{:x}}}", lone.unpaired_surrogate())?,
            }
        }
        f.write_str("\"")
    }
}

impl<Way> TsType<Way> for JsString {
    const TS: Ts = Ts::Name("string");
}

impl<'js> FromJs<'js> for JsString {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let Some(units) = value.units() else {
            return Err(mismatch("a string", value));
        };
        let bytes = units.saturating_mul(size_of::<u16>());
        take_bytes(cx, bytes)?;
        cx.hold(bytes)?;
        let units = value.as_utf16().unwrap_or_default();
        Ok(Self { units })
    }
}

impl<'js> IntoJs<'js> for JsString {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        take_bytes(cx, size_of_val(self.units.as_slice()))?;
        Ok(Value::string_utf16(cx, &self.units))
    }
}

impl<Way> TsType<Way> for String {
    const TS: Ts = Ts::Name("string");
}

impl<'js> FromJs<'js> for String {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let Some(text) = text(cx, value)? else {
            return Err(mismatch("a string", value));
        };
        take_bytes(cx, text.len())?;
        Ok(text)
    }

    #[inline]
    fn from_arg(cx: &mut Cx<'js>, args: &Args<'_, 'js>, index: usize) -> Result<Self, Error<'js>> {
        let text = match cx.account().limit() {
            Some(_) => text(cx, &args.get(index))?,
            None => args.text(index),
        };
        let Some(text) = text else {
            return Err(mismatched_arg("a string", args, index));
        };
        take_bytes(cx, text.len())?;
        Ok(text)
    }
}

impl<'js> IntoJs<'js> for String {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        self.as_str().into_js(cx)
    }
}

impl<Way> TsType<Way> for &str {
    const TS: Ts = Ts::Name("string");
}

impl<'js> IntoJs<'js> for &str {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        take_bytes(cx, self.len())?;
        Ok(Value::string(cx, self))
    }
}

impl<Way> TsType<Way> for Cow<'_, str> {
    const TS: Ts = Ts::Name("string");
}

impl<'js> FromJs<'js> for Cow<'_, str> {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        String::from_js(cx, value).map(Cow::Owned)
    }
}

impl<'js> IntoJs<'js> for Cow<'_, str> {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        (&*self).into_js(cx)
    }
}

impl<Way> TsType<Way> for char {
    const TS: Ts = Ts::Name("string");
}

impl<'js> FromJs<'js> for char {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let text = String::from_js(cx, value)?;
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => Ok(character),
            _ => {
                let got = format!("one of {}", text.chars().count());
                Err(Mismatch::out_of_range("a string of one character", got).into())
            }
        }
    }
}

impl<'js> IntoJs<'js> for char {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        Ok(Value::string(cx, self.encode_utf8(&mut [0; 4])))
    }
}
