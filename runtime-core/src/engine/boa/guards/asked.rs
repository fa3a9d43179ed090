//! Guards of what a script asks for: more memory or time than it may have, and data that nests deeper than the stack.

use std::time::Duration;

use boa_engine::context::intrinsics::Intrinsics;
use boa_engine::object::JsObject;
use boa_engine::object::builtins::{JsArray, JsFunction};
use boa_engine::property::PropertyKey;
use boa_engine::value::IntegerOrInfinity;
use boa_engine::{Context, JsError, JsNativeError, JsResult, JsString, JsValue, NativeFunction};

use super::super::cx::Cx;
use super::super::stack;
use super::{Guard, Holder, Instead, always, arrays, nameless};

const fn for_limits(of: Holder, names: &'static [&'static str], instead: Instead) -> Guard {
    Guard {
        of,
        names,
        instead,
        for_limits: true,
    }
}

/// These guards, and why each is there.
pub(super) static GUARDS: &[Guard] = &[
    // They recurse into what is nested, and the stack overflows.
    always(arrays, &["toString", "toLocaleString"], nested),
    always(arrays, &["flat"], flat),
    // As the last ones, and it takes memory for the array's length at once.
    always(arrays, &["join"], join),
    for_limits(json, &["stringify"], stringify),
    // They make a text as long as they are told, by ways that take much more.
    always(strings, &["repeat"], repeat),
    always(strings, &["padStart", "padEnd"], pad),
    // They make elements, as many as the length says.
    for_limits(arrays, &["fill"], fill),
    for_limits(array, &["from"], from),
    // They go through holes, as many as the length says.
    for_limits(arrays, WALKS, walk),
    // Its time is the square of the number's length.
    for_limits(big_ints, &["toString", "toLocaleString"], digits),
];

/// What goes through an array without making as many elements.
const WALKS: &[&str] = &[
    "concat",
    "copyWithin",
    "every",
    "filter",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "flatMap",
    "forEach",
    "includes",
    "indexOf",
    "lastIndexOf",
    "map",
    "reduce",
    "reduceRight",
    "reverse",
    "slice",
    "some",
    "splice",
    "toReversed",
    "toSpliced",
    "unshift",
    "with",
];

/// The bytes that a script may ask for at once where no limit says less.
const AT_ONCE: u64 = 1 << 29;

/// What an element takes at least, in bytes.
const ELEMENT: u64 = 8;

/// What an element takes of time at least, when it is only looked for.
const LOOK: Duration = Duration::from_nanos(10);

fn array(of: &Intrinsics) -> JsObject {
    of.constructors().array().constructor()
}

fn strings(of: &Intrinsics) -> JsObject {
    of.constructors().string().prototype()
}

fn big_ints(of: &Intrinsics) -> JsObject {
    of.constructors().bigint().prototype()
}

fn json(of: &Intrinsics) -> JsObject {
    of.objects().json()
}

/// The length of an array or of what looks like one, when it can be seen without running a script.
fn plain_length(value: &JsValue, context: &mut Context) -> u64 {
    let Some(object) = value.as_object() else {
        return 0;
    };
    let object = match JsArray::from_object(object.clone()) {
        Ok(array) => return array.length(context).unwrap_or(0),
        Err(_) => object,
    };
    let key = PropertyKey::from(JsString::from("length"));
    let length = object.borrow().properties().get(&key);
    let length = length.and_then(|length| length.value()?.as_number());
    // A length is never above 2^53; what is below 0 is none.
    length.map_or(0, |length| length as u64)
}

/// Throws when `bytes` could never be had: a script may have that much neither at once nor in all.
fn ensure_memory(context: &mut Context, bytes: u64) -> JsResult<()> {
    /// What always fits.
    const LITTLE: u64 = 1 << 16;
    if bytes < LITTLE {
        return Ok(());
    }
    let limit = Cx::new(context).state().watch.limits().memory;
    if bytes <= limit.unwrap_or(AT_ONCE) {
        return Ok(());
    }
    Err(too_much(match limit {
        Some(_) => "this takes more memory than `limits.memory` allows",
        None => "this takes more memory than there may be in one piece",
    }))
}

/// Throws when going through `count` elements takes longer than the script may run.
fn ensure_time(context: &mut Context, count: u64, each: Duration) -> JsResult<()> {
    /// What never takes long.
    const FEW: u64 = 1 << 16;
    if count < FEW {
        return Ok(());
    }
    let limits = *Cx::new(context).state().watch.limits();
    let Some(limit) = limits.cpu.into_iter().chain(limits.wall).min() else {
        return Ok(());
    };
    let needed = u128::from(count) * each.as_nanos();
    if needed <= limit.as_nanos() {
        return Ok(());
    }
    Err(too_much(
        "this takes longer than `limits` allows a script to run",
    ))
}

#[cold]
fn too_much(message: &'static str) -> JsError {
    JsNativeError::range().with_message(message).into()
}

fn nested(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    stack::check(context, "the array")?;
    original.call(this, args, context)
}

fn join(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    stack::check(context, "the array")?;
    // A list of the texts, and of what stands between them.
    let bytes = plain_length(this, context).saturating_mul(2 * ELEMENT);
    ensure_memory(context, bytes)?;
    original.call(this, args, context)
}

