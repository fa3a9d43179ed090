//! Host objects: native state behind a JavaScript object.
//!
//! The state is reached only through the token, shared with `&Cx`, exclusively with `&mut Cx`. That
//! is what the unsafe code here rests on. The values in its slots are rows of the runtime's table;
//! its class tells the collector which rows they are.

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::ffi::c_void;
use std::rc::Rc;

use rquickjs_sys as q;

use super::cx::Cx;
use super::object::Object;
use super::persistent::{Table, Tracer};
use crate::engine::Kind;
use crate::engine::natives::ClassDef;
use crate::limits::Held;
use crate::panics::Contained;

struct HostData {
    class: &'static ClassDef,
    state: UnsafeCell<Contained<Box<dyn Any>>>,
    is_poisoned: Cell<bool>,
    /// Where the values in the state's slots are kept.
    table: Rc<Table>,
    _held: Held,
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
unsafe extern "C" fn finalize(_rt: *mut q::JSRuntime, object: q::JSValue) {
    let data = data_of(object);
    if data.is_null() {
        return;
    }
    // SAFETY: the box was leaked into the object, and nothing refers to it any more. The slots of the
    // state free their values; within a collection the engine itself puts that off.
    drop(unsafe { Box::from_raw(data) });
}

/// # Safety
/// The engine calls it during a collection.
unsafe extern "C" fn mark(rt: *mut q::JSRuntime, object: q::JSValue, mark: q::JS_MarkFunc) {
    let data = data_of(object);
    if data.is_null() {
        return;
    }
    // SAFETY: the object owns the box. Whoever borrows the state exclusively holds the token, without
    // which no collection starts.
    let (data, state) = unsafe { (&*data, &***(*data).state.get()) };
    let mut visit = |value| {
        // SAFETY: the value is alive, and the row that owns this reference to it is this object's own.
        unsafe { q::JS_MarkValue(rt, value, mark) };
    };
    (data.class.trace)(state, &mut Tracer::new(&data.table, &mut visit));
}

impl HostObject {
    /// What its class makes it.
    pub(super) fn kind(self) -> Kind {
        match self.class.is_error() {
            true => Kind::Error,
            false => Kind::Host,
        }
    }
}

impl<'js> Object<'js> {
    /// An object of `class` with `state` behind it.
    pub fn new_host(
        cx: &mut Cx<'js>,
        proto: &Object<'js>,
        class: &'static ClassDef,
        state: Box<dyn Any>,
    ) -> Self {
        let bytes = size_of::<HostData>() + size_of_val(&*state);
        let data = HostData {
            _held: cx.account().note(bytes),
            class,
            state: UnsafeCell::new(Contained::new(state)),
            is_poisoned: Cell::new(false),
            table: Rc::clone(&cx.shared().table),
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
        let cx = self.0.token();
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
}
