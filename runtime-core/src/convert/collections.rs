//! Sequences and records: `Vec`, arrays, tuples and maps.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use super::budget::too_deep;
use super::{FromJs, IntoJs, Level, mismatch, object, text, within};
use crate::engine::{Cx, Error, Key, Kind, Object, Property, Type, Value, WellKnown};
use crate::error::Mismatch;
use crate::ts::{Ts, TsType};

const SEQUENCE: &str = "an array";

/// How many items room is made for before any was read: a length is only a claim.
const FIRST_ROOM: usize = 1024;

impl<Way, T: TsType<Way>> TsType<Way> for Vec<T> {
    const TS: Ts = T::VEC;
}

impl<'js, T: FromJs<'js>> FromJs<'js> for Vec<T> {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        T::vec_from_js(cx, value)
    }
}

impl<'js, T: IntoJs<'js>> IntoJs<'js> for Vec<T> {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        T::vec_into_js(self, cx)
    }
}

impl<Way, T: TsType<Way>, const N: usize> TsType<Way> for [T; N] {
    const TS: Ts = T::VEC;
}

impl<'js, T: FromJs<'js>, const N: usize> FromJs<'js> for [T; N] {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        T::vec_from_js(cx, value)?
            .try_into()
            .map_err(|items: Vec<T>| {
                let got = items.len().to_string();
                Mismatch::out_of_range(format!("a sequence of {N} items"), got).into()
            })
    }
}

impl<'js, T: IntoJs<'js>, const N: usize> IntoJs<'js> for [T; N] {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        T::vec_into_js(self.into(), cx)
    }
}

/// Converts each item of an array, a typed array or, as the web's interfaces do, any other iterable object.
pub(super) fn sequence<'js, T: FromJs<'js>>(
    cx: &mut Cx<'js>,
    value: &Value<'js>,
) -> Result<Vec<T>, Error<'js>> {
    let Some(source) = value.as_object() else {
        return Err(mismatch(SEQUENCE, value));
    };
    let level = Level::open(cx)?;
    let len = match source.is_array() {
        true => Some(source.get(cx, "length")?.as_number().unwrap_or_default() as usize),
        false => source.typed_array_len(cx),
    };
    let Some(len) = len else {
        return iterable(cx, &level, &source, value);
    };
    // A length that is too much by itself is no reason to begin. The items of a typed array are no values of their own.
    let parts = if source.is_array() { len } else { 0 };
    level.take(cx, parts, len.saturating_mul(size_of::<T>()))?;
    let mut items = Vec::new();
    make_room(cx, &mut items, len.min(FIRST_ROOM))?;
    for index in 0..len {
        level.work(cx, 1)?;
        let item = source.get(cx, index as u32)?;
        let item = T::from_js(cx, &item).map_err(|error| within(error, &format!("[{index}]")))?;
        add(cx, &mut items, item)?;
    }
    Ok(items)
}

/// Adds `item` to a list, whose room is put on the account before it is taken.
pub(super) fn add<'js, T>(cx: &mut Cx<'js>, items: &mut Vec<T>, item: T) -> Result<(), Error<'js>> {
    if items.len() == items.capacity() {
        let more = items.len().max(4);
        make_room(cx, items, more)?;
    }
    items.push(item);
    Ok(())
}

/// Makes room for `more` items, on the account.
pub(super) fn make_room<'js, T>(
    cx: &mut Cx<'js>,
    items: &mut Vec<T>,
    more: usize,
) -> Result<(), Error<'js>> {
    cx.hold(more.saturating_mul(size_of::<T>()))?;
    items.reserve_exact(more);
    Ok(())
}

fn iterable<'js, T: FromJs<'js>>(
    cx: &mut Cx<'js>,
    level: &Level,
    source: &Object<'js>,
    value: &Value<'js>,
) -> Result<Vec<T>, Error<'js>> {
    let Some(start) = source.get(cx, WellKnown::Iterator)?.as_function() else {
        return Err(mismatch(SEQUENCE, value));
    };
    let iterator = object(&start.call(cx, value, &[])?)?;
    let next = iterator.get(cx, "next")?;
    let next = next
        .as_function()
        .ok_or_else(|| mismatch("a function", &next))
        .map_err(|error| within(error, ".next"))?;
    let mut items = Vec::new();
    loop {
        let step = object(&next.call(cx, &iterator.to_value(), &[])?)?;
        if step.get(cx, "done")?.to_boolean() {
            return Ok(items);
        }
        let item = step.get(cx, "value")?;
        let item = level
            .take(cx, 1, size_of::<T>())
            .and_then(|()| T::from_js(cx, &item));
        match item {
            Ok(item) => add(cx, &mut items, item)?,
            Err(error) => {
                // The iterator is told that nobody asks any more; what it says to that does not matter beside the error.
                if let Ok(end) = iterator.get(cx, "return")
                    && let Some(end) = end.as_function()
                {
                    let _ = end.call(cx, &iterator.to_value(), &[]);
                }
                return Err(within(error, &format!("[{}]", items.len())));
            }
        }
    }
}

