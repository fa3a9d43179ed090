//! Sorting by a comparator of a script's: the engine's own sort panics when that contradicts itself, as `() => Math.random() - 0.5`
//! does. Ours gives some order then, as the language wants it.

use std::cmp::Ordering;

use boa_engine::object::builtins::{JsArray, JsFunction, JsTypedArray};
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString, JsValue};

use super::guards::length;

/// What compares two elements.
type Compare<'a> = &'a mut dyn FnMut(&JsValue, &JsValue, &mut Context) -> JsResult<Ordering>;

/// `Array.prototype.sort`
pub(super) fn array(
    this: &JsValue,
    args: &[JsValue],
    _original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    let comparator = comparator(args)?;
    let object = this.to_object(context)?;
    let len = length(&object, context)?;
    let mut items = Vec::new();
    for index in 0..len {
        if object.has_property(index, context)? {
            items.push(object.get(index, context)?);
        }
    }
    let items = sorted(items, &mut by(comparator), context)?;
    let count = items.len() as u64;
    for (index, item) in items.into_iter().enumerate() {
        object.set(index, item, true, context)?;
    }
    // The holes go to the end.
    for index in count..len {
        if object.has_own_property(index, context)? {
            object.delete_property_or_throw(index, context)?;
        }
    }
    Ok(object.into())
}

/// `Array.prototype.toSorted`
pub(super) fn array_copy(
    this: &JsValue,
    args: &[JsValue],
    _original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    let comparator = comparator(args)?;
    let object = this.to_object(context)?;
    let len = length(&object, context)?;
    if len > u64::from(u32::MAX) {
        let error = JsNativeError::range().with_message("the array would be too long");
        return Err(error.into());
    }
    let items = elements(&object, len, context)?;
    let items = sorted(items, &mut by(comparator), context)?;
    Ok(JsArray::from_iter(items, context).into())
}

/// `TypedArray.prototype.sort`
pub(super) fn typed(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    let Some((array, comparator)) = typed_and_comparator(this, args) else {
        return original.call(this, args, context);
    };
    let len = array.length(context)? as u64;
    if len < 2 {
        // It is the engine's to say what cannot be sorted.
        return original.call(this, args, context);
    }
    let items = elements(&array, len, context)?;
    let items = sorted(items, &mut by(Some(comparator)), context)?;
    fill(&array, items, context)?;
    Ok(this.clone())
}

/// `TypedArray.prototype.toSorted`
pub(super) fn typed_copy(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    let Some((array, comparator)) = typed_and_comparator(this, args) else {
        return original.call(this, args, context);
    };
    // Without a comparator it contradicts nothing, and makes the copy.
    let copy = original.call(this, &[], context)?;
    let len = array.length(context)? as u64;
    let items = elements(&array, len, context)?;
    let items = sorted(items, &mut by(Some(comparator)), context)?;
    if let Some(copy) = copy.as_object() {
        fill(&copy, items, context)?;
    }
    Ok(copy)
}

fn comparator(args: &[JsValue]) -> JsResult<Option<JsObject>> {
    let Some(given) = args.first().filter(|given| !given.is_undefined()) else {
        return Ok(None);
    };
    given.as_callable().map(Some).ok_or_else(|| {
        let message = "The comparison function must be either a function or undefined";
        JsNativeError::typ().with_message(message).into()
    })
}

fn typed_and_comparator(this: &JsValue, args: &[JsValue]) -> Option<(JsTypedArray, JsObject)> {
    let array = JsTypedArray::from_object(this.as_object()?).ok()?;
    Some((array, args.first()?.as_callable()?))
}

fn elements(object: &JsObject, len: u64, context: &mut Context) -> JsResult<Vec<JsValue>> {
    (0..len).map(|index| object.get(index, context)).collect()
}

fn fill(object: &JsObject, items: Vec<JsValue>, context: &mut Context) -> JsResult<()> {
    for (index, item) in items.into_iter().enumerate() {
        object.set(index, item, true, context)?;
    }
    Ok(())
}

/// `CompareArrayElements`: what is undefined goes last, and without a comparator the texts are compared.
fn by(
    comparator: Option<JsObject>,
) -> impl FnMut(&JsValue, &JsValue, &mut Context) -> JsResult<Ordering> {
    move |x, y, context| {
        if x.is_undefined() || y.is_undefined() {
            return Ok(x.is_undefined().cmp(&y.is_undefined()));
        }
        let Some(comparator) = &comparator else {
            let x: JsString = x.to_string(context)?;
            return Ok(x.cmp(&y.to_string(context)?));
        };
        let args = [x.clone(), y.clone()];
        let said = comparator.call(&JsValue::undefined(), &args, context)?;
        let said = said.to_number(context)?;
        Ok(said.partial_cmp(&0.0).unwrap_or(Ordering::Equal))
    }
}

/// Sorts by merging, from pairs upwards: stable, and it ends whatever the comparator says.
fn sorted(
    mut items: Vec<JsValue>,
    compare: Compare<'_>,
    context: &mut Context,
) -> JsResult<Vec<JsValue>> {
    let mut width = 1;
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        for run in items.chunks_mut(2 * width) {
            let (left, right) = run.split_at_mut(width.min(run.len()));
            merge(left, right, &mut merged, compare, context)?;
        }
        items = merged;
        width *= 2;
    }
    Ok(items)
}

fn merge(
    left: &mut [JsValue],
    right: &mut [JsValue],
    into: &mut Vec<JsValue>,
    compare: Compare<'_>,
    context: &mut Context,
) -> JsResult<()> {
    let (mut l, mut r) = (0, 0);
    // Runs that follow each other already are taken as they are.
    let are_in_order = match (left.last(), right.first()) {
        (Some(last), Some(first)) => compare(last, first, context)? != Ordering::Greater,
        _ => true,
    };
    while !are_in_order && l < left.len() && r < right.len() {
        if compare(&left[l], &right[r], context)? == Ordering::Greater {
            into.push(std::mem::take(&mut right[r]));
            r += 1;
        } else {
            into.push(std::mem::take(&mut left[l]));
            l += 1;
        }
    }
    let rest = left[l..].iter_mut().chain(&mut right[r..]);
    into.extend(rest.map(std::mem::take));
    Ok(())
}
