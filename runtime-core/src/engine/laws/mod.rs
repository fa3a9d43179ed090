//! The laws of the port: what every backend must do alike. They are written against the port alone, so a new backend
//! passes them unchanged.

mod bytes;
mod errors;
mod functions;
mod hosts;
mod limits;
mod modules;
mod objects;
mod persistent;
mod promises;
mod sizes;
mod values;

use std::rc::Rc;

use super::{Cx, Engine, Type, Value};
use crate::error::JsError;
use crate::event_loop::{Driver, Turn};
use crate::limits::Limits;
use crate::loader::Loader;
use crate::permissions::Permissions;
use crate::state::RuntimeState;

/// A fresh engine, with nothing that a script could import.
fn engine() -> Engine {
    limited(Limits::NONE)
}

/// The same, within limits.
fn limited(limits: Limits) -> Engine {
    let loader = Loader::new(&[], Vec::new());
    let state = RuntimeState::new(loader, Rc::new(Permissions::none()), &[], limits);
    Engine::new(Rc::new(state), 2 << 20).expect("the engine starts")
}

/// Runs one law in an engine of its own.
fn law(body: impl for<'js> FnOnce(&mut Cx<'js>)) {
    engine().enter(body);
}

/// The value of a script that does not throw.
fn eval<'js>(cx: &mut Cx<'js>, code: &str) -> Value<'js> {
    match cx.eval(code, "law.js") {
        Ok(value) => value,
        Err(error) => panic!("{code}: {}", JsError::from_error(cx, error)),
    }
}

/// The error of a script that throws.
fn error<'js>(cx: &mut Cx<'js>, code: &str) -> JsError {
    match cx.eval(code, "law.js") {
        Ok(value) => panic!("{code}: did not throw, but gave {value:?}"),
        Err(error) => JsError::from_error(cx, error),
    }
}

/// `String(value)` of a script's result.
fn text<'js>(cx: &mut Cx<'js>, code: &str) -> String {
    let value = eval(cx, code);
    value.to_text(cx).expect("it becomes a string")
}

/// Puts a value where scripts see it.
fn set_global<'js>(cx: &mut Cx<'js>, name: &str, value: Value<'js>) {
    let global = cx.global();
    global
        .set(cx, name, value)
        .expect("the global object takes properties");
}

/// Runs the loop until nothing is pending.
fn run(engine: &Engine) {
    struct Turns<'a>(&'a Engine);
    impl Driver for Turns<'_> {
        fn turn(&self, turn: Turn) {
            self.0.enter(|cx| turn(cx));
        }
        fn settle(&self) -> bool {
            self.0.drain();
            self.0.state().judge();
            self.0.state().fatal().is_none()
        }
        fn deadline(&self) -> Option<crate::clock::Instant> {
            self.0.state().watch.deadline()
        }
    }
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("tokio starts");
    tokio.block_on(engine.state().event_loop.run(&Turns(engine), || false));
}

/// What a value is, in words that fail with a readable difference.
fn type_of(cx: &mut Cx<'_>, code: &str) -> Type {
    eval(cx, code).type_of()
}
