//! Host objects: native state, slots that the collector traces, and what becomes of both.

use std::any::TypeId;
use std::cell::Cell;
use std::rc::Rc;

use super::{engine, eval, law, set_global, text};
use crate::definition::ClassDef;
use crate::engine::{Cx, Kind, Object, Value};

/// State that counts how often one of it was dropped.
struct Probe(Rc<Cell<usize>>);

impl Drop for Probe {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

static CLASS: ClassDef = ClassDef::bare("Probe", TypeId::of::<Probe>);

fn host<'js>(cx: &mut Cx<'js>, state: impl std::any::Any, slots: usize) -> Object<'js> {
    let proto = Object::new(cx);
    Object::new_host(cx, &proto, &CLASS, Box::new(state), slots)
}

#[test]
fn state_is_read_and_written_through_the_token() {
    law(|cx| {
        let object = host(cx, 7_u32, 0);
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
        let object = host(cx, (), 0);
        assert_eq!(object.kind(), Kind::Host);
        assert_eq!(object.as_host().map(|host| host.class.name), Some("Probe"));
        let plain = eval(cx, "({})").as_object().expect("it is one");
        assert!(plain.as_host().is_none() && plain.host_state(cx).is_none());
    });
}

#[test]
fn a_host_object_is_an_ordinary_object_for_scripts() {
    law(|cx| {
        let object = host(cx, (), 0);
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
        let object = host(cx, (), 2);
        assert!(object.slot(cx, 0).is_undefined());
        object.set_slot(cx, 1, Value::int(5));
        assert_eq!(object.slot(cx, 1).as_number(), Some(5.0));
        assert!(object.slot(cx, 9).is_undefined());
        set_global(cx, "object", object.to_value());
        assert_eq!(text(cx, "Reflect.ownKeys(object).length"), "0");
    });
}

#[test]
fn cycles_through_slots_are_collected() {
    let dropped = Rc::new(Cell::new(0));
    let engine = engine();
    engine.enter(|cx| {
        for _ in 0..1000 {
            let one = host(cx, Probe(Rc::clone(&dropped)), 1);
            let other = host(cx, Probe(Rc::clone(&dropped)), 1);
            one.set_slot(cx, 0, other.to_value());
            other.set_slot(cx, 0, one.to_value());
        }
    });
    engine.collect();
    assert_eq!(dropped.get(), 2000);
}

#[test]
fn what_a_slot_holds_lives_as_long_as_its_object() {
    let dropped = Rc::new(Cell::new(0));
    let engine = engine();
    engine.enter(|cx| {
        let outer = host(cx, (), 1);
        let inner = host(cx, Probe(Rc::clone(&dropped)), 0);
        outer.set_slot(cx, 0, inner.to_value());
        set_global(cx, "outer", outer.to_value());
    });
    engine.collect();
    assert_eq!(dropped.get(), 0);
    engine.enter(|cx| eval(cx, "delete globalThis.outer").to_boolean());
    engine.collect();
    assert_eq!(dropped.get(), 1);
}

#[test]
fn state_is_dropped_when_the_runtime_is() {
    let dropped = Rc::new(Cell::new(0));
    let engine = engine();
    engine.enter(|cx| {
        let object = host(cx, Probe(Rc::clone(&dropped)), 1);
        object.set_slot(cx, 0, object.to_value());
        set_global(cx, "object", object.to_value());
    });
    drop(engine);
    // Engines may share a collector; the next one sweeps what the last one left.
    super::engine().collect();
    assert_eq!(dropped.get(), 1);
}
