//! The types of Web IDL, as parameters of what the web's standards define.
//!
//! The web coerces where `convert` refuses: anything becomes a string, and `undefined` is an absent argument while `null` is
//! not. The boundary: one type for each conversion of Web IDL that modules use; a module puts them into its signatures.

use crate::convert::{FromJs, IntoJs, mismatch};
use crate::engine::{Args, Cx, Error, Kind, Object, Value};
use crate::error::Mismatch;
use crate::ts::{In, Ts, TsType};

/// `USVString`: what `String(value)` gives, with U+FFFD for each lone surrogate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsvString(pub String);

impl<Way> TsType<Way> for UsvString {
    const TS: Ts = Ts::Name("string");
}

impl<'js> FromJs<'js> for UsvString {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        if let Some(units) = value.units() {
            cx.hold(units)?;
            let text = value.as_string().unwrap_or_default();
            // A code unit is up to three bytes.
            cx.hold(text.len().saturating_sub(units))?;
            return Ok(Self(text));
        }
        let text = value.to_text(cx)?;
        cx.hold(text.len())?;
        Ok(Self(text))
    }
}

/// `optional T`: absent and `undefined` are no value, and `null` is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Optional<T>(pub Option<T>);

impl<Way, T: TsType<Way>> TsType<Way> for Optional<T> {
    const TS: Ts = T::TS;
}

impl<'js, T: FromJs<'js>> FromJs<'js> for Optional<T> {
    const OPTIONAL: bool = true;

    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        match value.is_undefined() {
            true => Ok(Self(None)),
            false => T::from_js(cx, value).map(|value| Self(Some(value))),
        }
    }
}

/// `T?` as a result: nothing is `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nullable<T>(pub Option<T>);

impl<Way, T: TsType<Way>> TsType<Way> for Nullable<T> {
    const TS: Ts = Ts::Union(&[T::TS, Ts::Name("null")]);
}

impl<'js, T: IntoJs<'js>> IntoJs<'js> for Nullable<T> {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        match self.0 {
            Some(value) => value.into_js(cx),
            None => Ok(Value::null()),
        }
    }
}

/// An argument of an operation that requires `N`: a call with fewer is a `TypeError` before any is converted, though each of
/// them may be `undefined`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Required<T, const N: usize = 1>(pub T);

impl<Way, T: TsType<Way>, const N: usize> TsType<Way> for Required<T, N> {
    const TS: Ts = T::TS;
}

impl<'js, T: FromJs<'js>, const N: usize> FromJs<'js> for Required<T, N> {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        T::from_js(cx, value).map(Self)
    }

    fn from_arg(cx: &mut Cx<'js>, args: &Args<'_, 'js>, index: usize) -> Result<Self, Error<'js>> {
        let given = args.len();
        if given < N {
            let plural = if N == 1 { "" } else { "s" };
            let got = match given {
                0 => "none".to_owned(),
                _ => format!("{given} only"),
            };
            return Err(Mismatch::new(format!("one of {N} argument{plural}"), got).into());
        }
        T::from_arg(cx, args, index).map(Self)
    }
}

/// A dictionary: an object whose members are looked up, or nothing at all.
#[derive(Clone, Debug, Default)]
pub struct Dictionary<'js>(Option<Object<'js>>);

impl TsType<In> for Dictionary<'_> {
    const TS: Ts = Ts::Name("object");
}

impl<'js> FromJs<'js> for Dictionary<'js> {
    const OPTIONAL: bool = true;

    fn from_js(_cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        if value.is_nullish() {
            return Ok(Self(None));
        }
        match value.as_object() {
            Some(object) => Ok(Self(Some(object))),
            None => Err(mismatch("an object", value)),
        }
    }
}

impl<'js> Dictionary<'js> {
    /// A member, when it is not `undefined`. Web IDL looks members up in the order of their names.
    pub fn member(&self, cx: &mut Cx<'js>, name: &str) -> Result<Option<Value<'js>>, Error<'js>> {
        let Some(object) = &self.0 else {
            return Ok(None);
        };
        let value = object.get(cx, name)?;
        Ok((!value.is_undefined()).then_some(value))
    }

    /// A member of the type `boolean`, which is false by default.
    pub fn flag(&self, cx: &mut Cx<'js>, name: &str) -> Result<bool, Error<'js>> {
        Ok(self
            .member(cx, name)?
            .is_some_and(|value| value.to_boolean()))
    }
}

/// `AllowSharedBufferSource`: a buffer, shared or not, or a view of one.
#[derive(Clone, Debug, Default)]
pub struct BufferSource<'js>(Option<Value<'js>>);

impl TsType<In> for BufferSource<'_> {
    const TS: Ts = <Vec<u8> as TsType<In>>::TS;
}

impl<'js> FromJs<'js> for BufferSource<'js> {
    fn from_js(_cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let kind = value.as_object().map(|object| object.kind());
        match kind {
            Some(
                Kind::ArrayBuffer | Kind::SharedArrayBuffer | Kind::TypedArray | Kind::DataView,
            ) => Ok(Self(Some(value.clone()))),
            _ => Err(mismatch("an ArrayBuffer or a view of one", value)),
        }
    }
}

impl<'js> BufferSource<'js> {
    /// A copy of the bytes as they are now. What is detached or lies outside of a buffer that shrank has none, as has the
    /// default, which stands for an absent argument.
    pub fn copied(&self, cx: &mut Cx<'js>) -> Result<Vec<u8>, Error<'js>> {
        match &self.0 {
            Some(value) => Ok(value.copied_bytes(cx)?.unwrap_or_default()),
            None => Ok(Vec::new()),
        }
    }
}
