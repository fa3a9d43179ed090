//! Bytes: `u8` as a number, and sequences of it as the bytes of an `ArrayBuffer` or a view of one.
//!
//! `Vec<u8>` is a copy of the bytes, taken before the native function runs; `&[u8]` in a native function's signature
//! borrows them instead. Each becomes a fresh `Uint8Array`; [`ArrayBuffer`] becomes an `ArrayBuffer`.

use super::budget::take_bytes;
use super::numbers::{from_integer, integer, integer_arg};
use super::{FromJs, IntoJs};
use crate::engine::{Args, Cx, Error, Object, Value};
use crate::ts::{In, Out, Ts, TsType};

/// What bytes are taken from.
const ANY_BYTES: Ts = Ts::Union(&[Ts::Name("ArrayBuffer"), Ts::Name("ArrayBufferView")]);

/// Bytes that cross as an `ArrayBuffer`. What is taken may be a view too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ArrayBuffer(pub Vec<u8>);

impl TsType<In> for ArrayBuffer {
    const TS: Ts = ANY_BYTES;
}

impl TsType<Out> for ArrayBuffer {
    const TS: Ts = Ts::Name("ArrayBuffer");
}

impl<'js> FromJs<'js> for ArrayBuffer {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        u8::vec_from_js(cx, value).map(Self)
    }
}

impl<'js> IntoJs<'js> for ArrayBuffer {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        take_bytes(cx, self.0.len())?;
        Object::array_buffer(cx, &self.0).map(|buffer| buffer.to_value())
    }
}

impl TsType<In> for u8 {
    const TS: Ts = Ts::Name("number");
    const VEC: Ts = ANY_BYTES;
}

impl TsType<Out> for u8 {
    const TS: Ts = Ts::Name("number");
    const VEC: Ts = Ts::Name("Uint8Array");
}

impl<'js> FromJs<'js> for u8 {
    fn from_js(_cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        integer(value, 0, i64::from(Self::MAX)).map(|exact| exact as Self)
    }

    #[inline]
    fn from_arg(_: &mut Cx<'js>, args: &Args<'_, 'js>, index: usize) -> Result<Self, Error<'js>> {
        integer_arg(args, index, 0, i64::from(Self::MAX)).map(|exact| exact as Self)
    }

    fn vec_from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Vec<Self>, Error<'js>> {
        let view = value.view(cx)?;
        let len = view.bytes(cx).len();
        take_bytes(cx, len)?;
        cx.hold(len)?;
        Ok(view.bytes(cx).to_vec())
    }
}

impl<'js> IntoJs<'js> for u8 {
    #[inline]
    fn into_js(self, _cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        Ok(from_integer(i128::from(self)))
    }

    fn vec_into_js(items: Vec<Self>, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        take_bytes(cx, items.len())?;
        Object::uint8_array(cx, &items).map(|array| array.to_value())
    }
}
