//! Promises, the order of microtasks, and rejections that nobody handled.

use std::cell::RefCell;
use std::rc::Rc;

use super::{engine, eval, law, set_global, text};
use crate::engine::{Object, PromiseState, Value};

#[test]
fn a_promise_is_settled_by_its_resolver() {
    let engine = engine();
    engine.enter(|cx| {
        for (name, fulfil) in [("kept", true), ("broken", false)] {
            let (promise, resolver) = Object::promise(cx);
            assert!(matches!(promise.promise_state(), Some(PromiseState::Pending)));
            set_global(cx, name, promise.to_value());
            eval(cx, &format!("globalThis.said ??= []; {name}.then(v => said.push(['ok', v]), e => said.push(['no', e]))"));
            let settled = match fulfil {
                true => resolver.resolve(cx, Value::int(1)),
                false => resolver.reject(cx, Value::int(2)),
            };
            settled.expect("settling runs no script");
            match (promise.promise_state(), fulfil) {
                (Some(PromiseState::Fulfilled(value)), true) => assert_eq!(value.as_number(), Some(1.0)),
                (Some(PromiseState::Rejected(value)), false) => assert_eq!(value.as_number(), Some(2.0)),
                (other, _) => panic!("{name}: {other:?}"),
            }
        }
        assert_eq!(text(cx, "said"), "", "reactions wait for the drain");
    });
    engine.drain();
    engine.enter(|cx| assert_eq!(text(cx, "said"), "ok,1,no,2"));
}

#[test]
fn microtasks_run_in_order_and_only_when_drained() {
    let engine = engine();
    engine.enter(|cx| {
        let code = "globalThis.order = []; (async () => { order.push(1); await null; order.push(3); await null; order.push(5) })();
             Promise.resolve().then(() => order.push(4)).then(() => order.push(6)); order.push(2)";
        eval(cx, code);
        assert_eq!(text(cx, "order"), "1,2");
    });
    engine.drain();
    engine.enter(|cx| assert_eq!(text(cx, "order"), "1,2,3,4,5,6"));
}

#[test]
fn only_promises_have_a_state() {
    law(|cx| {
        let thenable = eval(cx, "({ then() {} })").as_object().expect("it is one");
        assert!(thenable.promise_state().is_none());
    });
}

#[test]
fn whoever_waits_is_told_once() {
    let engine = engine();
    let told = Rc::new(RefCell::new(Vec::new()));
    engine.enter(|cx| {
        for code in [
            "'plain'",
            "Promise.resolve('kept')",
            "Promise.reject('broken')",
            "new Promise(() => {})",
        ] {
            let told = Rc::clone(&told);
            eval(cx, code).when_settled(cx, move |_, settled| {
                let (Ok(value) | Err(value)) = &settled;
                let text = value.as_string().unwrap_or_default();
                told.borrow_mut().push((settled.is_ok(), text));
            });
        }
        assert_eq!(*told.borrow(), [(true, "plain".to_owned())]);
    });
    engine.drain();
    let expected = [(true, "plain"), (true, "kept"), (false, "broken")];
    assert_eq!(
        *told.borrow(),
        expected.map(|(ok, text)| (ok, text.to_owned()))
    );
}

#[test]
fn rejections_without_a_handler_are_told_after_the_drain() {
    let engine = engine();
    let unhandled = || {
        engine.enter(|cx| {
            let promises = engine.take_unhandled(cx);
            let reason = |promise: &Object<'_>| match promise.promise_state() {
                Some(PromiseState::Rejected(reason)) => reason.as_string().unwrap_or_default(),
                other => panic!("a rejected one: {other:?}"),
            };
            promises.iter().map(reason).collect::<Vec<_>>()
        })
    };
    engine.enter(|cx| {
        eval(cx, "Promise.reject('a'); Promise.reject('b').catch(() => {}); globalThis.later = Promise.reject('c'); Promise.reject('d')");
        eval(cx, "later.catch(() => {})");
        let quiet = eval(cx, "Promise.reject('e')").as_object().expect("it is one");
        quiet.mark_handled(cx);
    });
    engine.drain();
    assert_eq!(unhandled(), ["a", "d"]);
    assert_eq!(unhandled(), [""; 0], "each is told once");
}
