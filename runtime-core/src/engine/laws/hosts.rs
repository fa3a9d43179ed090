//! Host objects: native state, the values in it that the collector traces, and what becomes of both.

use std::any::TypeId;
use std::cell::Cell;
use std::rc::Rc;

use super::{engine, eval, law, set_global, text};
use crate::definition::ClassDef;
use crate::engine::{Cx, Kind, Object, Persistent, Tracer, Value};
use crate::slots::{Slot, Trace, trace};

/// State that counts how often one of it was dropped.
struct Probe(Rc<Cell<usize>>);

impl Drop for Probe {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

static CLASS: ClassDef = ClassDef::bare("Probe", TypeId::of::<Probe>);

fn host<'js>(cx: &mut Cx<'js>, state: impl std::any::Any) -> Object<'js> {
    let proto = Object::new(cx);
    Object::new_host(cx, &proto, &CLASS, Box::new(state))
}

/// State with a growing list of values, which counts how often one of it was dropped.
struct Keeper {
    values: Vec<Slot>,
    _probe: Probe,
}

// SAFETY: a list owns its items, and has each once.
unsafe impl Trace for Keeper {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.values.trace(tracer);
    }
}

static KEEPER: ClassDef = ClassDef {
    trace: trace::<Keeper>,
    ..ClassDef::bare("Keeper", TypeId::of::<Keeper>)
};

fn keeper<'js>(cx: &mut Cx<'js>, dropped: &Rc<Cell<usize>>) -> Object<'js> {
    let proto = Object::new(cx);
    let state = Keeper {
        values: Vec::new(),
        _probe: Probe(Rc::clone(dropped)),
    };
    Object::new_host(cx, &proto, &KEEPER, Box::new(state))
}

fn values<'a, 'js>(cx: &'a mut Cx<'js>, object: &'a Object<'js>) -> &'a mut Vec<Slot> {
    let state = object.host_state_mut(cx).expect("it has state");
    let keeper: &mut Keeper = state.downcast_mut().expect("it is a keeper");
    &mut keeper.values
}

fn keep<'js>(cx: &mut Cx<'js>, object: &Object<'js>, value: &Value<'js>) {
    let slot = Slot::new(cx, value);
    values(cx, object).push(slot);
}

#[test]
fn state_is_read_and_written_through_the_token() {
    law(|cx| {
        let object = host(cx, 7_u32);
        let state = object.host_state_mut(cx).expect("it has state");
        *state.downcast_mut::<u32>().expect("a number was put in") += 1;
        let state = object.host_state(cx).expect("it has state");
        assert_eq!(state.downcast_ref::<u32>(), Some(&8));
        assert!(state.downcast_ref::<u64>().is_none());
    });
}

#[test]
fn only_host_objects_have_a_class_and_state() {
    law(|cx| {
        let object = host(cx, ());
        assert_eq!(object.kind(), Kind::Host);
        assert_eq!(object.as_host().map(|host| host.class.name), Some("Probe"));
        let plain = eval(cx, "({})").as_object().expect("it is one");
        assert!(plain.as_host().is_none() && plain.host_state(cx).is_none());
    });
}

#[test]
fn a_host_object_is_an_ordinary_object_for_scripts() {
    law(|cx| {
        let object = host(cx, ());
        set_global(cx, "object", object.to_value());
        assert_eq!(
            text(
                cx,
                "object.own = 1; Object.setPrototypeOf(object, { b: 2 }); [object.own, object.b]"
            ),
            "1,2"
        );
        assert_eq!(object.kind(), Kind::Host);
    });
}

#[test]
fn slots_hold_values_that_scripts_do_not_see() {
    law(|cx| {
        let object = keeper(cx, &Rc::default());
        assert!(Slot::default().get(cx).expect("it is empty").is_undefined());
        let text = Value::string(cx, "kept");
        keep(cx, &object, &text);
        cx.collect();
        let slot = values(cx, &object).pop().expect("one was put in");
        let kept = slot.get(cx).expect("it is of this runtime");
        assert_eq!(kept.as_string().as_deref(), Some("kept"));
        set_global(cx, "object", object.to_value());
        assert_eq!(super::text(cx, "Reflect.ownKeys(object).length"), "0");
    });
}

#[test]
fn cycles_through_slots_are_collected() {
    let dropped = Rc::new(Cell::new(0));
    let engine = engine();
    engine.enter(|cx| {
        for _ in 0..1000 {
            let one = keeper(cx, &dropped);
            let other = keeper(cx, &dropped);
            for _ in 0..3 {
                keep(cx, &one, &other.to_value());
                keep(cx, &other, &one.to_value());
            }
        }
    });
    engine.collect();
    assert_eq!(dropped.get(), 2000);
}

