//! What stands around or beside other values: absence, rest arguments, dates, errors, and the engine's own handles.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::collections::make_room;
use super::{FromJs, IntoJs, Level, mismatch, object, within};
use crate::engine::{Args, Cx, Error, Function, Object, Value};
use crate::error::{JsError, Mismatch};
use crate::ts::{Ts, TsType};

/// All remaining arguments; the last parameter only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rest<T>(pub Vec<T>);

impl<Way, T: TsType<Way>> TsType<Way> for Rest<T> {
    const TS: Ts = Ts::Array(&T::TS);
}

impl<'js, T: FromJs<'js>> FromJs<'js> for Rest<T> {
    const OPTIONAL: bool = true;
    const REST: bool = true;

    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        super::collections::sequence(cx, value).map(Self)
    }

    fn from_arg(cx: &mut Cx<'js>, args: &Args<'_, 'js>, index: usize) -> Result<Self, Error<'js>> {
        let count = args.len().saturating_sub(index);
        let level = Level::open(cx)?;
        level.take(cx, count, count.saturating_mul(size_of::<T>()))?;
        let mut rest = Vec::new();
        make_room(cx, &mut rest, count)?;
        for at in index..args.len() {
            level.work(cx, 1)?;
            let item = T::from_arg(cx, args, at);
            rest.push(item.map_err(|error| within(error, &format!("[{}]", at - index)))?);
        }
        Ok(Self(rest))
    }
}

impl<T> IntoIterator for Rest<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<T> std::ops::Deref for Rest<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

/// `undefined` and `null` are both `None`; `None` is `undefined`.
impl<Way, T: TsType<Way>> TsType<Way> for Option<T> {
    const TS: Ts = Ts::Optional(&T::TS);
}

impl<'js, T: FromJs<'js>> FromJs<'js> for Option<T> {
    const OPTIONAL: bool = true;

    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        if value.is_nullish() {
            return Ok(None);
        }
        T::from_js(cx, value).map(Some)
    }

    #[inline]
    fn from_arg(cx: &mut Cx<'js>, args: &Args<'_, 'js>, index: usize) -> Result<Self, Error<'js>> {
        if args.is_absent(index) || args.get(index).is_nullish() {
            return Ok(None);
        }
        T::from_arg(cx, args, index).map(Some)
    }
}

impl<'js, T: IntoJs<'js>> IntoJs<'js> for Option<T> {
    #[inline]
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        match self {
            Some(value) => value.into_js(cx),
            None => Ok(Value::undefined()),
        }
    }
}

impl<Way> TsType<Way> for () {
    const TS: Ts = Ts::Name("void");
}

impl<'js> FromJs<'js> for () {
    fn from_js(_cx: &mut Cx<'js>, _value: &Value<'js>) -> Result<Self, Error<'js>> {
        // What a callback returns that is asked for nothing: anything will do, as in TypeScript.
        Ok(())
    }
}

impl<'js> IntoJs<'js> for () {
    #[inline]
    fn into_js(self, _cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        Ok(Value::undefined())
    }
}

/// The error is thrown, so only the value has a type.
impl<Way, T: TsType<Way>, E> TsType<Way> for Result<T, E> {
    const TS: Ts = T::TS;
}

/// A `Box` is not seen from JavaScript. It lets a derived type contain itself.
impl<Way, T: TsType<Way>> TsType<Way> for Box<T> {
    const TS: Ts = T::TS;
}

impl<'js, T: FromJs<'js>> FromJs<'js> for Box<T> {
    const OPTIONAL: bool = T::OPTIONAL;

    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        cx.hold(size_of::<T>())?;
        cx.convert(value).map(Self::new)
    }
}

impl<'js, T: IntoJs<'js>> IntoJs<'js> for Box<T> {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        let _level = Level::open(cx)?;
        (*self).into_js(cx)
    }
}

/// The engine's own handles cross as they are.
macro_rules! handles {
    ($($ty:ident $ts:literal: $from:expr, $into:expr;)*) => {$(
        impl<Way> TsType<Way> for $ty<'_> {
            const TS: Ts = Ts::Name($ts);
        }

        impl<'js> FromJs<'js> for $ty<'js> {
            fn from_js(_cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
                let from: fn(&Value<'js>) -> Result<Self, Error<'js>> = $from;
                from(value)
            }
        }

        impl<'js> IntoJs<'js> for $ty<'js> {
            fn into_js(self, _cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
                let into: fn(Self) -> Value<'js> = $into;
                Ok(into(self))
            }
        }
    )*};
}

handles! {
    Value "unknown": |value| Ok(value.clone()), |value| value;
    Object "object": object, |object| object.to_value();
    Function "Function": function, |function| function.to_value();
}

fn function<'js>(value: &Value<'js>) -> Result<Function<'js>, Error<'js>> {
    value
        .as_function()
        .ok_or_else(|| mismatch("a function", value))
}

impl<Way> TsType<Way> for JsError {
    const TS: Ts = Ts::Name("Error");
}

impl<'js> IntoJs<'js> for JsError {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        Ok(self.into_value(cx))
    }
}

impl<Way> TsType<Way> for SystemTime {
    const TS: Ts = Ts::Name("Date");
}

impl<'js> FromJs<'js> for SystemTime {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let Some(millis) = value.as_object().and_then(|object| object.date_millis(cx)) else {
            return Err(mismatch("a Date", value));
        };
        let distance = Duration::try_from_secs_f64(millis.abs() / 1e3).ok();
        let time = distance.and_then(|distance| match millis < 0.0 {
            true => UNIX_EPOCH.checked_sub(distance),
            false => UNIX_EPOCH.checked_add(distance),
        });
        time.ok_or_else(|| Mismatch::out_of_range("a valid Date", "an invalid one").into())
    }
}

impl<'js> IntoJs<'js> for SystemTime {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        let millis = match self.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_secs_f64() * 1e3,
            Err(before) => -before.duration().as_secs_f64() * 1e3,
        };
        Ok(Object::date(cx, millis.trunc()).to_value())
    }
}
