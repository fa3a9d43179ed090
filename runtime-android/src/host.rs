//! The host's side of a script: functions of Java's that it calls, the exceptions that they throw, and what takes the console's lines.
//!
//! A function or an exception of Java's stays in Java, in a table of the bridge's. In a script an exception is the cause of an error, and a
//! hidden property of that cause holds its number: as long as a script can reach the one, Java keeps the other.

use std::cell::RefCell;
use std::collections::HashMap;

use runtime_core::engine::{Args, Closure, Cx, Function, Key, Object, Property, Resolver, Value};
use runtime_core::prelude::*;
use runtime_core::{JsError, Plain};

use crate::bridge::Bridge;
use crate::wire::{self, Answer, CAUSES, Failure};

/// The property that holds the [`Exception`].
const HELD: &str = "javaThrowable";

/// An exception of Java's that scripts can reach.
#[js_class(name = "JavaThrowable")]
struct Exception {
    number: i64,
    bridge: Bridge,
}

#[js_class]
impl Exception {}

impl Drop for Exception {
    fn drop(&mut self) {
        self.bridge.release(self.number);
    }
}

/// A function of the host's that scripts can reach.
struct HostFunction {
    number: i32,
    bridge: Bridge,
}

impl Drop for HostFunction {
    fn drop(&mut self) {
        self.bridge.forget(self.number);
    }
}

/// The promises that Java has to settle, by its tickets.
#[derive(Default)]
struct Promises(RefCell<HashMap<i64, Resolver>>);

/// Defines the global function `name`, which calls the host's with this number.
pub(crate) fn register<'js>(
    cx: &mut Cx<'js>,
    bridge: &Bridge,
    name: &str,
    number: i32,
) -> Result<(), Error<'js>> {
    fn general<F>(f: F) -> F
    where
        F: for<'a> Fn(&mut Cx<'a>, &Args<'_, 'a>) -> Result<Value<'a>, Error<'a>>,
    {
        f
    }
    let bridge = bridge.clone();
    let host = HostFunction { number, bridge };
    let closure: Closure = Box::new(general(move |cx, args| call(cx, args, &host)));
    let function = Function::closure(cx, name, 0, closure);
    let global = cx.global();
    global.define(cx, name, Property::hidden(function.to_value()))
}

fn call<'js>(
    cx: &mut Cx<'js>,
    args: &Args<'_, 'js>,
    host: &HostFunction,
) -> Result<Value<'js>, Error<'js>> {
    let HostFunction { number, bridge } = host;
    let args = Plain::Array(Plain::from_args(cx, args)?);
    match bridge.call(*number, &wire::value(&args))? {
        Answer::Value(value) => value.into_js(cx),
        Answer::Error(failure) => Err(thrown(cx, bridge, failure)),
        Answer::Promise(ticket) => {
            let (promise, resolver) = Object::promise(cx);
            let promises = cx.local::<Promises>();
            promises.0.borrow_mut().insert(ticket, resolver);
            Ok(promise.to_value())
        }
    }
}

/// Settles the promise with this ticket.
pub(crate) fn settle(cx: &mut Cx<'_>, bridge: &Bridge, ticket: i64, answer: Answer) {
    let promises = cx.local::<Promises>();
    let Some(resolver) = promises.0.borrow_mut().remove(&ticket) else {
        return;
    };
    let result = match answer {
        Answer::Value(value) => value.into_js(cx),
        Answer::Error(failure) => Err(thrown(cx, bridge, failure)),
        Answer::Promise(_) => Ok(Value::undefined()),
    };
    // Settling runs no script of its own; a fatal error is remembered by the runtime.
    let _ = match result {
        Ok(value) => resolver.resolve(cx, value),
        Err(error) => match error.into_value(cx) {
            Ok(reason) => resolver.reject(cx, reason),
            Err(_) => Ok(()),
        },
    };
}

/// The error to throw in a script for one of the host's.
fn thrown<'js>(cx: &mut Cx<'js>, bridge: &Bridge, failure: Failure) -> Error<'js> {
    let Failure { error, exceptions } = failure;
    // Made first: what is not attached to an error is given back.
    let held: Vec<Option<Exception>> = exceptions
        .into_iter()
        .map(|number| {
            let bridge = bridge.clone();
            (number != 0).then_some(Exception { number, bridge })
        })
        .collect();
    let value = match Error::from(error).into_value(cx) {
        Ok(value) => value,
        Err(fatal) => return Error::Fatal(fatal),
    };
    let mut at = value.as_object();
    for exception in held {
        let Some(error) = at else { break };
        if let Some(exception) = exception
            && let Err(error) = hold(cx, &error, exception)
        {
            return error;
        }
        at = cause(cx, &error);
    }
    Error::Thrown(value)
}

fn hold<'js>(
    cx: &mut Cx<'js>,
    error: &Object<'js>,
    exception: Exception,
) -> Result<(), Error<'js>> {
    let held = exception.into_js(cx)?;
    let property = Property {
        enumerable: false,
        ..Property::constant(held)
    };
    error.define(cx, HELD, property)
}

/// What a script threw, with the exceptions of Java's that it and its causes stand for. Java keeps each until it has got it.
pub(crate) fn failure<'js>(cx: &mut Cx<'js>, error: Error<'js>) -> Failure {
    let value = match error.into_value(cx) {
        Ok(value) => value,
        Err(fatal) => return JsError::from(fatal).into(),
    };
    let mut exceptions = Vec::new();
    let mut at = value.as_object();
    while let Some(error) = at {
        exceptions.push(on_its_way(cx, &error));
        at = match exceptions.len() < CAUSES {
            true => cause(cx, &error),
            false => None,
        };
    }
    let error = JsError::from_value(cx, &value);
    Failure { error, exceptions }
}

/// The number of the exception that an error stands for; 0: none.
fn on_its_way<'js>(cx: &mut Cx<'js>, error: &Object<'js>) -> i64 {
    let held = own(cx, error, HELD);
    let held = held.and_then(|held| Instance::<Exception>::from_js(cx, &held).ok());
    held.map_or(0, |held| {
        let Exception { number, bridge } = held.get(cx);
        bridge.retain(*number);
        *number
    })
}

fn cause<'js>(cx: &mut Cx<'js>, error: &Object<'js>) -> Option<Object<'js>> {
    own(cx, error, "cause")?.as_object()
}

/// The value of an own data property: no getter runs.
fn own<'js>(cx: &mut Cx<'js>, object: &Object<'js>, key: &str) -> Option<Value<'js>> {
    let property = object.own_property(cx, Key::Name(key)).ok()??;
    property.value
}

/// Sends the console's lines to Java, or where this system has them.
#[cfg(feature = "console")]
pub(crate) fn redirect(runtime: &runtime_core::JsRuntime, output: Option<Bridge>) {
    match output {
        Some(bridge) => {
            runtime.enter(|cx| module_console::redirect(cx, Lines(bridge)));
        }
        #[cfg(target_os = "android")]
        None => runtime.enter(|cx| module_console::redirect(cx, crate::log::Log)),
        #[cfg(not(target_os = "android"))]
        None => {}
    }
}

/// The console's lines on their way to Java.
#[cfg(feature = "console")]
#[derive(Debug)]
struct Lines(Bridge);

#[cfg(feature = "console")]
impl module_console::Sink for Lines {
    fn write(&mut self, stream: module_console::Stream, lines: &str) -> std::io::Result<()> {
        let is_error = stream == module_console::Stream::Err;
        let written = self.0.write(is_error, lines);
        written.map_err(|error| std::io::Error::other(error.to_string()))
    }
}
