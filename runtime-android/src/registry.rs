//! The runtimes that live, by the numbers that Java gave them. A number that is not known, because its runtime was closed, does nothing:
//! whatever Java does, no pointer of its is followed.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use jni::JavaVM;
use runtime_core::definition::RuntimeDef;
use runtime_core::{Fatal, JsError, JsHandle, JsRuntime, RuntimeConfig, Uncaught};

use crate::bridge::{Bridge, Daemon};
use crate::log;
use crate::options::Options;
use crate::wire;

/// A runtime as other threads see it.
#[derive(Clone, Debug)]
pub(crate) struct Runtime {
    pub(crate) handle: JsHandle,
    pub(crate) bridge: Bridge,
    /// Why it is over, once it is.
    ended: Arc<OnceLock<JsError>>,
}

static RUNTIMES: LazyLock<Mutex<HashMap<i64, Runtime>>> = LazyLock::new(Mutex::default);

fn runtimes() -> std::sync::MutexGuard<'static, HashMap<i64, Runtime>> {
    RUNTIMES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The runtime with this number, unless it was closed.
pub(crate) fn find(number: i64) -> Option<Runtime> {
    runtimes().get(&number).cloned()
}

/// Makes a runtime of `def` on a thread of its own.
pub(crate) fn create(
    number: i64,
    def: &'static RuntimeDef,
    bridge: Bridge,
    options: Options,
) -> Result<(), JsError> {
    let ended = Arc::new(OnceLock::new());
    let (own, end) = (bridge.clone(), Arc::clone(&ended));
    #[cfg(feature = "console")]
    let has_output = options.has_output();
    let handle = RuntimeConfig::spawn_with(
        move || options.config(def),
        move |runtime| {
            #[cfg(feature = "console")]
            crate::host::redirect(&runtime, has_output.then(|| own.clone()));
            let attached = JavaVM::singleton()
                .map_err(|error| JsError::from_std(&error))
                .and_then(Daemon::attach);
            let _attached = match attached {
                Ok(attached) => attached,
                Err(error) => {
                    let _ = end.set(error);
                    return;
                }
            };
            own.began();
            serve(runtime, &own, &end);
            own.over();
            // Before the thread leaves Java: it gives its reference back.
            drop(own);
        },
    )?;
    let runtime = Runtime {
        handle,
        bridge,
        ended,
    };
    runtimes().insert(number, runtime);
    Ok(())
}

/// Stops the runtime with this number and forgets it.
pub(crate) fn close(number: i64) {
    let closed = runtimes().remove(&number);
    if let Some(closed) = closed {
        closed.handle.stop();
    }
}

impl Runtime {
    /// Why a call has no answer: the runtime is over; or it lives, and has dropped the promise that was the result.
    pub(crate) fn why(&self) -> JsError {
        let why = self.ended.get().cloned();
        why.unwrap_or_else(|| {
            JsError::error("the promise can no longer be settled: nothing is left that could do it")
                .with_code("ERR_NEVER_SETTLED")
                .from_runtime()
        })
    }
}

/// Runs the loop until the runtime is closed or over. An error that no script handled is the app's to hear of; the runtime goes on.
fn serve(mut runtime: JsRuntime, bridge: &Bridge, end: &OnceLock<JsError>) {
    let served = catch_unwind(AssertUnwindSafe(|| {
        loop {
            match runtime.serve() {
                Ok(()) => return None,
                Err(uncaught) => {
                    let fatal = runtime.fatal();
                    if fatal.is_some() {
                        return fatal.map(|fatal| (fatal, uncaught));
                    }
                    tell(bridge, &uncaught);
                }
            }
        }
    }));
    match served {
        Ok(Some((fatal, uncaught))) => {
            let is_stop = matches!(fatal, Fatal::Stopped);
            let _ = end.set(fatal.into());
            if !is_stop {
                tell(bridge, &uncaught);
            }
        }
        Ok(None) => {
            let _ = end.set(Fatal::Stopped.into());
        }
        Err(panic) => {
            let _ = end.set(panicked(&*panic));
        }
    }
    // Whoever still waits is told why: `end` is set before what they wait for is dropped with the runtime.
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(runtime))) {
        log::error(panicked(&*panic).message());
    }
}

fn tell(bridge: &Bridge, uncaught: &Uncaught) {
    let error = wire::answer(Err(uncaught.error().clone().into()));
    if !bridge.uncaught(&error) {
        log::error(uncaught.text());
    }
}

/// A panic as an error. It is a bug of ours or of a native function.
pub(crate) fn panicked(panic: &(dyn std::any::Any + Send)) -> JsError {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("no words");
    JsError::error(format!("a panic in native code: {text}"))
        .with_code("ERR_PANIC")
        .from_runtime()
}