#[test]
fn cycles_through_slots_and_closures_of_scripts_are_collected_while_a_script_runs() {
    let dropped = Rc::new(Cell::new(0));
    let engine = engine();
    engine.enter(|cx| {
        let closures = eval(cx, "(object) => () => object")
            .as_function()
            .expect("it is one");
        for _ in 0..1000 {
            let object = keeper(cx, &dropped);
            let listener = closures
                .call(cx, &Value::undefined(), &[object.to_value()])
                .expect("it does not throw");
            keep(cx, &object, &listener);
        }
        cx.collect();
        // The last one may still stand on a stack.
        assert!(dropped.get() >= 999, "{} were dropped", dropped.get());
    });
}

#[test]
fn what_a_slot_holds_lives_as_long_as_its_object() {
    let dropped = Rc::new(Cell::new(0));
    let engine = engine();
    engine.enter(|cx| {
        let outer = keeper(cx, &Rc::default());
        let inner = host(cx, Probe(Rc::clone(&dropped)));
        keep(cx, &outer, &inner.to_value());
        set_global(cx, "outer", outer.to_value());
    });
    engine.collect();
    assert_eq!(dropped.get(), 0);
    engine.enter(|cx| eval(cx, "delete globalThis.outer").to_boolean());
    engine.collect();
    assert_eq!(dropped.get(), 1);
}

#[test]
fn a_slot_without_an_object_keeps_its_value() {
    let dropped = Rc::new(Cell::new(0));
    let engine = engine();
    let slot = engine.enter(|cx| {
        let object = keeper(cx, &dropped);
        keep(cx, &object, &object.to_value());
        Slot::new(cx, &object.to_value())
    });
    engine.collect();
    assert_eq!(dropped.get(), 0);
    drop(slot);
    engine.collect();
    assert_eq!(dropped.get(), 1);
}

#[test]
fn a_slot_that_is_replaced_lets_its_value_go() {
    let dropped = Rc::new(Cell::new(0));
    let engine = engine();
    engine.enter(|cx| {
        let outer = keeper(cx, &Rc::default());
        let inner = host(cx, Probe(Rc::clone(&dropped)));
        keep(cx, &outer, &inner.to_value());
        drop(inner);
        values(cx, &outer)[0] = Slot::default();
        set_global(cx, "outer", outer.to_value());
    });
    engine.collect();
    assert_eq!(dropped.get(), 1);
}

#[test]
fn a_slot_is_an_error_in_another_runtime_and_no_harm_in_its_objects() {
    let (one, other) = (engine(), engine());
    let slot = one.enter(|cx| {
        let value = eval(cx, "globalThis.value = { a: 1 }");
        Slot::new(cx, &value)
    });
    other.enter(|cx| {
        assert!(slot.get(cx).is_err());
        let object = keeper(cx, &Rc::default());
        values(cx, &object).push(slot);
        set_global(cx, "object", object.to_value());
    });
    other.collect();
    one.collect();
    drop(other);
    one.collect();
    one.enter(|cx| assert_eq!(text(cx, "value.a"), "1"));
}

/// The state of one runtime is borrowed while another, whose collector may be the same, collects.
#[test]
fn another_runtime_may_collect_while_slots_are_borrowed() {
    let dropped = Rc::new(Cell::new(0));
    let (one, other) = (engine(), engine());
    one.enter(|cx| {
        let object = keeper(cx, &dropped);
        keep(cx, &object, &object.to_value());
        set_global(cx, "object", object.to_value());
        let values = values(cx, &object);
        values.retain(|_| {
            other.enter(|cx| cx.collect());
            true
        });
        assert_eq!(values.len(), 1);
    });
    other.enter(|cx| cx.collect());
    one.collect();
    assert_eq!(dropped.get(), 0);
    one.enter(|cx| eval(cx, "delete globalThis.object").to_boolean());
    one.collect();
    assert_eq!(dropped.get(), 1);
}

/// What the state keeps as a root is let go with the state, also where the collector frees that.
#[test]
fn a_persistent_in_a_state_that_is_collected_lets_its_value_go() {
    let dropped = Rc::new(Cell::new(0));
    let engine = engine();
    engine.enter(|cx| {
        let inner = host(cx, Probe(Rc::clone(&dropped)));
        let kept = Persistent::new(cx, &inner.to_value());
        host(cx, kept);
    });
    engine.collect();
    engine.enter(|cx| {
        let value = Value::int(1);
        drop(Persistent::new(cx, &value));
    });
    engine.collect();
    assert_eq!(dropped.get(), 1);
}

#[test]
fn state_is_dropped_when_the_runtime_is() {
    let dropped = Rc::new(Cell::new(0));
    let engine = engine();
    engine.enter(|cx| {
        let object = keeper(cx, &dropped);
        keep(cx, &object, &object.to_value());
        set_global(cx, "object", object.to_value());
    });
    drop(engine);
    // Engines may share a collector; the next one sweeps what the last one left.
    super::engine().collect();
    assert_eq!(dropped.get(), 1);
}
