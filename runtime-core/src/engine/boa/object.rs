//! Objects: properties, prototypes, keys. Getters and proxies may run JavaScript, hence `&mut Cx` everywhere.

use std::fmt;

use boa_engine::object::builtins::JsArray;
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{JsObject, JsString, JsSymbol, JsValue};

use super::cx::Cx;
use super::error::thrown;
use super::function::Function;
use super::value::Value;
use crate::engine::{Brand, Error, Key, Property, WellKnown};

/// Any object, functions and arrays included.
#[derive(Clone)]
pub struct Object<'js> {
    pub(super) raw: JsObject,
    brand: Brand<'js>,
}

impl<'js> Object<'js> {
    pub(super) fn wrap(raw: JsObject) -> Self {
        Self {
            raw,
            brand: Brand::default(),
        }
    }

    /// `{}`
    pub fn new(cx: &mut Cx<'js>) -> Self {
        Self::wrap(JsObject::with_object_proto(cx.context.intrinsics()))
    }

    /// `Object.create(proto)`
    pub fn with_proto(_cx: &mut Cx<'js>, proto: Option<&Object<'js>>) -> Self {
        Self::wrap(JsObject::from_proto_and_data(
            proto.map(|proto| proto.raw.clone()),
            boa_engine::builtins::object::OrdinaryObject,
        ))
    }

    /// An array of `items`.
    pub fn array(cx: &mut Cx<'js>, items: impl IntoIterator<Item = Value<'js>>) -> Self {
        let array = JsArray::from_iter(items.into_iter().map(|item| item.raw), cx.context);
        Self::wrap(array.into())
    }