/// An array of converted items.
pub(super) fn array<'js, T: IntoJs<'js>>(
    cx: &mut Cx<'js>,
    items: Vec<T>,
) -> Result<Value<'js>, Error<'js>> {
    let level = Level::open(cx)?;
    level.take(cx, items.len(), items.len().saturating_mul(size_of::<T>()))?;
    // The handles of all items are there at once.
    let _held = cx.charge(items.len().saturating_mul(size_of::<Value<'js>>()))?;
    let items: Vec<_> = items
        .into_iter()
        .map(|item| {
            level.work(cx, 1)?;
            item.into_js(cx)
        })
        .collect::<Result<_, _>>()?;
    Ok(Object::array(cx, items).to_value())
}

/// Tuples are arrays; items beyond those of the tuple are left unread.
macro_rules! tuples {
    ($($count:literal: $($ty:ident $index:tt),+;)*) => {$(
        impl<Way, $($ty: TsType<Way>),+> TsType<Way> for ($($ty,)+) {
            const TS: Ts = Ts::Tuple(&[$($ty::TS),+]);
        }

        impl<'js, $($ty: FromJs<'js>),+> FromJs<'js> for ($($ty,)+) {
            fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
                let want = concat!("an array of ", $count);
                let Some(source) = value.as_object().filter(Object::is_array) else {
                    return Err(mismatch(want, value));
                };
                let _level = Level::open(cx)?;
                Ok(($(
                    {
                        let item = source.get(cx, $index)?;
                        $ty::from_js(cx, &item).map_err(|error| within(error, concat!("[", $index, "]")))?
                    },
                )+))
            }
        }

        impl<'js, $($ty: IntoJs<'js>),+> IntoJs<'js> for ($($ty,)+) {
            fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
                let _level = Level::open(cx)?;
                let items = [$(self.$index.into_js(cx)?),+];
                Ok(Object::array(cx, items).to_value())
            }
        }
    )*};
}

tuples! {
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
}

/// Maps are plain objects; a `Map` whose keys are strings is taken too, and never silently as an object without entries.
macro_rules! maps {
    ($($map:ident<$($hasher:ident)?>)*) => {$(
        impl<Way, T: TsType<Way> $(, $hasher)?> TsType<Way> for $map<String, T $(, $hasher)?> {
            const TS: Ts = Ts::Record(&T::TS);
        }

        impl<'js, T: FromJs<'js> $(, $hasher: BuildHasher + Default)?> FromJs<'js> for $map<String, T $(, $hasher)?> {
            fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
                let mut map = Self::default();
                record(cx, value, |cx, key, item| {
                    cx.hold(ENTRY + size_of::<T>())?;
                    let item = T::from_js(cx, item).map_err(|error| within(error, &step(&key)))?;
                    map.insert(key, item);
                    Ok(())
                })?;
                Ok(map)
            }
        }

        impl<'js, T: IntoJs<'js> $(, $hasher)?> IntoJs<'js> for $map<String, T $(, $hasher)?> {
            fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
                let level = Level::open(cx)?;
                let object = Object::new(cx);
                for (key, item) in self {
                    level.take(cx, 1, key.len() + size_of::<T>())?;
                    let item = item.into_js(cx)?;
                    // Defined, not assigned: `__proto__` is a key like any other here.
                    object.define(cx, key.as_str(), Property::plain(item))?;
                }
                Ok(object.to_value())
            }
        }
    )*};
}

maps! { HashMap<S> BTreeMap<> }

/// What an entry of a map takes beside its value and the characters of its key.
const ENTRY: usize = 64;

/// Gives each own enumerable string key of an object, or each entry of a `Map`, to `take`.
fn record<'js>(
    cx: &mut Cx<'js>,
    value: &Value<'js>,
    mut take: impl FnMut(&mut Cx<'js>, String, &Value<'js>) -> Result<(), Error<'js>>,
) -> Result<(), Error<'js>> {
    let source = object(value)?;
    let level = Level::open(cx)?;
    if source.kind() == Kind::Map {
        let entries = source.map_entries().ok_or_else(too_deep)?;
        level.take(cx, entries.len(), 0)?;
        for (key, item) in entries {
            let Some(name) = text(cx, &key)? else {
                return Err(mismatch("a Map with strings for keys", &key));
            };
            level.take(cx, 0, name.len())?;
            level.work(cx, 1)?;
            take(cx, name, &item)?;
        }
        return Ok(());
    }
    if matches!(value.type_of(), Type::Function) || source.is_array() {
        return Err(mismatch("a plain object", value));
    }
    let keys = source.own_keys(cx)?;
    level.take(cx, keys.len(), 0)?;
    for key in keys {
        level.work(cx, 1)?;
        let Some(name) = text(cx, &key)? else {
            continue;
        };
        level.take(cx, 0, name.len())?;
        let enumerable = source.own_property(cx, Key::Of(&key))?;
        if enumerable.is_some_and(|property| property.enumerable) {
            let item = source.get(cx, Key::Of(&key))?;
            take(cx, name, &item)?;
        }
    }
    Ok(())
}

/// A key as a step of a path: `.name`, or `["two words"]`.
pub(crate) fn step(key: &str) -> String {
    let is_name = !key.is_empty()
        && !key.starts_with(|c: char| c.is_ascii_digit())
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '$');
    if is_name {
        format!(".{key}")
    } else {
        format!("[{key:?}]")
    }
}
