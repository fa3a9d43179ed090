//! Host objects: native state and traced slots behind a JavaScript object.
//!
//! The state holds no JavaScript values (those live in the slots, where the collector sees them) and is reached only through
//! the token, shared with `&Cx`, exclusively with `&mut Cx`. That is what the unsafe code here rests on.

use std::any::Any;
use std::cell::{Cell, UnsafeCell};

use boa_engine::{Finalize, JsData, JsObject, JsValue, Trace};

use super::cx::Cx;
use super::object::Object;
use super::value::Value;
use crate::definition::ClassDef;
use crate::limits::Held;
use crate::panics::Contained;

#[derive(Trace, Finalize, JsData)]
struct HostData {
    #[unsafe_ignore_trace]
    class: &'static ClassDef,
    #[unsafe_ignore_trace]
    state: UnsafeCell<Contained<Box<dyn Any>>>,
    #[unsafe_ignore_trace]
    is_poisoned: Cell<bool>,
    slots: boa_gc::GcRefCell<Vec<JsValue>>,
    #[unsafe_ignore_trace]
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

impl<'js> Object<'js> {
    /// An object of `class` with `state` behind it and `slots` that hold `undefined`.
    pub fn new_host(
        cx: &mut Cx<'js>,
        proto: &Object<'js>,
        class: &'static ClassDef,
        state: Box<dyn Any>,
        slots: usize,
    ) -> Self {
        let bytes = size_of::<HostData>() + size_of_val(&*state) + slots * size_of::<JsValue>();
        let data = HostData {
            _held: cx.account().note(bytes),
            class,
            state: UnsafeCell::new(Contained::new(state)),
            is_poisoned: Cell::new(false),
            slots: boa_gc::GcRefCell::new(vec![JsValue::undefined(); slots]),
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

    /// Slot `index` of a host object.
    pub fn slot(&self, _cx: &Cx<'js>, index: usize) -> Value<'js> {
        let value = self
            .raw
            .downcast_ref::<HostData>()
            .and_then(|data| data.slots.borrow().get(index).cloned());
        value.map_or_else(Value::undefined, Value::wrap)
    }

    /// Puts `value` into slot `index` of a host object.
    pub fn set_slot(&self, _cx: &mut Cx<'js>, index: usize, value: Value<'js>) {
        if let Some(data) = self.raw.downcast_ref::<HostData>()
            && let Some(slot) = data.slots.borrow_mut().get_mut(index)
        {
            *slot = value.raw;
        }
    }
}
