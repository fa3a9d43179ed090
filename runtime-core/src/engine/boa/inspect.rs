//! Looking into objects without running a script: what kind one is, and what its hidden parts are.

use boa_engine::builtins::error::Error as ErrorData;
use boa_engine::builtins::function::OrdinaryFunction;
use boa_engine::builtins::proxy::Proxy;
use boa_engine::object::JsObject;
use boa_engine::object::builtins::{
    JsArrayBuffer, JsDataView, JsDate, JsFunction, JsGenerator, JsMap, JsPromise, JsRegExp, JsSet,
    JsSharedArrayBuffer, JsTypedArray, JsWeakMap, JsWeakSet,
};
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{Context, JsBigInt, JsResult, JsString, JsSymbol, JsValue};

use super::cx::Cx;
use super::host::HostObject;
use super::object::Object;
use super::value::Value;
use crate::engine::{Flavour, Kind};

/// The engine's own functions, taken before any script could replace them.
pub(super) struct Originals {
    own_property_descriptor: JsFunction,
    error_stack: JsFunction,
    function_source: JsFunction,
    regexp_unicode_sets: JsFunction,
}

impl Originals {
    pub(super) fn take(context: &mut Context) -> JsResult<Self> {
        let object = context.intrinsics().constructors().object().constructor();
        let errors = context.intrinsics().constructors().error().prototype();
        let regexps = context.intrinsics().constructors().regexp().prototype();
        let functions = context.intrinsics().constructors().function().prototype();
        let describe = object.get(JsString::from("getOwnPropertyDescriptor"), context)?;
        let describe = describe.as_function().expect("the engine has just made it");
        let mut getter = |of: JsObject, key: &str| {
            let key = JsString::from(key).into();
            let found = describe.call(&JsValue::undefined(), &[of.into(), key], context)?;
            let found = found.as_object().expect("the engine has just made it");
            let getter = found.get(JsString::from("get"), context)?;
            JsResult::Ok(
                getter
                    .as_function()
                    .expect("it is an accessor in this engine"),
            )
        };
        let error_stack = getter(errors, "stack")?;
        let regexp_unicode_sets = getter(regexps, "unicodeSets")?;
        let source = functions.get(JsString::from("toString"), context)?;
        Ok(Self {
            own_property_descriptor: describe,
            error_stack,
            function_source: source.as_function().expect("the engine has just made it"),
            regexp_unicode_sets,
        })
    }
}

/// The stack of an error, through the engine's own getter.
pub(super) fn error_stack(error: &JsObject, context: &mut Context) -> Option<String> {
    let originals = context
        .get_data::<Originals>()
        .expect("the engine inserts them before anything runs");
    let read = originals.error_stack.clone();
    let stack = read.call(&error.clone().into(), &[], context).ok()?;
    stack.as_string().map(|stack| stack.to_std_string_lossy())
}

/// `[[GetOwnProperty]]`, which the engine keeps to itself, through its own function.
pub(super) fn own_property_descriptor(
    object: &JsObject,
    key: &PropertyKey,
    context: &mut Context,
) -> JsResult<Option<PropertyDescriptor>> {
    let originals = context
        .get_data::<Originals>()
        .expect("the engine inserts them before anything runs");
    let describe = originals.own_property_descriptor.clone();
    let key = match key {
        PropertyKey::String(string) => JsValue::from(string.clone()),
        PropertyKey::Symbol(symbol) => symbol.clone().into(),
        PropertyKey::Index(index) => JsString::from(index.get().to_string()).into(),
    };
    let described = describe.call(
        &JsValue::undefined(),
        &[object.clone().into(), key],
        context,
    )?;
    let Some(described) = described.as_object() else {
        return Ok(None);
    };
    // The object is fresh and ordinary: its own table is read, so that nothing on `Object.prototype` is seen.
    let described = described.borrow();
    let field = |name: &str| {
        described
            .properties()
            .get(&PropertyKey::from(JsString::from(name)))?
            .value()
            .cloned()
    };
    let flag = |name: &str| field(name).is_some_and(|value| value.to_boolean());
    let mut made = PropertyDescriptor::builder()
        .enumerable(flag("enumerable"))
        .configurable(flag("configurable"));
    made = match field("value") {
        Some(value) => made.value(value).writable(flag("writable")),
        None => made
            .get(field("get").unwrap_or_default())
            .set(field("set").unwrap_or_default()),
    };
    Ok(Some(made.build()))
}