    /// This object as a value.
    pub fn to_value(&self) -> Value<'js> {
        Value::wrap(self.raw.clone().into())
    }

    /// This object as a function, when it is callable.
    pub fn as_function(&self) -> Option<Function<'js>> {
        self.raw
            .is_callable()
            .then(|| Function::from_object(self.clone()))
    }

    /// Whether it is an array (not a proxy of one).
    pub fn is_array(&self) -> bool {
        self.raw.is_array()
    }

    /// `object[key]`
    pub fn get<'a>(
        &self,
        cx: &mut Cx<'js>,
        key: impl Into<Key<'a, 'js>>,
    ) -> Result<Value<'js>, Error<'js>>
    where
        'js: 'a,
    {
        let key = raw_key(key.into());
        self.raw
            .get(key, cx.context)
            .map(Value::wrap)
            .map_err(|error| thrown(cx, error))
    }

    /// `object[key] = value`, as strict code does it.
    pub fn set<'a>(
        &self,
        cx: &mut Cx<'js>,
        key: impl Into<Key<'a, 'js>>,
        value: Value<'js>,
    ) -> Result<(), Error<'js>>
    where
        'js: 'a,
    {
        let key = raw_key(key.into());
        self.raw
            .set(key, value.raw, true, cx.context)
            .map(drop)
            .map_err(|error| thrown(cx, error))
    }

    /// Whether the object or its prototypes have `key`.
    pub fn has<'a>(
        &self,
        cx: &mut Cx<'js>,
        key: impl Into<Key<'a, 'js>>,
    ) -> Result<bool, Error<'js>>
    where
        'js: 'a,
    {
        let key = raw_key(key.into());
        self.raw
            .has_property(key, cx.context)
            .map_err(|error| thrown(cx, error))
    }

    /// `delete object[key]`, as strict code does it.
    pub fn delete<'a>(
        &self,
        cx: &mut Cx<'js>,
        key: impl Into<Key<'a, 'js>>,
    ) -> Result<(), Error<'js>>
    where
        'js: 'a,
    {
        let key = raw_key(key.into());
        self.raw
            .delete_property_or_throw(key, cx.context)
            .map(drop)
            .map_err(|error| thrown(cx, error))
    }

    /// `Object.defineProperty(object, key, property)`
    pub fn define<'a>(
        &self,
        cx: &mut Cx<'js>,
        key: impl Into<Key<'a, 'js>>,
        property: Property<'js>,
    ) -> Result<(), Error<'js>>
    where
        'js: 'a,
    {
        let mut made = PropertyDescriptor::builder()
            .enumerable(property.enumerable)
            .configurable(property.configurable);
        if let Some(value) = property.value {
            made = made.value(value.raw).writable(property.writable);
        } else {
            let raw =
                |f: Option<Function<'js>>| f.map_or_else(JsValue::undefined, |f| f.to_value().raw);
            made = made.get(raw(property.get)).set(raw(property.set));
        }
        let key = raw_key(key.into());
        self.raw
            .define_property_or_throw(key, made, cx.context)
            .map(drop)
            .map_err(|error| thrown(cx, error))
    }

    /// `Object.getOwnPropertyDescriptor(object, key)`: no getter is run (a proxy's trap is).
    pub fn own_property<'a>(
        &self,
        cx: &mut Cx<'js>,
        key: impl Into<Key<'a, 'js>>,
    ) -> Result<Option<Property<'js>>, Error<'js>>
    where
        'js: 'a,
    {
        let key = raw_key(key.into());
        let described = match super::inspect::own_property_descriptor(&self.raw, &key, cx.context) {
            Ok(described) => described,
            Err(error) => return Err(thrown(cx, error)),
        };
        let Some(described) = described else {
            return Ok(None);
        };
        let function = |value: Option<&JsValue>| {
            value
                .and_then(JsValue::as_callable)
                .map(|raw| Function::from_object(Object::wrap(raw)))
        };
        Ok(Some(Property {
            value: if described.is_accessor_descriptor() {
                None
            } else {
                Some(Value::wrap(described.value().cloned().unwrap_or_default()))
            },
            get: function(described.get()),
            set: function(described.set()),
            writable: described.writable().unwrap_or(false),
            enumerable: described.enumerable().unwrap_or(false),
            configurable: described.configurable().unwrap_or(false),
        }))
    }

    /// All own keys, symbols included, as strings and symbols.
    pub fn own_keys(&self, cx: &mut Cx<'js>) -> Result<Vec<Value<'js>>, Error<'js>> {
        match self.raw.own_property_keys(cx.context) {
            Ok(keys) => Ok(keys.iter().map(|key| Value::wrap(key_value(key))).collect()),
            Err(error) => Err(thrown(cx, error)),
        }
    }

    /// `Object.getPrototypeOf(object)`, without a proxy's trap.
    pub fn proto(&self) -> Option<Object<'js>> {
        self.raw.prototype().map(Object::wrap)
    }

    /// `Object.setPrototypeOf(object, proto)`, without a proxy's trap.
    pub fn set_proto(&self, _cx: &mut Cx<'js>, proto: Option<&Object<'js>>) {
        self.raw.set_prototype(proto.map(|proto| proto.raw.clone()));
    }

    /// Whether both are the same object.
    pub fn same(&self, other: &Object<'js>) -> bool {
        JsObject::equals(&self.raw, &other.raw)
    }

    /// A number that stays with the object while it lives, to find cycles by.
    pub fn identity(&self) -> usize {
        std::ptr::from_ref(self.raw.as_ref()).addr()
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Object")
    }
}

pub(super) fn raw_key(key: Key<'_, '_>) -> PropertyKey {
    match key {
        Key::Name(name) => PropertyKey::from(JsString::from(name)),
        Key::Index(index) => PropertyKey::from(index),
        Key::WellKnown(WellKnown::Iterator) => JsSymbol::iterator().into(),
        Key::WellKnown(WellKnown::AsyncIterator) => JsSymbol::async_iterator().into(),
        Key::WellKnown(WellKnown::ToStringTag) => JsSymbol::to_string_tag().into(),
        Key::Of(value) => match (value.raw.as_symbol(), value.raw.as_string()) {
            (Some(symbol), _) => symbol.into(),
            (None, Some(string)) => PropertyKey::from(string),
            (None, None) => PropertyKey::from(JsString::from(value.raw.display().to_string())),
        },
    }
}

/// A key as the value that names it: indices become strings, as `Reflect.ownKeys` gives them.
fn key_value(key: &PropertyKey) -> JsValue {
    match key {
        PropertyKey::String(string) => string.clone().into(),
        PropertyKey::Symbol(symbol) => symbol.clone().into(),
        PropertyKey::Index(index) => JsString::from(index.get().to_string()).into(),
    }
}
