//! Host objects: native state and traced slots behind a JavaScript object.
//!
//! The state holds no JavaScript values (those live in the slots, where the collector sees them) and is reached only through
//! the token, shared with `&Cx`, exclusively with `&mut Cx`. That is what the unsafe code here rests on.

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::ffi::c_void;

use rquickjs_sys as q;

use super::cx::Cx;
use super::object::Object;
use super::value::Value;
use crate::definition::ClassDef;
use crate::limits::Held;
use crate::panics::Contained;

struct HostData {
    class: &'static ClassDef,
    state: UnsafeCell<Contained<Box<dyn Any>>>,
    is_poisoned: Cell<bool>,
    /// References that this object owns.
    slots: UnsafeCell<Vec<q::JSValue>>,
    held: Held,
}

/// What a host object is, found by [`Object::as_host`].
#[derive(Clone, Copy, Debug)]
pub struct HostObject {
    /// The class that it was made as.
    pub class: &'static ClassDef,
    /// Whether native code panicked while it was changing the state.
    pub is_poisoned: bool,
}

/// The engine's own class for host objects.
pub(super) const HOST_CLASS: q::JSClassDef = q::JSClassDef {
    class_name: c"Host".as_ptr(),
    finalizer: Some(finalize),
    gc_mark: Some(mark),
    call: None,
    exotic: std::ptr::null_mut(),
};

fn data_of(object: q::JSValue) -> *mut HostData {
    let mut class = 0;
    // SAFETY: the opaque pointer is read as what it is only for objects of the class, which its callers know.
    unsafe { q::JS_GetAnyOpaque(object, &raw mut class).cast() }
}

/// # Safety
/// The engine calls it once, when the object is freed.
unsafe extern "C" fn finalize(rt: *mut q::JSRuntime, object: q::JSValue) {
    let data = data_of(object);
    if data.is_null() {
        return;
    }
    // SAFETY: the box was leaked into the object, and nothing refers to it any more.
    let data = unsafe { Box::from_raw(data) };
    drop(data.held);
    for slot in data.slots.into_inner() {
        // SAFETY: the object owned one reference to each; within a collection the engine itself puts the freeing off.
        unsafe { q::JS_FreeValueRT(rt, slot) };
    }
}

/// # Safety
/// The engine calls it during a collection.
unsafe extern "C" fn mark(rt: *mut q::JSRuntime, object: q::JSValue, mark: q::JS_MarkFunc) {
    let data = data_of(object);
    if data.is_null() {
        return;
    }
    // SAFETY: a collection does not run while a slot is being replaced.
    for slot in unsafe { &*(*data).slots.get() } {
        // SAFETY: the slot's value is alive.
        unsafe { q::JS_MarkValue(rt, *slot, mark) };
    }
}

impl<'js> Object<'js> {
    /// An object of `class` with `state` behind it and `slots` that hold `undefined`.
    pub fn new_host(
        cx: &mut Cx<'js>,
        proto: &Object<'js>,
        class: &'static ClassDef,
        state: Box<dyn Any>,
        slots: usize,
    ) -> Self {
        let bytes = size_of::<HostData>() + size_of_val(&*state) + slots * size_of::<q::JSValue>();
        let data = HostData {
            held: cx.account().note(bytes),
            class,
            state: UnsafeCell::new(Contained::new(state)),
            is_poisoned: Cell::new(false),
            slots: UnsafeCell::new(vec![q::JS_UNDEFINED; slots]),
        };
        // SAFETY: the object is fresh; it owns the box from here on, and its class frees it.
        let raw = unsafe {
            let raw = q::JS_NewObjectProtoClass(cx.ctx, proto.raw(), cx.shared().host_class);
            if super::value::tag(raw) == q::JS_TAG_OBJECT {
                q::JS_SetOpaque(raw, Box::into_raw(Box::new(data)).cast::<c_void>());
            }
            raw
        };
        Object::from_value(cx.made(raw))
    }

    fn host_data(&self) -> Option<&HostData> {
        if self.0.ctx.is_null() {
            return None;
        }
        let cx: Cx<'js> = Cx::new(self.0.ctx);
        // SAFETY: of an object of another class it is null; of one of this class the box that `self` keeps alive, which is never
        // replaced.
        unsafe {
            q::JS_GetOpaque(self.raw(), cx.shared().host_class)
                .cast::<HostData>()
                .as_ref()
        }
    }

    /// What kind of host object it is, when it is one.
    pub fn as_host(&self) -> Option<HostObject> {
        self.host_data().map(|data| HostObject {
            class: data.class,
            is_poisoned: data.is_poisoned.get(),
        })
    }

    /// Says of a host object that its state may be half changed: no native function takes it any more.
    pub(crate) fn poison(&self) {
        if let Some(data) = self.host_data() {
            data.is_poisoned.set(true);
        }
    }

    /// The state behind a host object.
    pub fn host_state<'a>(&'a self, _cx: &'a Cx<'js>) -> Option<&'a dyn Any> {
        let data = self.host_data()?;
        // SAFETY: the box is never replaced, and `self` keeps the object, hence the box, alive for 'a. The token is shared for
        // 'a, so nobody holds the exclusive reference of `host_state_mut`, and no script or collector can run meanwhile.
        Some(unsafe { &***data.state.get() })
    }

    /// The state behind a host object, exclusively.
    pub fn host_state_mut<'a>(&'a self, _cx: &'a mut Cx<'js>) -> Option<&'a mut dyn Any> {
        let data = self.host_data()?;
        // SAFETY: as above; the token is exclusive for 'a, so this is the only reference to any state of this runtime.
        Some(unsafe { &mut ***data.state.get() })
    }

    /// Slot `index` of a host object.
    pub fn slot(&self, cx: &Cx<'js>, index: usize) -> Value<'js> {
        let raw = self.host_data().and_then(|data| {
            // SAFETY: the slots are borrowed only for this copy, and nothing runs meanwhile.
            unsafe { (&*data.slots.get()).get(index).copied() }
        });
        raw.map_or_else(Value::undefined, |raw| Value::borrow(cx.ctx, raw))
    }

    /// Puts `value` into slot `index` of a host object.
    pub fn set_slot(&self, cx: &mut Cx<'js>, index: usize, value: Value<'js>) {
        let Some(data) = self.host_data() else {
            return;
        };
        // SAFETY: as above.
        let slot = unsafe { (&mut *data.slots.get()).get_mut(index) };
        if let Some(slot) = slot {
            let old = std::mem::replace(slot, value.into_raw());
            // The old value goes last: freeing it may run a destructor that looks at this object.
            drop(Value::wrap(cx.ctx, old));
        }
    }
}