impl<'js> Object<'js> {
    /// What kind it is.
    pub fn kind(&self) -> Kind {
        let raw = &self.raw;
        let is = |yes: bool, kind: Kind| yes.then_some(kind);
        is(raw.is::<Proxy>(), Kind::Proxy)
            .or_else(|| is(raw.is_array(), Kind::Array))
            .or_else(|| is(raw.is_callable(), Kind::Function))
            .or_else(|| is(raw.is::<ErrorData>(), Kind::Error))
            .or_else(|| self.as_host().map(HostObject::kind))
            .or_else(|| is(JsMap::from_object(raw.clone()).is_ok(), Kind::Map))
            .or_else(|| is(JsSet::from_object(raw.clone()).is_ok(), Kind::Set))
            .or_else(|| is(JsPromise::from_object(raw.clone()).is_ok(), Kind::Promise))
            .or_else(|| is(JsDate::from_object(raw.clone()).is_ok(), Kind::Date))
            .or_else(|| is(JsRegExp::from_object(raw.clone()).is_ok(), Kind::RegExp))
            .or_else(|| {
                is(
                    JsTypedArray::from_object(raw.clone()).is_ok(),
                    Kind::TypedArray,
                )
            })
            .or_else(|| {
                is(
                    JsArrayBuffer::from_object(raw.clone()).is_ok(),
                    Kind::ArrayBuffer,
                )
            })
            .or_else(|| {
                is(
                    JsSharedArrayBuffer::from_object(raw.clone()).is_ok(),
                    Kind::SharedArrayBuffer,
                )
            })
            .or_else(|| is(JsDataView::from_object(raw.clone()).is_ok(), Kind::DataView))
            .or_else(|| is(JsWeakMap::from_object(raw.clone()).is_ok(), Kind::WeakMap))
            .or_else(|| is(JsWeakSet::from_object(raw.clone()).is_ok(), Kind::WeakSet))
            .or_else(|| {
                is(
                    JsGenerator::from_object(raw.clone()).is_ok(),
                    Kind::Generator,
                )
            })
            .or_else(|| is(self.boxed_primitive().is_some(), Kind::BoxedPrimitive))
            .unwrap_or(Kind::Plain)
    }

