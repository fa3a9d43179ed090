//! Values kept beyond one entry.

use super::{engine, eval};
use crate::engine::Persistent;

#[test]
fn a_kept_value_is_the_same_in_a_later_entry() {
    let engine = engine();
    let kept = engine.enter(|cx| {
        let object = eval(cx, "globalThis.object = { a: 1 }");
        Persistent::new(cx, &object)
    });
    engine.collect();
    engine.enter(|cx| {
        let object = kept.get(cx).expect("it is of this runtime");
        assert!(object.strict_eq(&eval(cx, "object")));
    });
}

#[test]
fn a_kept_value_is_an_error_in_another_runtime() {
    let (one, other) = (engine(), engine());
    let kept = one.enter(|cx| {
        let value = eval(cx, "1");
        Persistent::new(cx, &value)
    });
    other.enter(|cx| assert!(kept.get(cx).is_err()));
    one.enter(|cx| assert!(kept.get(cx).is_ok()));
}

#[test]
fn a_kept_value_may_outlive_its_runtime() {
    let engine = engine();
    let kept = engine.enter(|cx| {
        let value = eval(cx, "({})");
        Persistent::new(cx, &value)
    });
    drop(engine);
    super::engine().enter(|cx| assert!(kept.get(cx).is_err()));
    drop(kept);
}

#[test]
fn a_dropped_one_makes_room_and_leaves_the_others() {
    let engine = engine();
    engine.enter(|cx| {
        let (one, two) = (eval(cx, "1"), eval(cx, "2"));
        let first = Persistent::new(cx, &one);
        let second = Persistent::new(cx, &two);
        drop(first);
        let third = Persistent::new(cx, &one);
        let number = |kept: &Persistent| kept.get(cx).ok().and_then(|value| value.as_number());
        assert_eq!((number(&second), number(&third)), (Some(2.0), Some(1.0)));
    });
}