fn flat(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    /// What a level takes of the stack.
    const LEVEL: usize = 2 << 10;
    let Some(depth) = args.first().filter(|depth| !depth.is_undefined()) else {
        return original.call(this, args, context);
    };
    // The conversion of `this` to an object and the length come before that of the depth: neither is seen of an array.
    let depth = match depth.to_integer_or_infinity(context)? {
        IntegerOrInfinity::PositiveInfinity => usize::MAX,
        IntegerOrInfinity::NegativeInfinity => 0,
        IntegerOrInfinity::Integer(depth) => usize::try_from(depth).unwrap_or(0),
    };
    let most = stack::left(context) / LEVEL;
    if depth > most
        && this
            .as_object()
            .is_some_and(|array| is_deeper(&array, most))
    {
        return Err(stack::too_deep("the array"));
    }
    // An array that a proxy makes up may be deeper than what can be seen.
    let depth = JsValue::from(depth.min(most) as f64);
    original.call(this, &[depth], context)
}

/// Whether arrays are nested in `array` by more than `most` levels, or in themselves.
fn is_deeper(array: &JsObject, most: usize) -> bool {
    let arrays = |of: &JsObject| -> Vec<JsObject> {
        let of = of.borrow();
        let values = of.properties().index_property_values();
        let objects = values.filter_map(|element| element.value()?.as_object());
        objects.filter(JsObject::is_array).collect()
    };
    // The level at which each array was seen: to see it again counts when it is deeper.
    let mut seen = std::collections::HashMap::from([(array.clone(), 0)]);
    let mut open = vec![(array.clone(), 0)];
    while let Some((array, level)) = open.pop() {
        if level > most {
            return true;
        }
        for inner in arrays(&array) {
            let known = seen.entry(inner.clone()).or_insert(0);
            if *known <= level {
                *known = level + 1;
                open.push((inner, level + 1));
            }
        }
    }
    false
}

/// The engine asks the replacer at every level, where the stack can be looked at; so there always is one, except when a list of
/// names takes its place.
fn stringify(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    stack::check(context, "the value")?;
    let given = args.get(1).and_then(JsValue::as_object);
    let replace = match given {
        Some(list) if !list.is_callable() => return original.call(this, args, context),
        Some(function) => NativeFunction::from_copy_closure_with_captures(
            |this, args, function: &JsObject, context| {
                stack::check(context, "the value")?;
                function.call(this, args, context)
            },
            function,
        ),
        None => NativeFunction::from_fn_ptr(|_, args, context| {
            stack::check(context, "the value")?;
            Ok(args.get(1).cloned().unwrap_or_default())
        }),
    };
    let replace = nameless(replace, 2, context);
    let value = args.first().cloned().unwrap_or_default();
    let space = args.get(2).cloned().unwrap_or_default();
    original.call(this, &[value, replace.into(), space], context)
}

fn repeat(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    /// From here on the engine's own way, a list of as many texts, is the dearer one.
    const MANY: i64 = 16;
    if this.is_null_or_undefined() {
        return original.call(this, args, context);
    }
    let text = this.to_string(context)?;
    let count = args.first().cloned().unwrap_or_default();
    let count = count.to_integer_or_infinity(context)?;
    let many = match count {
        IntegerOrInfinity::Integer(many) if many >= MANY && !text.is_empty() => many as u64,
        IntegerOrInfinity::Integer(few) => {
            return original.call(&text.into(), &[JsValue::from(few as f64)], context);
        }
        IntegerOrInfinity::PositiveInfinity | IntegerOrInfinity::NegativeInfinity => {
            return original.call(&text.into(), &[JsValue::from(f64::INFINITY)], context);
        }
    };
    ensure_memory(context, many.saturating_mul(text.len() as u64))?;
    let (mut made, mut doubled, mut left) = (JsString::from(""), text, many);
    loop {
        if left & 1 == 1 {
            made = JsString::concat(made.as_str(), doubled.as_str());
        }
        left >>= 1;
        if left == 0 {
            return Ok(made.into());
        }
        doubled = JsString::concat(doubled.as_str(), doubled.as_str());
    }
}

fn pad(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    /// What a letter takes, in the text and in what the engine makes it of.
    const LETTER: u64 = 3;
    if this.is_null_or_undefined() {
        return original.call(this, args, context);
    }
    let text = this.to_string(context)?;
    let length = args.first().cloned().unwrap_or_default();
    let length = length.to_length(context)?;
    if length > text.len() as u64 {
        ensure_memory(context, length.saturating_mul(LETTER))?;
    }
    let fill = args.get(1).cloned().unwrap_or_default();
    original.call(&text.into(), &[JsValue::from(length), fill], context)
}

fn fill(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    let bytes = plain_length(this, context).saturating_mul(ELEMENT);
    ensure_memory(context, bytes)?;
    original.call(this, args, context)
}

fn from(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    let length = args.first().map_or(0, |items| plain_length(items, context));
    ensure_memory(context, length.saturating_mul(ELEMENT))?;
    original.call(this, args, context)
}

fn walk(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    let length = plain_length(this, context);
    ensure_time(context, length, LOOK)?;
    original.call(this, args, context)
}

fn digits(
    this: &JsValue,
    args: &[JsValue],
    original: &JsFunction,
    context: &mut Context,
) -> JsResult<JsValue> {
    if let Some(number) = this.as_bigint() {
        let words = number.as_inner().bits() / 64;
        ensure_time(
            context,
            words.saturating_mul(words) / 2,
            Duration::from_nanos(1),
        )?;
    }
    original.call(this, args, context)
}
