//! Entries into the engine: who runs a script from outside goes through [`run`], so that what ends a runtime ends it here.
//!
//! A panic of the engine is caught where the script was entered first, and a native function's where it was called (`function.rs`). What
//! lies between is unwound and never looked at again. The context may be broken then. It is kept until the runtime is dropped, since handles
//! refer into it, but it is closed: nothing is executed in it any more.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use boa_engine::error::{EngineError, PanicError};
use boa_engine::{Context, JsError as RawError, JsResult};

use super::cx::Cx;
use super::error;
use crate::error::Fatal;
use crate::error::LimitHit;
use crate::limits::{Limits, process};
use crate::panics::Panic;
use crate::state::RuntimeState;

/// Runs `f`, which enters the engine, unless nothing more may run.
pub(super) fn run<T>(
    context: &mut Context,
    f: impl FnOnce(&mut Context) -> JsResult<T>,
) -> JsResult<T> {
    // A script is running: whoever entered it first catches, and not the native function that entered it again.
    if context.stack_trace().next().is_some() {
        return catch_unwind(AssertUnwindSafe(|| f(context)))
            .unwrap_or_else(|payload| Panic::caught(&*payload).internal().go_on());
    }
    if Cx::new(context).state().fatal().is_some() {
        return Err(uncatchable());
    }
    match catch_unwind(AssertUnwindSafe(|| f(context))) {
        Ok(result) => result,
        Err(payload) => Err(PanicError::new(words(&*payload)).into()),
    }
    .inspect_err(|error| {
        if let Some(engine) = error.as_engine() {
            end_by(context, engine, error);
        }
    })
}

/// Runs a task that enters the engine whenever it is polled.
pub(super) async fn task(state: Rc<RuntimeState>, task: impl Future<Output = ()>) {
    let mut task = Box::pin(task);
    std::future::poll_fn(|waker| {
        if state.fatal().is_some() {
            return Poll::Ready(());
        }
        let _running = state.watch.run();
        let poll = AssertUnwindSafe(|| Pin::as_mut(&mut task).poll(waker));
        catch_unwind(poll).unwrap_or_else(|panic| {
            state.set_fatal(Fatal::Engine(words(&*panic)));
            Poll::Ready(())
        })
    })
    .await;
}

/// What the engine throws and no script catches. Why is remembered by the state.
pub(super) fn uncatchable() -> RawError {
    PanicError::new("the script has ended").into()
}

/// Remembers why nothing more may run, and where the script was, and sees to it.
pub(super) fn end(context: &mut Context, fatal: Fatal) {
    let mut cx = Cx::new(context);
    if cx.state().fatal().is_none() {
        let at = error::position(&mut cx);
        cx.state().set_fatal(fatal);
        if let Some(at) = at {
            cx.state().place_fatal(at);
        }
    }
    close(context);
}

/// Judges the runtime where a script calls something native, if there is any reason to.
#[inline]
pub(super) fn look(context: &mut Context) -> JsResult<()> {
    if !process::is_due() {
        return Ok(());
    }
    go_on(context)
}

/// Judges the runtime in the midst of a script.
pub(super) fn go_on(context: &mut Context) -> JsResult<()> {
    match judged(context) {
        Some(_) => Err(uncatchable()),
        None => Ok(()),
    }
}

/// Why nothing more may run, after a look at what the runtime has used.
pub(super) fn judged(context: &mut Context) -> Option<Fatal> {
    judge(context);
    Cx::new(context).state().fatal()
}

/// Ends the runtime when it has used more than it may.
pub(super) fn judge(context: &mut Context) {
    let state = Rc::clone(Cx::new(context).state());
    if state.watch.is_short() {
        // What scripts have dropped is counted until it is collected.
        boa_gc::force_collect();
    }
    if let Some(fatal) = state.watch.over() {
        end(context, fatal);
    }
}

/// What the engine's own error means for the runtime, remembered.
pub(super) fn end_by(context: &mut Context, engine: &EngineError, error: &RawError) -> Fatal {
    let state = Rc::clone(Cx::new(context).state());
    if state.fatal().is_none() {
        let limits = state.watch.limits();
        let fatal = match engine {
            EngineError::RuntimeLimit(_) => too_deep(context, limits),
            EngineError::Panic(_) if is_by_depth(engine) => too_deep(context, limits),
            EngineError::Panic(panic) => Fatal::Engine(panic.message().to_owned()),
        };
        end(context, fatal);
        if let Some(at) = first_place(&error.to_string()) {
            state.place_fatal(at);
        }
    }
    state.fatal().expect("it was just set")
}

/// Whether the engine stumbled over its own limit of depth, as it does in an `async` function.
fn is_by_depth(error: &EngineError) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let raw = error.downcast_ref::<RawError>();
        let raw = raw.or_else(|| error.downcast_ref::<Box<RawError>>().map(|raw| &**raw));
        if let Some(EngineError::RuntimeLimit(_)) = raw.and_then(RawError::as_engine) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Calls were nested deeper than the stack allows.
fn too_deep(context: &mut Context, limits: &Limits) -> Fatal {
    match limits.stack {
        Some(bytes) => LimitHit::bytes("stack", bytes).into(),
        None => {
            let depth = context.runtime_limits().recursion_limit();
            Fatal::Engine(format!("calls are nested deeper than {depth}"))
        }
    }
}

/// No function can be called and no loop goes on from here.
fn close(context: &mut Context) {
    let limits = context.runtime_limits_mut();
    limits.set_recursion_limit(0);
    limits.set_loop_iteration_limit(0);
    limits.set_stack_size_limit(0);
}

/// The first frame of a stack that has a place.
pub(super) fn first_place(stack: &str) -> Option<String> {
    let mut frames = stack
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("at "));
    frames.find(|frame| frame.contains(':')).map(str::to_owned)
}

fn words(payload: &(dyn Any + Send)) -> String {
    format!("it panicked{}", Panic::caught(payload))
}
