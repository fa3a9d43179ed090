//! Objects: properties, prototypes, keys. Getters and proxies may run JavaScript, hence `&mut Cx` everywhere.

use std::fmt;

use rquickjs_sys as q;

use super::cx::Cx;
use super::error::thrown;
use super::function::Function;
use super::value::{Value, tag};
use crate::engine::{Error, Key, Property, WellKnown};

/// Any object, functions and arrays included.
#[derive(Clone)]
pub struct Object<'js>(pub(super) Value<'js>);

/// An atom, the engine's form of a key, owned until it is dropped.
pub(super) struct Atom {
    pub(super) raw: q::JSAtom,
    ctx: *mut q::JSContext,
}

impl Atom {
    pub(super) fn new(cx: &Cx<'_>, key: Key<'_, '_>) -> Self {
        // SAFETY: text and values are borrowed for the call; the constants are atoms that are never freed.
        let raw = unsafe {
            match key {
                Key::Name(name) => q::JS_NewAtomLen(cx.ctx, name.as_ptr().cast(), name.len() as _),
                Key::Index(index) => q::JS_NewAtomUInt32(cx.ctx, index),
                Key::WellKnown(WellKnown::Iterator) => q::JS_ATOM_Symbol_iterator as q::JSAtom,
                Key::WellKnown(WellKnown::AsyncIterator) => {
                    q::JS_ATOM_Symbol_asyncIterator as q::JSAtom
                }
                Key::WellKnown(WellKnown::ToStringTag) => {
                    q::JS_ATOM_Symbol_toStringTag as q::JSAtom
                }
                Key::Of(value) => q::JS_ValueToAtom(cx.ctx, value.raw),
            }
        };
        Self { raw, ctx: cx.ctx }
    }
}

impl Drop for Atom {
    fn drop(&mut self) {
        // SAFETY: one reference is owned; freeing a constant does nothing.
        unsafe { q::JS_FreeAtom(self.ctx, self.raw) };
    }
}

impl<'js> Object<'js> {
    /// The object of a value that is one. An engine out of memory gives `undefined` instead, whose every use is an error.
    pub(super) fn from_value(value: Value<'js>) -> Self {
        Self(value)
    }

    #[inline]
    pub(super) fn raw(&self) -> q::JSValue {
        self.0.raw
    }

    /// `{}`
    pub fn new(cx: &mut Cx<'js>) -> Self {
        // SAFETY: a plain constructor.
        let raw = unsafe { q::JS_NewObject(cx.ctx) };
        Self(cx.made(raw))
    }

    /// `Object.create(proto)`
    pub fn with_proto(cx: &mut Cx<'js>, proto: Option<&Object<'js>>) -> Self {
        let proto = proto.map_or(q::JS_NULL, Object::raw);
        // SAFETY: the prototype is borrowed for the call.
        let raw = unsafe { q::JS_NewObjectProto(cx.ctx, proto) };
        Self(cx.made(raw))
    }

    /// An array of `items`.
    pub fn array(cx: &mut Cx<'js>, items: impl IntoIterator<Item = Value<'js>>) -> Self {
        let items: Vec<q::JSValue> = items.into_iter().map(Value::into_raw).collect();
        // SAFETY: the references are given to the engine, which frees them when it fails.
        let raw = unsafe { q::JS_NewArrayFrom(cx.ctx, items.len() as i32, items.as_ptr()) };
        Self(cx.made(raw))
    }