    /// The primitive inside `new Number(1)` and its like.
    pub fn boxed_primitive(&self) -> Option<Value<'js>> {
        let raw = &self.raw;
        let number = raw
            .downcast_ref::<f64>()
            .map(|number| JsValue::from(*number));
        let boolean = || {
            raw.downcast_ref::<bool>()
                .map(|boolean| JsValue::from(*boolean))
        };
        let string = || {
            raw.downcast_ref::<JsString>()
                .map(|string| JsValue::from(string.clone()))
        };
        let bigint = || {
            raw.downcast_ref::<JsBigInt>()
                .map(|bigint| JsValue::from(bigint.clone()))
        };
        let symbol = || {
            raw.downcast_ref::<JsSymbol>()
                .map(|symbol| JsValue::from(symbol.clone()))
        };
        number
            .or_else(boolean)
            .or_else(string)
            .or_else(bigint)
            .or_else(symbol)
            .map(Value::wrap)
    }

    /// The entries of a `Map`.
    pub fn map_entries(&self) -> Option<Vec<(Value<'js>, Value<'js>)>> {
        let map = JsMap::from_object(self.raw.clone()).ok()?;
        let mut entries = Vec::new();
        let collect = |key, value| {
            entries.push((Value::wrap(key), Value::wrap(value)));
            Ok(())
        };
        map.for_each_native(collect).ok()?;
        Some(entries)
    }

    /// The values of a `Set`.
    pub fn set_values(&self) -> Option<Vec<Value<'js>>> {
        let set = JsSet::from_object(self.raw.clone()).ok()?;
        let mut values = Vec::new();
        let collect = |value| {
            values.push(Value::wrap(value));
            Ok(())
        };
        set.for_each_native(collect).ok()?;
        Some(values)
    }

    /// The time of a `Date`, in milliseconds since 1970; NaN of an invalid one.
    pub fn date_millis(&self, cx: &mut Cx<'js>) -> Option<f64> {
        let date = JsDate::from_object(self.raw.clone()).ok()?;
        date.get_time(cx.context).ok()?.as_number()
    }

    /// A `Date` of a time in milliseconds since 1970.
    pub fn date(cx: &mut Cx<'js>, millis: f64) -> Self {
        let date = JsDate::new(cx.context);
        // Setting the time of a date that no script has seen runs none.
        let _ = date.set_time(millis, cx.context);
        Object::wrap(date.into())
    }

    /// The source and flags of a `RegExp`.
    pub fn regexp(&self, cx: &mut Cx<'js>) -> Option<(String, String)> {
        let regexp = JsRegExp::from_object(self.raw.clone()).ok()?;
        let source = regexp.source(cx.context).ok()?;
        let originals = cx.context.get_data::<Originals>()?;
        let unicode_sets = originals.regexp_unicode_sets.clone();
        let unicode_sets = unicode_sets.call(&self.raw.clone().into(), &[], cx.context);
        let flags = [
            ('d', regexp.has_indices(cx.context)),
            ('g', regexp.global(cx.context)),
            ('i', regexp.ignore_case(cx.context)),
            ('m', regexp.multiline(cx.context)),
            ('s', regexp.dot_all(cx.context)),
            ('u', regexp.unicode(cx.context)),
            ('v', unicode_sets.map(|on| on.to_boolean())),
            ('y', regexp.sticky(cx.context)),
        ];
        let set = |(flag, on): (char, JsResult<bool>)| on.unwrap_or(false).then_some(flag);
        let source = without_double_escapes(&source);
        Some((source, flags.into_iter().filter_map(set).collect()))
    }

    /// The class of a typed array: `Uint8Array`.
    pub fn typed_array_name(&self) -> Option<&'static str> {
        use boa_engine::builtins::typed_array::TypedArrayKind as T;
        Some(
            match JsTypedArray::from_object(self.raw.clone()).ok()?.kind()? {
                T::Int8 => "Int8Array",
                T::Uint8 => "Uint8Array",
                T::Uint8Clamped => "Uint8ClampedArray",
                T::Int16 => "Int16Array",
                T::Uint16 => "Uint16Array",
                T::Int32 => "Int32Array",
                T::Uint32 => "Uint32Array",
                T::BigInt64 => "BigInt64Array",
                T::BigUint64 => "BigUint64Array",
                #[cfg(feature = "boa-float16")]
                T::Float16 => "Float16Array",
                T::Float32 => "Float32Array",
                T::Float64 => "Float64Array",
            },
        )
    }

    /// How many elements a typed array has.
    pub fn typed_array_len(&self, cx: &mut Cx<'js>) -> Option<usize> {
        JsTypedArray::from_object(self.raw.clone())
            .ok()?
            .length(cx.context)
            .ok()
    }

    /// Whether it is a proxy: looking further into it would run its traps.
    pub fn is_proxy(&self) -> bool {
        self.raw.is::<Proxy>()
    }

    /// What a call of it does, when it is a function that a script made.
    pub fn flavour(&self, cx: &mut Cx<'js>) -> Option<Flavour> {
        if !self.raw.is::<OrdinaryFunction>() {
            return None;
        }
        // The engine keeps no source of a class, but its own rendering, which runs nothing, tells one.
        if self
            .to_value()
            .raw
            .display()
            .to_string()
            .starts_with("[class ")
        {
            return Some(Flavour::Class);
        }
        let originals = cx.context.get_data::<Originals>()?;
        let read = originals.function_source.clone();
        let source = read.call(&self.raw.clone().into(), &[], cx.context).ok()?;
        let source = source.as_string()?;
        // The words that tell are at the start, before or after the parameters.
        let head: String = source
            .to_vec()
            .iter()
            .take(1000)
            .map(|unit| u8::try_from(*unit).map_or(' ', char::from))
            .collect();
        Some(flavour_of(&head))
    }

    /// The buffer, the offset and the length of a `DataView`.
    pub fn data_view(&self, cx: &mut Cx<'js>) -> Option<(Object<'js>, u64, u64)> {
        let view = JsDataView::from_object(self.raw.clone()).ok()?;
        let buffer = view.buffer(cx.context).ok()?.as_object()?;
        let offset = view.byte_offset(cx.context).ok()?;
        let length = view.byte_length(cx.context).ok()?;
        Some((Object::wrap(buffer), offset, length))
    }

    /// The length of a `SharedArrayBuffer`; its bytes belong to other threads too.
    pub fn shared_buffer_len(&self) -> Option<usize> {
        Some(
            JsSharedArrayBuffer::from_object(self.raw.clone())
                .ok()?
                .byte_length(),
        )
    }

    /// The lowest `limit` indices that an ordinary object or array has, in order.
    pub fn first_indices(&self, limit: usize) -> Vec<u32> {
        use boa_engine::object::IndexPropertyKeys as Keys;
        let object = self.raw.borrow();
        let keys = object.properties().index_property_keys();
        if matches!(keys, Keys::Dense(_)) {
            return keys.take(limit).collect();
        }
        let mut keys: Vec<u32> = keys.collect();
        keys.sort_unstable();
        keys.truncate(limit);
        keys
    }

    /// The own keys that are no indices, of an array or typed array of `len` elements. The engine lists all keys at once, so of a
    /// huge one, for which that list would take more memory than its elements, none are given.
    pub fn named_keys(&self, cx: &mut Cx<'js>, len: usize) -> Vec<Value<'js>> {
        const HUGE: usize = 1 << 20;
        if len > HUGE || self.raw.borrow().properties().index_property_keys().len() > HUGE {
            return Vec::new();
        }
        let keys = self.raw.own_property_keys(cx.context).unwrap_or_default();
        let value = |key| match key {
            PropertyKey::String(name) => Some(Value::wrap(name.into())),
            PropertyKey::Symbol(symbol) => Some(Value::wrap(symbol.into())),
            PropertyKey::Index(_) => None,
        };
        keys.into_iter().filter_map(value).collect()
    }
}

