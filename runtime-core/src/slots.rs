//! Slots: JavaScript values in the state of a native class, where the collector sees them.
//!
//! A [`Persistent`] is a root: an object whose state has one that leads back to the object is never
//! freed. A [`Slot`] belongs to the object instead, and goes with it. The boundary: which parts of a
//! state hold values. How a collector goes through them is the port's.

use std::any::Any;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;

use crate::engine::{Cx, Error, Persistent, Tracer, Value};

/// A JavaScript value in the state of a native class. No script sees it, and it lives as long as the
/// object: cycles that go through it are collected.
///
/// It stands in a field with `#[js(slot)]`, by itself or in a collection. To change it, assign a new
/// one. A slot that no object owns keeps its value alive, as a [`Persistent`] does.
///
/// ```
/// # #[cfg(feature = "engine")]
/// # mod example {
/// use runtime_core::prelude::*;
///
/// #[js_class]
/// struct Signal {
///     #[js(slot)]
///     reason: Slot,
/// }
///
/// #[js_class]
/// impl Signal {
///     #[js(constructor)]
///     fn new() -> Self {
///         Self { reason: Slot::default() }
///     }
///
///     fn abort<'js>(cx: &mut Cx<'js>, this: Instance<'js, Self>, reason: Value<'js>) {
///         let reason = Slot::new(cx, &reason);
///         this.get_mut(cx).reason = reason;
///     }
///
///     #[js(get)]
///     fn reason<'js>(cx: &mut Cx<'js>, this: Instance<'js, Self>) -> Result<Value<'js>, Error<'js>> {
///         this.get(cx).reason.get(cx)
///     }
/// }
/// # }
/// ```
#[derive(Default)]
pub struct Slot(Option<Persistent>);

impl Slot {
    /// A slot that holds `value`. An empty one, `Slot::default()`, holds `undefined`.
    pub fn new<'js>(cx: &Cx<'js>, value: &Value<'js>) -> Self {
        Self((!value.is_undefined()).then(|| Persistent::new(cx, value)))
    }

    /// What it holds. A value of another runtime is an error.
    pub fn get<'js>(&self, cx: &Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        match &self.0 {
            Some(kept) => kept.get(cx),
            None => Ok(Value::undefined()),
        }
    }

    /// Whether it holds `undefined`.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() {
            "Slot(empty)"
        } else {
            "Slot"
        })
    }
}

/// What may stand in a field with `#[js(slot)]`: [`Slot`], collections of it, and structs of yours
/// with `#[derive(Trace)]`.
///
/// # Safety
/// `trace` shows the tracer each slot that `self` owns at most once, and none that another object
/// owns too. A slot that it leaves out is a root.
#[diagnostic::on_unimplemented(
    message = "the collector cannot look for slots in `{Self}`",
    label = "not a slot, nor a collection of slots",
    note = "take `Slot`, or `Option`, `Box`, `Vec`, `VecDeque`, `HashMap` or `BTreeMap` of it; on a struct of yours, put `#[derive(Trace)]`"
)]
pub unsafe trait Trace {
    /// Shows the slots to the tracer.
    fn trace(&self, tracer: &mut Tracer<'_>);
}

// SAFETY: it is one slot.
unsafe impl Trace for Slot {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if let Some(kept) = &self.0 {
            tracer.visit(kept);
        }
    }
}

// SAFETY: a box owns what is in it.
unsafe impl<T: Trace + ?Sized> Trace for Box<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        (**self).trace(tracer);
    }
}

// SAFETY: an option owns what is in it.
unsafe impl<T: Trace> Trace for Option<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.iter().for_each(|item| item.trace(tracer));
    }
}

// SAFETY: a list owns its items, and has each once.
unsafe impl<T: Trace> Trace for Vec<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.iter().for_each(|item| item.trace(tracer));
    }
}

// SAFETY: as above.
unsafe impl<T: Trace> Trace for VecDeque<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.iter().for_each(|item| item.trace(tracer));
    }
}

// SAFETY: as above. Keys hold no slots that are traced.
unsafe impl<K, V: Trace, S> Trace for HashMap<K, V, S> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.values().for_each(|item| item.trace(tracer));
    }
}

// SAFETY: as above.
unsafe impl<K, V: Trace> Trace for BTreeMap<K, V> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.values().for_each(|item| item.trace(tracer));
    }
}

/// What the table of the class `T` has: shows the slots of a state that is a `T`.
pub fn trace<T: Trace + Any>(state: &dyn Any, tracer: &mut Tracer<'_>) {
    if let Some(state) = state.downcast_ref::<T>() {
        state.trace(tracer);
    }
}