    /// This object as a value.
    pub fn to_value(&self) -> Value<'js> {
        self.0.clone()
    }

    /// This object as a function, when it is callable.
    pub fn as_function(&self) -> Option<Function<'js>> {
        self.0
            .is_callable()
            .then(|| Function::from_object(self.clone()))
    }

    /// Whether it is an array (not a proxy of one).
    pub fn is_array(&self) -> bool {
        // SAFETY: it reads the class of the object.
        unsafe { q::JS_IsArray(self.raw()) }
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
        // SAFETY: object and key are borrowed for the call.
        let raw = unsafe {
            match key.into() {
                Key::Index(index) => q::JS_GetPropertyUint32(cx.ctx, self.raw(), index),
                key => {
                    let key = Atom::new(cx, key);
                    q::JS_GetProperty(cx.ctx, self.raw(), key.raw)
                }
            }
        };
        cx.result(raw)
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
        // SAFETY: object and key are borrowed for the call, the value is given to it.
        let done = unsafe {
            match key.into() {
                Key::Index(index) => {
                    q::JS_SetPropertyUint32(cx.ctx, self.raw(), index, value.into_raw())
                }
                key => {
                    let key = Atom::new(cx, key);
                    q::JS_SetProperty(cx.ctx, self.raw(), key.raw, value.into_raw())
                }
            }
        };
        succeeded(cx, done).map(drop)
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
        let key = Atom::new(cx, key.into());
        // SAFETY: object and key are borrowed for the call.
        let done = unsafe { q::JS_HasProperty(cx.ctx, self.raw(), key.raw) };
        succeeded(cx, done)
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
        let key = Atom::new(cx, key.into());
        // SAFETY: object and key are borrowed for the call.
        let done =
            unsafe { q::JS_DeleteProperty(cx.ctx, self.raw(), key.raw, q::JS_PROP_THROW as i32) };
        succeeded(cx, done).map(drop)
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
        let flag = |on: bool, flag: u32| if on { flag } else { 0 };
        let mut flags = q::JS_PROP_THROW
            | q::JS_PROP_HAS_CONFIGURABLE
            | q::JS_PROP_HAS_ENUMERABLE
            | flag(property.configurable, q::JS_PROP_CONFIGURABLE)
            | flag(property.enumerable, q::JS_PROP_ENUMERABLE);
        let function =
            |f: &Option<Function<'js>>| f.as_ref().map_or(q::JS_UNDEFINED, |f| f.as_object().raw());
        let (get, set) = (function(&property.get), function(&property.set));
        let value = match &property.value {
            Some(value) => {
                flags |= q::JS_PROP_HAS_VALUE
                    | q::JS_PROP_HAS_WRITABLE
                    | flag(property.writable, q::JS_PROP_WRITABLE);
                value.raw
            }
            None => {
                flags |= q::JS_PROP_HAS_GET | q::JS_PROP_HAS_SET;
                q::JS_UNDEFINED
            }
        };
        let key = Atom::new(cx, key.into());
        // SAFETY: all values are borrowed for the call; `property` holds them.
        let done = unsafe {
            q::JS_DefineProperty(cx.ctx, self.raw(), key.raw, value, get, set, flags as i32)
        };
        succeeded(cx, done).map(drop)
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
        let key = Atom::new(cx, key.into());
        let mut found = q::JSPropertyDescriptor {
            flags: 0,
            value: q::JS_UNDEFINED,
            getter: q::JS_UNDEFINED,
            setter: q::JS_UNDEFINED,
        };
        // SAFETY: object and key are borrowed for the call; the descriptor's values are owned when it says that it found one.
        let done = unsafe { q::JS_GetOwnProperty(cx.ctx, &raw mut found, self.raw(), key.raw) };
        if !succeeded(cx, done)? {
            return Ok(None);
        }
        let ctx = cx.ctx;
        let value = Value::wrap(ctx, found.value);
        let function = |raw| Value::wrap(ctx, raw).as_function();
        let (get, set) = (function(found.getter), function(found.setter));
        let is = |flag: u32| found.flags as u32 & flag != 0;
        Ok(Some(Property {
            value: (!is(q::JS_PROP_GETSET)).then_some(value),
            get,
            set,
            writable: is(q::JS_PROP_WRITABLE),
            enumerable: is(q::JS_PROP_ENUMERABLE),
            configurable: is(q::JS_PROP_CONFIGURABLE),
        }))
    }

    /// All own keys, symbols included, as strings and symbols.
    pub fn own_keys(&self, cx: &mut Cx<'js>) -> Result<Vec<Value<'js>>, Error<'js>> {
        let mut table = std::ptr::null_mut();
        let mut len = 0;
        let kinds = q::JS_GPN_STRING_MASK | q::JS_GPN_SYMBOL_MASK;
        // SAFETY: the object is borrowed for the call; the table that it makes is freed below.
        let done = unsafe {
            let (table, len) = (&raw mut table, &raw mut len);
            q::JS_GetOwnPropertyNames(cx.ctx, table, len, self.raw(), kinds as i32)
        };
        succeeded(cx, done)?;
        let mut keys = Vec::with_capacity(len as usize);
        for at in 0..len as usize {
            // SAFETY: the table has `len` rows, whose atoms it owns.
            let raw = unsafe { q::JS_AtomToValue(cx.ctx, (*table.add(at)).atom) };
            keys.push(cx.made(raw));
        }
        // SAFETY: it is freed once, with the length that came with it.
        unsafe { q::JS_FreePropertyEnum(cx.ctx, table, len) };
        Ok(keys)
    }

    /// `Object.getPrototypeOf(object)`, without a proxy's trap.
    pub fn proto(&self) -> Option<Object<'js>> {
        if self.is_proxy() {
            return None;
        }
        // SAFETY: the object is borrowed for the call, which runs nothing for one that is no proxy.
        let raw = unsafe { q::JS_GetPrototype(self.0.ctx, self.raw()) };
        Value::wrap(self.0.ctx, raw).as_object()
    }

    /// `Object.setPrototypeOf(object, proto)`, without a proxy's trap.
    pub fn set_proto(&self, cx: &mut Cx<'js>, proto: Option<&Object<'js>>) {
        if self.is_proxy() {
            return;
        }
        let proto = proto.map_or(q::JS_NULL, Object::raw);
        // SAFETY: both are borrowed for the call.
        let done = unsafe { q::JS_SetPrototype(cx.ctx, self.raw(), proto) };
        // An object that refuses, a frozen one, keeps the prototype that it has.
        let _ = succeeded(cx, done);
    }

    /// Whether both are the same object.
    pub fn same(&self, other: &Object<'js>) -> bool {
        self.identity() == other.identity()
    }

    /// A number that stays with the object while it lives, to find cycles by.
    pub fn identity(&self) -> usize {
        if tag(self.raw()) != q::JS_TAG_OBJECT {
            return 0;
        }
        // SAFETY: the pointer is read under the tag that says that it is there.
        unsafe { q::JS_VALUE_GET_PTR(self.raw()) }.addr()
    }
}

/// What an operation says: yes, no, or that it threw.
#[inline]
pub(super) fn succeeded<'js>(cx: &mut Cx<'js>, done: i32) -> Result<bool, Error<'js>> {
    if done < 0 {
        return Err(thrown(cx));
    }
    cx.goes_on()?;
    Ok(done > 0)
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Object")
    }
}
