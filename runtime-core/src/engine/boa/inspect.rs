//! Looking into objects without running a script: what kind one is, and what its hidden parts are.

use boa_engine::builtins::error::Error as ErrorData;
use boa_engine::builtins::proxy::Proxy;
use boa_engine::object::JsObject;
use boa_engine::object::builtins::{
    JsArrayBuffer, JsDataView, JsDate, JsFunction, JsGenerator, JsMap, JsPromise, JsRegExp, JsSet,
    JsSharedArrayBuffer, JsTypedArray, JsWeakMap, JsWeakSet,
};
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{Context, JsBigInt, JsResult, JsString, JsSymbol, JsValue};

use super::cx::Cx;
use super::object::Object;
use super::value::Value;

/// What kind of object it is, by its hidden parts and not by its prototype, which a script can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the JavaScript class of its name")]
pub enum Kind {
    Array,
    ArrayBuffer,
    BoxedPrimitive,
    DataView,
    Date,
    Error,
    Function,
    Generator,
    Map,
    Plain,
    Promise,
    Proxy,
    RegExp,
    Set,
    SharedArrayBuffer,
    TypedArray,
    WeakMap,
    WeakSet,
    /// A class of the runtime's own.
    Host,
}

/// The engine's own functions, taken before any script could replace them.
pub(super) struct Originals {
    own_property_descriptor: JsFunction,
    error_stack: JsFunction,
}

impl Originals {
    pub(super) fn take(context: &mut Context) -> JsResult<Self> {
        let object = context.intrinsics().constructors().object().constructor();
        let describe = object.get(JsString::from("getOwnPropertyDescriptor"), context)?;
        let describe = describe.as_function().expect("the engine has just made it");
        let errors = context.intrinsics().constructors().error().prototype();
        let stack = describe.call(
            &JsValue::undefined(),
            &[errors.into(), JsString::from("stack").into()],
            context,
        )?;
        let stack = stack
            .as_object()
            .expect("the engine has just made it")
            .get(JsString::from("get"), context)?;
        let error_stack = stack
            .as_function()
            .expect("`stack` is an accessor in this engine");
        Ok(Self {
            own_property_descriptor: describe,
            error_stack,
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
            .or_else(|| is(self.as_host().is_some(), Kind::Host))
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
        let flags = [
            ('d', regexp.has_indices(cx.context)),
            ('g', regexp.global(cx.context)),
            ('i', regexp.ignore_case(cx.context)),
            ('m', regexp.multiline(cx.context)),
            ('s', regexp.dot_all(cx.context)),
            ('u', regexp.unicode(cx.context)),
            ('y', regexp.sticky(cx.context)),
        ];
        let set = |(flag, on): (char, JsResult<bool>)| on.unwrap_or(false).then_some(flag);
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
}
