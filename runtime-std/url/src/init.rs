//! What `new URLSearchParams` takes: a sequence of pairs, a record, or text. Told apart and converted as Web IDL does it.

use runtime_core::engine::WellKnown;
use runtime_core::prelude::*;
use runtime_core::ts::{In, Ts, TsType};
use runtime_core::webidl::UsvString;

use crate::form::{List, Pair};

/// The parameters that were given.
#[derive(Debug, Default)]
pub(crate) struct Init(pub(crate) List);

impl TsType<In> for Init {
    const TS: Ts = Ts::Name("Iterable<Iterable<string>> | Record<string, string> | string");
}

impl<'js> FromJs<'js> for Init {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let Some(object) = value.as_object() else {
            let UsvString(text) = UsvString::from_js(cx, value)?;
            let query = text.strip_prefix('?').unwrap_or(&text);
            cx.hold(query.len())?;
            return Ok(Self(List::parse(query)));
        };
        let pairs = match iterator_method(cx, &object)? {
            Some(start) => sequence(cx, &object, &start)?,
            None => record(cx, &object)?,
        };
        Ok(Self(pairs.into_iter().collect()))
    }
}

/// `object[Symbol.iterator]`; none when the object is not iterable.
fn iterator_method<'js>(
    cx: &mut Cx<'js>,
    object: &Object<'js>,
) -> Result<Option<Function<'js>>, Error<'js>> {
    let method = object.get(cx, WellKnown::Iterator)?;
    match method.as_function() {
        Some(method) => Ok(Some(method)),
        None if method.is_nullish() => Ok(None),
        None => Err(Error::type_error("`[Symbol.iterator]` is not a function")),
    }
}

/// The items of an iterable object, one by one.
fn each<'js>(
    cx: &mut Cx<'js>,
    object: &Object<'js>,
    start: &Function<'js>,
    mut take: impl FnMut(&mut Cx<'js>, Value<'js>) -> Result<(), Error<'js>>,
) -> Result<(), Error<'js>> {
    let not_object = || Error::type_error("an iterator gave something that is not an object");
    let iterator = start.call(cx, &object.to_value(), &[])?;
    let next = iterator
        .as_object()
        .ok_or_else(not_object)?
        .get(cx, "next")?;
    let next = next
        .as_function()
        .ok_or_else(|| Error::type_error("`next` of an iterator is not a function"))?;
    loop {
        let step = next.call(cx, &iterator, &[])?;
        let step = step.as_object().ok_or_else(not_object)?;
        if step.get(cx, "done")?.to_boolean() {
            return Ok(());
        }
        let item = step.get(cx, "value")?;
        take(cx, item)?;
    }
}

fn sequence<'js>(
    cx: &mut Cx<'js>,
    object: &Object<'js>,
    start: &Function<'js>,
) -> Result<Vec<Pair>, Error<'js>> {
    // All items are converted before the first is found to be no pair.
    let mut items: Vec<Vec<String>> = Vec::new();
    each(cx, object, start, |cx, item| {
        let not_iterable = || Error::type_error("a parameter must be a pair of a name and a value");
        let pair = item.as_object().ok_or_else(not_iterable)?;
        let start = iterator_method(cx, &pair)?.ok_or_else(not_iterable)?;
        let mut parts = Vec::new();
        each(cx, &pair, &start, |cx, part| {
            cx.hold(size_of::<String>())?;
            parts.push(UsvString::from_js(cx, &part)?.0);
            Ok(())
        })?;
        cx.hold(size_of::<Vec<String>>())?;
        items.push(parts);
        Ok(())
    })?;
    let pairs = items.into_iter().map(|parts| {
        <[String; 2]>::try_from(parts)
            .map(Pair::from)
            .map_err(|parts| {
                let count = parts.len();
                Error::type_error(format!(
                    "a parameter must be a pair of a name and a value, got {count} items"
                ))
            })
    });
    pairs.collect()
}

fn record<'js>(cx: &mut Cx<'js>, object: &Object<'js>) -> Result<Vec<Pair>, Error<'js>> {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for key in object.own_keys(cx)? {
        let property = object.own_property(cx, &key)?;
        if !property.is_some_and(|property| property.enumerable) {
            continue;
        }
        let UsvString(name) = UsvString::from_js(cx, &key)?;
        let value = object.get(cx, &key)?;
        let UsvString(value) = UsvString::from_js(cx, &value)?;
        cx.hold(name.len() + size_of::<Pair>())?;
        // Two keys become one when both have lone surrogates.
        let place = *places.entry(name.clone()).or_insert(pairs.len());
        match pairs.get_mut(place) {
            Some(pair) => pair.1 = value,
            None => pairs.push((name, value)),
        }
    }
    Ok(pairs)
}
