//! Classes that hold JavaScript values: the hard case, a target with a growing list of listeners, and a
//! signal that extends it and has a reason.

use std::cell::Cell;

use runtime_core::JsRuntime;
use runtime_core::prelude::*;

use crate::{check, runtime};

thread_local! {
    /// How many targets there are.
    static ALIVE: Cell<usize> = const { Cell::new(0) };
}

#[js_module(globals)]
mod plain {
    use super::*;

    struct Alive;

    impl Alive {
        fn new() -> Self {
            ALIVE.set(ALIVE.get() + 1);
            Self
        }
    }

    impl Drop for Alive {
        fn drop(&mut self) {
            ALIVE.set(ALIVE.get() - 1);
        }
    }

    #[derive(Trace)]
    struct Listener {
        kind: String,
        #[js(slot)]
        callback: Slot,
    }

    #[js_class]
    struct Target {
        #[js(slot)]
        listeners: Vec<Listener>,
        _alive: Alive,
    }

    #[js_class]
    impl Target {
        #[js(constructor)]
        fn new() -> Self {
            Self {
                listeners: Vec::new(),
                _alive: Alive::new(),
            }
        }

        fn listen<'js>(
            cx: &mut Cx<'js>,
            this: Instance<'js, Self>,
            kind: String,
            callback: Function<'js>,
        ) {
            let callback = Slot::new(cx, &callback.to_value());
            this.get_mut(cx).listeners.push(Listener { kind, callback });
        }

        fn dispatch<'js>(
            cx: &mut Cx<'js>,
            this: Instance<'js, Self>,
            kind: String,
        ) -> Result<u32, Error<'js>> {
            let mut calls = 0;
            let mut at = 0;
            // A listener may add others, and take itself away.
            while let Some(listener) = this.get(cx).listeners.get(at) {
                at += 1;
                if listener.kind != kind {
                    continue;
                }
                let callback = listener.callback.get(cx)?.as_function();
                if let Some(callback) = callback {
                    callback.call(cx, &this.object().to_value(), &[])?;
                    calls += 1;
                }
            }
            Ok(calls)
        }

        fn forget(&mut self) {
            self.listeners.clear();
        }

        #[js(get)]
        fn size(&self) -> usize {
            self.listeners.len()
        }
    }

    #[js_class(extends = Target)]
    struct Signal {
        #[js(base)]
        target: Target,
        #[js(slot)]
        reason: Slot,
    }

    #[js_class]
    impl Signal {
        #[js(constructor)]
        fn new<'js>(cx: &mut Cx<'js>, reason: Value<'js>) -> Result<Self, JsError> {
            let target = Target::new();
            let kept = Slot::new(cx, &reason);
            // It throws half way, with a slot that is filled.
            if reason.is_nullish() {
                return Err(JsError::type_error("a signal wants a reason"));
            }
            Ok(Self {
                target,
                reason: kept,
            })
        }

        #[js(get)]
        fn reason<'js>(
            cx: &mut Cx<'js>,
            this: Instance<'js, Self>,
        ) -> Result<Value<'js>, Error<'js>> {
            this.get(cx).reason.get(cx)
        }

        #[js(set)]
        fn set_reason<'js>(cx: &mut Cx<'js>, this: Instance<'js, Self>, reason: Value<'js>) {
            let reason = Slot::new(cx, &reason);
            this.get_mut(cx).reason = reason;
        }

        #[js(get)]
        fn is_bare(&self) -> bool {
            self.reason.is_empty() && self.target.listeners.is_empty()
        }
    }
}

#[test]
fn what_a_slot_holds_comes_back() {
    check(
        &MODULE,
        &[
            ("((o) => new Signal(o).reason === o)({})", "true"),
            (
                "((s) => (s.reason = undefined, [s.reason, s.isBare]))(new Signal(1))",
                ",true",
            ),
            (
                "((t, n) => (t.listen('a', () => n.push(1)), t.listen('b', () => n.push(2)), t.listen('a', () => n.push(3)), [t.dispatch('a'), n]))(new Target(), [])",
                "2,1,3",
            ),
            (
                "((t) => (t.listen('a', () => t.forget()), t.listen('a', () => 1), [t.dispatch('a'), t.size]))(new Target())",
                "1,0",
            ),
        ],
    );
}

#[test]
fn no_script_sees_or_changes_a_slot() {
    let patched = "Array.prototype.push = Array.prototype[0] = () => { throw 1 };
        Object.defineProperty(Object.prototype, 'listeners', { set() { throw 2 } });";
    check(
        &MODULE,
        &[
            ("Reflect.ownKeys(new Signal(1)).length", "0"),
            (
                &format!(
                    "(() => {{ {patched} const t = new Target(); t.listen('a', () => 1); return t.dispatch('a') }})()"
                ),
                "1",
            ),
        ],
    );
}

#[test]
fn classes_of_scripts_and_of_rust_extend_one_with_slots() {
    check(
        &MODULE,
        &[
            (
                "((s, n) => (s.listen('a', () => n.push(s.reason)), s.dispatch('a'), n))(new Signal('r'), [])",
                "r",
            ),
            (
                "(() => { class Mine extends Signal { constructor() { super('mine'); this.listen('a', () => this.seen = this.reason) } } const m = new Mine(); m.dispatch('a'); return m.seen })()",
                "mine",
            ),
            (
                "new Signal(null)",
                "thrown TypeError: a signal wants a reason",
            ),
        ],
    );
}

/// Runs `body` many times, and checks that what it made did not pile up: nobody asked for a collection.
#[track_caller]
fn is_collected(body: &str) {
    const TIMES: usize = 20_000;
    let mut runtime: JsRuntime = runtime(&MODULE);
    let script = format!("for (let i = 0; i < {TIMES}; i++) {{ {body} }}");
    runtime.eval_blocking(&script).expect("it does not throw");
    let alive = ALIVE.get();
    assert!(alive < TIMES / 2, "{alive} of {TIMES} are alive: {body}");
    drop(runtime);
    assert_eq!(ALIVE.get(), 0, "{body}");
}

#[test]
fn cycles_through_listeners_are_collected() {
    is_collected("const t = new Target(); t.listen('a', () => t); t.listen('b', () => t);");
    is_collected("const s = new Signal({}); s.reason.signal = s; s.listen('a', () => s);");
    is_collected("class S extends Signal {} const s = new S({}); s.reason.signal = s; s.own = s;");
    is_collected("try { new Signal() } catch (error) { globalThis.last = error }");
}
