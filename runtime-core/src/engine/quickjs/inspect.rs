//! Looking into objects without running a script: what kind one is, and what its hidden parts are.

use std::cell::RefCell;
use std::rc::Rc;

use rquickjs_sys as q;

use super::cx::{Cx, c_name};
use super::function::{Closure, Function};
use super::object::Object;
use super::value::{Value, tag};
use crate::engine::{Flavour, Kind};

/// The engine's own functions, taken before any script could replace them. Each is a reference that [`free`](Self::free) drops.
pub(super) struct Originals {
    pub(super) bigint: q::JSValue,
    pub(super) symbol_text: q::JSValue,
    pub(super) error_stack: q::JSValue,
    error_classes: [(&'static str, q::JSValue); 7],
    unbox: [(&'static str, q::JSValue); 5],
    map_for_each: q::JSValue,
    set_for_each: q::JSValue,
    date_time: q::JSValue,
    function_source: q::JSValue,
    regexp_source: q::JSValue,
    regexp_flags: [(char, q::JSValue); 8],
    view_buffer: q::JSValue,
    view_offset: q::JSValue,
    view_len: q::JSValue,
    shared_len: q::JSValue,
}

impl Originals {
    /// Takes them from a fresh context.
    ///
    /// # Safety
    /// The context has all of the language's objects, and no script has run in it.
    pub(super) unsafe fn take(ctx: *mut q::JSContext) -> Self {
        // SAFETY: as the caller says; each step frees what the one before it owned.
        let at = |path: &str| unsafe {
            let mut found = q::JS_GetGlobalObject(ctx);
            for step in path.split('.') {
                let next = q::JS_GetPropertyStr(ctx, found, c_name(step).as_ptr());
                q::JS_FreeValue(ctx, found);
                found = next;
            }
            found
        };
        // SAFETY: as above; of an accessor the getter is kept.
        let getter = |path: &str, name: &str| unsafe {
            let holder = at(path);
            let key = q::JS_NewAtomLen(ctx, name.as_ptr().cast(), name.len() as _);
            let mut found = q::JSPropertyDescriptor {
                flags: 0,
                value: q::JS_UNDEFINED,
                getter: q::JS_UNDEFINED,
                setter: q::JS_UNDEFINED,
            };
            q::JS_GetOwnProperty(ctx, &raw mut found, holder, key);
            q::JS_FreeAtom(ctx, key);
            q::JS_FreeValue(ctx, holder);
            q::JS_FreeValue(ctx, found.value);
            q::JS_FreeValue(ctx, found.setter);
            found.getter
        };
        let regexp = |flag, name: &str| (flag, getter("RegExp.prototype", name));
        let unbox = |class| (class, at(&format!("{class}.prototype.valueOf")));
        Self {
            bigint: at("BigInt"),
            symbol_text: at("Symbol.prototype.toString"),
            error_stack: getter("Error.prototype", "stack"),
            error_classes: [
                "Error",
                "TypeError",
                "RangeError",
                "SyntaxError",
                "ReferenceError",
                "EvalError",
                "URIError",
            ]
            .map(|name| (name, at(name))),
            unbox: ["Number", "Boolean", "String", "BigInt", "Symbol"].map(unbox),
            map_for_each: at("Map.prototype.forEach"),
            set_for_each: at("Set.prototype.forEach"),
            date_time: at("Date.prototype.getTime"),
            function_source: at("Function.prototype.toString"),
            regexp_source: getter("RegExp.prototype", "source"),
            regexp_flags: [
                regexp('d', "hasIndices"),
                regexp('g', "global"),
                regexp('i', "ignoreCase"),
                regexp('m', "multiline"),
                regexp('s', "dotAll"),
                regexp('u', "unicode"),
                regexp('v', "unicodeSets"),
                regexp('y', "sticky"),
            ],
            view_buffer: getter("DataView.prototype", "buffer"),
            view_offset: getter("DataView.prototype", "byteOffset"),
            view_len: getter("DataView.prototype", "byteLength"),
            shared_len: getter("SharedArrayBuffer.prototype", "byteLength"),
        }
    }

    /// Drops every reference.
    ///
    /// # Safety
    /// Once, before the context goes.
    pub(super) unsafe fn free(&self, ctx: *mut q::JSContext) {
        let single = [
            self.bigint,
            self.symbol_text,
            self.error_stack,
            self.map_for_each,
            self.set_for_each,
            self.date_time,
            self.function_source,
            self.regexp_source,
            self.view_buffer,
            self.view_offset,
            self.view_len,
            self.shared_len,
        ];
        let all = single
            .into_iter()
            .chain(self.error_classes.iter().map(|(_, raw)| *raw))
            .chain(self.unbox.iter().map(|(_, raw)| *raw))
            .chain(self.regexp_flags.iter().map(|(_, raw)| *raw));
        for raw in all {
            // SAFETY: each was owned here.
            unsafe { q::JS_FreeValue(ctx, raw) };
        }
    }

    /// The class of errors that is called `name`; `Error` when none is.
    pub(super) fn error_class(&self, name: &str) -> q::JSValue {
        let found = self.error_classes.iter().find(|(class, _)| *class == name);
        found.unwrap_or(&self.error_classes[0]).1
    }
}

impl<'js> Object<'js> {
    /// The name of the class that the engine made it as, which no script can change.
    fn class_name(&self) -> String {
        let ctx = self.0.ctx;
        if tag(self.raw()) != q::JS_TAG_OBJECT {
            return String::new();
        }
        // SAFETY: the object is alive; the atom and its text are freed here.
        unsafe {
            let rt = q::JS_GetRuntime(ctx);
            let atom = q::JS_GetClassName(rt, q::JS_GetClassID(self.raw()));
            let name = Value::wrap(ctx, q::JS_AtomToString(ctx, atom));
            q::JS_FreeAtom(ctx, atom);
            name.as_string().unwrap_or_default()
        }
    }

    /// What kind it is.
    pub fn kind(&self) -> Kind {
        if self.is_proxy() {
            return Kind::Proxy;
        }
        if self.is_array() {
            return Kind::Array;
        }
        if self.0.is_callable() {
            return Kind::Function;
        }
        // SAFETY: it reads the class of the object.
        if unsafe { q::JS_IsError(self.raw()) } {
            return Kind::Error;
        }
        if let Some(host) = self.as_host() {
            return host.kind();
        }
        match self.class_name().as_str() {
            "Map" => Kind::Map,
            "Set" => Kind::Set,
            "Promise" => Kind::Promise,
            "Date" => Kind::Date,
            "RegExp" => Kind::RegExp,
            "ArrayBuffer" => Kind::ArrayBuffer,
            "SharedArrayBuffer" => Kind::SharedArrayBuffer,
            "DataView" => Kind::DataView,
            "WeakMap" => Kind::WeakMap,
            "WeakSet" => Kind::WeakSet,
            "Generator" => Kind::Generator,
            "Number" | "Boolean" | "String" | "BigInt" | "Symbol" => Kind::BoxedPrimitive,
            _ if self.typed_array_name().is_some() => Kind::TypedArray,
            _ => Kind::Plain,
        }
    }

    /// Calls one of the engine's own functions on this object.
    fn ask(&self, cx: &mut Cx<'js>, function: q::JSValue) -> Option<Value<'js>> {
        cx.call_raw(function, self.raw(), &[]).ok()
    }

    /// The primitive inside `new Number(1)` and its like.
    pub fn boxed_primitive(&self) -> Option<Value<'js>> {
        let class = self.class_name();
        let mut cx = self.0.token();
        let unbox = cx.originals().unbox;
        let (_, unbox) = unbox.iter().find(|(name, _)| *name == class)?;
        self.ask(&mut cx, *unbox)
    }

    /// What `for_each`, the engine's own, gives of this object: second and first argument of each call.
    fn collect(&self, for_each: q::JSValue) -> Option<Vec<(Value<'js>, Value<'js>)>> {
        // The handles live no longer than this call; they are kept as raw references because a closure may hold no handle.
        let seen: Rc<RefCell<Vec<(q::JSValue, q::JSValue)>>> = Rc::default();
        let ctx = self.0.ctx;
        let mut cx = self.0.token();
        let told = Rc::clone(&seen);
        let closure: Closure = Box::new(move |_, args| {
            let entry = (args.get(1).into_raw(), args.get(0).into_raw());
            told.borrow_mut().push(entry);
            Ok(Value::undefined())
        });
        let tell = Function::closure(&mut cx, "", 2, closure);
        let called = cx.call_raw(for_each, self.raw(), &[tell.as_object().raw()]);
        let entries = seen.take().into_iter();
        let entries = entries.map(|(key, value)| (Value::wrap(ctx, key), Value::wrap(ctx, value)));
        let entries: Vec<_> = entries.collect();
        called.ok().map(|_| entries)
    }

    /// The entries of a `Map`.
    pub fn map_entries(&self) -> Option<Vec<(Value<'js>, Value<'js>)>> {
        // SAFETY: it reads the class of the object.
        let is_map = unsafe { q::JS_IsMap(self.raw()) };
        let for_each = is_map.then(|| self.0.token().originals().map_for_each)?;
        self.collect(for_each)
    }

    /// The values of a `Set`.
    pub fn set_values(&self) -> Option<Vec<Value<'js>>> {
        // SAFETY: it reads the class of the object.
        let is_set = unsafe { q::JS_IsSet(self.raw()) };
        let for_each = is_set.then(|| self.0.token().originals().set_for_each)?;
        let entries = self.collect(for_each)?.into_iter();
        Some(entries.map(|(_, value)| value).collect())
    }

    /// The time of a `Date`, in milliseconds since 1970; NaN of an invalid one.
    pub fn date_millis(&self, cx: &mut Cx<'js>) -> Option<f64> {
        // SAFETY: it reads the class of the object.
        if !unsafe { q::JS_IsDate(self.raw()) } {
            return None;
        }
        let time = cx.originals().date_time;
        self.ask(cx, time)?.as_number()
    }

    /// A `Date` of a time in milliseconds since 1970.
    pub fn date(cx: &mut Cx<'js>, millis: f64) -> Self {
        // SAFETY: a plain constructor.
        let raw = unsafe { q::JS_NewDate(cx.ctx, millis) };
        Object::from_value(cx.made(raw))
    }

    /// The source and flags of a `RegExp`.
    pub fn regexp(&self, cx: &mut Cx<'js>) -> Option<(String, String)> {
        // SAFETY: it reads the class of the object.
        if !unsafe { q::JS_IsRegExp(self.raw()) } {
            return None;
        }
        let (source, flags) = (cx.originals().regexp_source, cx.originals().regexp_flags);
        let source = self.ask(cx, source)?.as_string()?;
        let mut set = String::new();
        for (flag, getter) in flags {
            if self.ask(cx, getter).is_some_and(|on| on.to_boolean()) {
                set.push(flag);
            }
        }
        Some((source, set))
    }

    /// The class of a typed array: `Uint8Array`.
    pub fn typed_array_name(&self) -> Option<&'static str> {
        const NAMES: [&str; 12] = [
            "Uint8ClampedArray",
            "Int8Array",
            "Uint8Array",
            "Int16Array",
            "Uint16Array",
            "Int32Array",
            "Uint32Array",
            "BigInt64Array",
            "BigUint64Array",
            "Float16Array",
            "Float32Array",
            "Float64Array",
        ];
        // SAFETY: it reads the class of the object; what is none is -1.
        let kind = unsafe { q::JS_GetTypedArrayType(self.raw()) };
        NAMES.get(usize::try_from(kind).ok()?).copied()
    }

    /// How many elements a typed array has.
    pub fn typed_array_len(&self, cx: &mut Cx<'js>) -> Option<usize> {
        self.typed_array_name()?;
        let (mut offset, mut len, mut item) = (0, 0, 0);
        // SAFETY: the array is borrowed for the call, and the numbers are written before it returns.
        let raw = unsafe {
            let (offset, len, item) = (&raw mut offset, &raw mut len, &raw mut item);
            q::JS_GetTypedArrayBuffer(cx.ctx, self.raw(), offset, len, item)
        };
        // Of one whose buffer was detached there is nothing left.
        if cx.result(raw).is_err() {
            return Some(0);
        }
        Some((len / item.max(1)) as usize)
    }

    /// Whether it is a proxy: looking further into it would run its traps.
    pub fn is_proxy(&self) -> bool {
        // SAFETY: it reads the class of the object.
        unsafe { q::JS_IsProxy(self.raw()) }
    }

    /// What a call of it does, when it is a function that a script made.
    pub fn flavour(&self, cx: &mut Cx<'js>) -> Option<Flavour> {
        if self.is_proxy() || !self.0.is_callable() {
            return None;
        }
        match self.class_name().as_str() {
            "AsyncFunction" => return Some(Flavour::Async),
            "GeneratorFunction" => return Some(Flavour::Generator),
            "AsyncGeneratorFunction" => return Some(Flavour::AsyncGenerator),
            "Function" => {}
            _ => return None,
        }
        let source = cx.originals().function_source;
        let source = self.ask(cx, source)?.as_string()?;
        if source.trim_end().ends_with("[native code]\n}") {
            return None;
        }
        let is_class = source.strip_prefix("class").is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '('))
        });
        Some(if is_class {
            Flavour::Class
        } else {
            Flavour::Plain
        })
    }

    /// The buffer, the offset and the length of a `DataView`.
    pub fn data_view(&self, cx: &mut Cx<'js>) -> Option<(Object<'js>, u64, u64)> {
        // SAFETY: it reads the class of the object.
        if !unsafe { q::JS_IsDataView(self.raw()) } {
            return None;
        }
        let originals = cx.originals();
        let (buffer, offset, len) = (
            originals.view_buffer,
            originals.view_offset,
            originals.view_len,
        );
        let buffer = self.ask(cx, buffer)?.as_object()?;
        let offset = self.ask(cx, offset)?.as_number()?;
        let len = self.ask(cx, len)?.as_number()?;
        Some((buffer, offset as u64, len as u64))
    }

    /// The length of a `SharedArrayBuffer`; its bytes belong to other threads too.
    pub fn shared_buffer_len(&self) -> Option<usize> {
        if self.class_name() != "SharedArrayBuffer" {
            return None;
        }
        let mut cx = self.0.token();
        let len = cx.originals().shared_len;
        Some(self.ask(&mut cx, len)?.as_number()? as usize)
    }

    /// The lowest `limit` indices that an ordinary object or array has, in order.
    pub fn first_indices(&self, limit: usize) -> Vec<u32> {
        let mut cx = self.0.token();
        // An array without holes at its start, by far the most common, is not asked for all of its keys.
        if self.is_array() {
            let has =
                |cx: &mut Cx<'js>, index: u32| matches!(self.own_property(cx, index), Ok(Some(_)));
            let limit = u32::try_from(limit).unwrap_or(u32::MAX);
            let dense: Vec<u32> = (0..limit)
                .take_while(|index| has(&mut cx, *index))
                .collect();
            if dense.len() == limit as usize {
                return dense;
            }
        }
        let keys = self.own_keys(&mut cx).unwrap_or_default();
        let indices = keys.iter().filter_map(index);
        indices.take(limit).collect()
    }

    /// The own keys that are no indices, of an array or typed array of `len` elements. The engine lists all keys at once, so of a
    /// huge one, for which that list would take more memory than its elements, none are given.
    pub fn named_keys(&self, cx: &mut Cx<'js>, len: usize) -> Vec<Value<'js>> {
        const HUGE: usize = 1 << 20;
        if len > HUGE {
            return Vec::new();
        }
        let mut keys = self.own_keys(cx).unwrap_or_default();
        keys.retain(|key| index(key).is_none());
        keys
    }
}

/// The array index that a key is, if it is one.
fn index(key: &Value<'_>) -> Option<u32> {
    let text = key.as_string()?;
    let index: u32 = text.parse().ok().filter(|index| *index != u32::MAX)?;
    (index.to_string() == text).then_some(index)
}
