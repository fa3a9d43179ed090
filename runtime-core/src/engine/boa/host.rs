//! Host objects: native state behind a JavaScript object.
//!
//! The state is reached only through the token, shared with `&Cx`, exclusively with `&mut Cx`. That
//! is what the unsafe code here rests on. The values in its slots are rows of the runtime's table;
//! its class tells the collector which rows they are.

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::rc::Weak;

use boa_engine::{Finalize, JsData, JsObject, JsValue, Trace};

use super::cx::Cx;
use super::object::Object;
use super::persistent::{Table, Tracer};
use crate::engine::Kind;
use crate::engine::natives::ClassDef;
use crate::limits::Held;
use crate::panics::Contained;

#[derive(Finalize, JsData)]
struct HostData {
    class: &'static ClassDef,
    state: UnsafeCell<Contained<Box<dyn Any>>>,
    is_poisoned: Cell<bool>,
    /// Where the values in the state's slots are kept.
    table: Weak<Table>,
    _held: Held,
}

impl HostData {
    /// Visits the rows of the state's slots.
    fn rows(&self, visit: &mut dyn FnMut(&mut Option<JsValue>)) {
        // All runtimes of a thread share one collector. The state may be borrowed by native code that
        // waits for another runtime: only the rows of the runtime that is entered are looked at.
        if !Table::may_visit(&self.table) {
            return;
        }
        // SAFETY: whoever borrows the state exclusively holds the token of its runtime, without which
        // no collection starts but those of another runtime, which were told apart above.
        let state = unsafe { &***self.state.get() };
        (self.class.trace)(state, &mut Tracer::new(visit));
    }
}

// SAFETY: the three functions visit the same rows, each of which belongs to this object alone. The
// object owns a row's value once it was traced, so the finalizer takes the value out of the row.
unsafe impl Trace for HostData {
    unsafe fn trace(&self, tracer: &mut boa_gc::Tracer) {
        self.rows(&mut |row| {
            if let Some(value) = row {
                // SAFETY: the collector is tracing this object.
                unsafe { value.trace(tracer) };
            }
        });
    }

    unsafe fn trace_non_roots(&self) {
        self.rows(&mut |row| {
            if let Some(value) = row {
                // SAFETY: the collector is counting what its own objects refer to.
                unsafe { value.trace_non_roots() };
            }
        });
    }

    fn run_finalizer(&self) {
        Finalize::finalize(self);
        self.rows(&mut |row| drop(row.take()));
    }
}

/// What a host object is, found by [`Object::as_host`].
#[derive(Clone, Copy, Debug)]
pub struct HostObject {
    /// The class that it was made as.
    pub class: &'static ClassDef,
    /// Whether native code panicked while it was changing the state.
    pub is_poisoned: bool,
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
            table: Table::of(cx),
        };
        Object::wrap(JsObject::from_proto_and_data(proto.raw.clone(), data).upcast())
    }

    /// What kind of host object it is, when it is one.
    pub fn as_host(&self) -> Option<HostObject> {
        self.raw.downcast_ref::<HostData>().map(|data| HostObject {
            class: data.class,
            is_poisoned: data.is_poisoned.get(),
        })
    }

    /// Says of a host object that its state may be half changed: no native function takes it any more.
    pub(crate) fn poison(&self) {
        if let Some(data) = self.raw.downcast_ref::<HostData>() {
            data.is_poisoned.set(true);
        }
    }

    /// The state behind a host object.
    pub fn host_state<'a>(&'a self, _cx: &'a Cx<'js>) -> Option<&'a dyn Any> {
        let data = self.raw.downcast_ref::<HostData>()?;
        // SAFETY: the box is never replaced, and `self` keeps the object, hence the box, alive for 'a. The token is shared for
        // 'a, so nobody holds the exclusive reference of `host_state_mut`, and no script or collector can run meanwhile.
        Some(unsafe { &***data.state.get() })
    }

    /// The state behind a host object, exclusively.
    pub fn host_state_mut<'a>(&'a self, _cx: &'a mut Cx<'js>) -> Option<&'a mut dyn Any> {
        let data = self.raw.downcast_ref::<HostData>()?;
        // SAFETY: as above; the token is exclusive for 'a, so this is the only reference to any state of this runtime.
        Some(unsafe { &mut ***data.state.get() })
    }
}