/// The source of a regular expression without the backslash that this engine puts before every `/`, where one was there before.
fn without_double_escapes(source: &str) -> String {
    let mut made = String::with_capacity(source.len());
    let mut backslashes = 0;
    for c in source.chars() {
        if c == '/' && backslashes > 0 && backslashes % 2 == 0 {
            made.pop();
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        made.push(c);
    }
    made
}

fn flavour_of(head: &str) -> Flavour {
    fn word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
        let rest = text.strip_prefix(word)?;
        let goes_on = rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$'));
        (!goes_on).then(|| rest.trim_start())
    }
    let (is_async, rest) = match word(head, "async") {
        // A method that is called `async`: after the parameters of an arrow function stands its arrow.
        Some(rest) if rest.starts_with('(') && !is_arrow(rest) => return Flavour::Plain,
        Some(rest) => (true, rest),
        None => (false, head),
    };
    let rest = word(rest, "function").unwrap_or(rest);
    match (is_async, rest.starts_with('*')) {
        (false, false) => Flavour::Plain,
        (false, true) => Flavour::Generator,
        (true, false) => Flavour::Async,
        (true, true) => Flavour::AsyncGenerator,
    }
}

/// Whether what stands behind the parameters, with which `source` begins, is an arrow.
fn is_arrow(source: &str) -> bool {
    let mut depth = 0_usize;
    let end = source.find(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    end.is_some_and(|end| source[end + 1..].trim_start().starts_with("=>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_of_a_function_says_what_a_call_does() {
        let check = |source: &str, expect| assert_eq!(flavour_of(source), expect, "{source}");
        check("function f() {}", Flavour::Plain);
        check("classic() {}", Flavour::Plain);
        check("async function f() {}", Flavour::Async);
        check("async x => x", Flavour::Async);
        check("async (x = (1)) => x", Flavour::Async);
        check("async(x) { return x }", Flavour::Plain);
        check("asynchronous() {}", Flavour::Plain);
        check("function* f() {}", Flavour::Generator);
        check("*f() {}", Flavour::Generator);
        check("async *f() {}", Flavour::AsyncGenerator);
    }

    #[test]
    fn a_slash_that_was_escaped_is_escaped_once() {
        let check = |source, expect| assert_eq!(without_double_escapes(source), expect);
        check(r"a\/b", r"a\/b");
        check(r"a\\/b", r"a\/b");
        check(r"a\\\/b", r"a\\\/b");
    }
}
