//! Booleans and numbers.
//!
//! An integer type takes a number that is exactly one of its values; anything else is a `RangeError`. The 64-bit
//! and wider types are `BigInt`s in JavaScript; they take a safe integer too, since nobody writes `100n` where
//! `100` says the same. `usize` and `isize` count things and are numbers.

use std::fmt::Display;

use super::{FromJs, IntoJs, mismatch, mismatched_arg};
use crate::engine::{Args, Cx, Error, Type, Value};
use crate::error::Mismatch;
use crate::ts::{In, Out, Ts, TsType};

/// `Number.MAX_SAFE_INTEGER`: up to it, every integer is a number of its own.
const MAX_SAFE: i64 = (1 << 53) - 1;

/// Up to how many digits of a `BigInt` an error shows.
const SHOWN_DIGITS: usize = 40;

impl<Way> TsType<Way> for bool {
    const TS: Ts = Ts::Name("boolean");
}

impl<'js> FromJs<'js> for bool {
    fn from_js(_cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        value.as_bool().ok_or_else(|| mismatch("a boolean", value))
    }

    #[inline]
    fn from_arg(_: &mut Cx<'js>, args: &Args<'_, 'js>, index: usize) -> Result<Self, Error<'js>> {
        match args.boolean(index) {
            Some(boolean) => Ok(boolean),
            None => Err(mismatched_arg("a boolean", args, index)),
        }
    }
}

impl<'js> IntoJs<'js> for bool {
    #[inline(always)]
    fn into_js(self, _cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        Ok(Value::bool(self))
    }
}

/// Types that are numbers as JavaScript has them.
macro_rules! floats {
    ($($ty:ident)*) => {$(
        impl<Way> TsType<Way> for $ty {
            const TS: Ts = Ts::Name("number");
        }

        impl<'js> FromJs<'js> for $ty {
            fn from_js(_cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
                match value.as_number() {
                    Some(number) => Ok(number as Self),
                    None => Err(mismatch("a number", value)),
                }
            }

            #[inline(always)]
            fn from_arg(_: &mut Cx<'js>, args: &Args<'_, 'js>, index: usize) -> Result<Self, Error<'js>> {
                match args.num(index) {
                    Some(number) => Ok(number as Self),
                    None => Err(mismatched_arg("a number", args, index)),
                }
            }
        }

        impl<'js> IntoJs<'js> for $ty {
            // Smaller than the call would be, which a build for size does not see.
            #[inline(always)]
            fn into_js(self, _cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
                Ok(Value::number(f64::from(self)))
            }
        }
    )*};
}

floats! { f64 f32 }

/// Integers that are numbers in JavaScript, with their least and greatest. `u8` stands in `bytes.rs`.
macro_rules! integers {
    ($($ty:ident: $min:expr, $max:expr;)*) => {$(
        impl<Way> TsType<Way> for $ty {
            const TS: Ts = Ts::Name("number");
        }

        impl<'js> FromJs<'js> for $ty {
            fn from_js(_cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
                integer(value, $min, $max).map(|exact| exact as Self)
            }

            #[inline]
            fn from_arg(_: &mut Cx<'js>, args: &Args<'_, 'js>, index: usize) -> Result<Self, Error<'js>> {
                integer_arg(args, index, $min, $max).map(|exact| exact as Self)
            }
        }

        impl<'js> IntoJs<'js> for $ty {
            #[inline]
            fn into_js(self, _cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
                Ok(from_integer(self as i128))
            }
        }
    )*};
}

integers! {
    i8: i8::MIN as i64, i8::MAX as i64;
    i16: i16::MIN as i64, i16::MAX as i64;
    u16: 0, u16::MAX as i64;
    i32: i32::MIN as i64, i32::MAX as i64;
    u32: 0, u32::MAX as i64;
    isize: -MAX_SAFE, MAX_SAFE;
    usize: 0, MAX_SAFE;
}

/// The integer from `min` to `max` that `value` must be.
pub(super) fn integer<'js>(value: &Value<'js>, min: i64, max: i64) -> Result<i64, Error<'js>> {
    match value.as_number() {
        Some(number) => exact(number, min, max),
        None => Err(mismatch("a number", value)),
    }
}

/// The integer from `min` to `max` that argument `index` must be.
#[inline]
pub(super) fn integer_arg<'js>(
    args: &Args<'_, 'js>,
    index: usize,
    min: i64,
    max: i64,
) -> Result<i64, Error<'js>> {
    match args.num(index) {
        Some(number) => exact(number, min, max),
        None => Err(mismatched_arg("a number", args, index)),
    }
}

/// The value of an integer; beyond the safe ones, the number nearest to it.
#[inline]
pub(super) fn from_integer<'js>(integer: i128) -> Value<'js> {
    match i32::try_from(integer) {
        Ok(small) => Value::int(small),
        Err(_) => Value::number(integer as f64),
    }
}

#[inline]
fn exact<'js>(number: f64, min: i64, max: i64) -> Result<i64, Error<'js>> {
    // Saturates, and NaN becomes 0: what does not come back the same was no integer, or none of i64.
    let integer = number as i64;
    if integer as f64 == number && min <= integer && integer <= max {
        Ok(integer)
    } else {
        Err(outside(number, min, max))
    }
}

#[cold]
fn outside<'js>(number: f64, min: i64, max: i64) -> Error<'js> {
    Mismatch::out_of_range(format!("an integer from {min} to {max}"), shown(number)).into()
}

/// A number as JavaScript writes it, near enough for a message.
fn shown(number: f64) -> String {
    match number {
        _ if number.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        _ if number.abs() >= 1e21 => format!("{number:e}"),
        _ => number.to_string(),
    }
}

/// Integers that are `BigInt`s in JavaScript.
macro_rules! bigints {
    ($($ty:ident)*) => {$(
        impl TsType<In> for $ty {
            const TS: Ts = Ts::Union(&[Ts::Name("bigint"), Ts::Name("number")]);
        }

        impl TsType<Out> for $ty {
            const TS: Ts = Ts::Name("bigint");
        }

        impl<'js> FromJs<'js> for $ty {
            fn from_js(_cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
                let wide = match value.as_number() {
                    Some(number) => Some(i128::from(safe_integer(number)?)),
                    None if value.type_of() == Type::BigInt => value.as_i128(),
                    None => return Err(mismatch("a bigint", value)),
                };
                wide.and_then(|wide| Self::try_from(wide).ok())
                    .ok_or_else(|| too_big(value, &Self::MIN, &Self::MAX))
            }
        }

        impl<'js> IntoJs<'js> for $ty {
            fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
                Ok(Value::bigint(cx, i128::from(self)))
            }
        }
    )*};
}

bigints! { i64 u64 i128 }

fn safe_integer<'js>(number: f64) -> Result<i64, Error<'js>> {
    let integer = number as i64;
    if integer as f64 == number && integer.abs() <= MAX_SAFE {
        Ok(integer)
    } else {
        Err(Mismatch::out_of_range("a bigint or a safe integer", shown(number)).into())
    }
}

#[cold]
fn too_big<'js>(value: &Value<'js>, min: &dyn Display, max: &dyn Display) -> Error<'js> {
    let got = match (value.bigint_text(), value.as_number()) {
        (Some(digits), _) if digits.len() <= SHOWN_DIGITS => digits,
        (Some(digits), _) => format!("one of {} digits", digits.trim_start_matches('-').len()),
        (None, number) => shown(number.unwrap_or_default()),
    };
    Mismatch::out_of_range(format!("an integer from {min} to {max}"), got).into()
}
