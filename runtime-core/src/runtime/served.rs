//! A runtime whose loop runs beside somebody else's: a page's, or that of an async program.
//!
//! The loop is a future; between its turns the host enters by [`JsRuntime::turn`]. The boundary: nothing here blocks, and nothing
//! here starts a thread.

use std::rc::Rc;

use tokio::sync::oneshot;

use super::handle::{Then, deliver};
use super::{JsHandle, JsRuntime, Plain};
use crate::engine::{Cx, Error, ModuleHandle, Source, Value};
use crate::error::JsError;
use crate::module_url::ModuleUrl;
use crate::uncaught::Uncaught;

impl JsRuntime {
    /// Runs the loop until it is stopped or the last handle is dropped, whatever is pending. It ends, too, with an error that no
    /// script handled; unless that is fatal, it can be run again.
    pub async fn serve_async(&self) -> Result<(), Uncaught> {
        let state = Rc::clone(self.engine.state());
        state.event_loop.hold();
        let result = self
            .looping(|| state.event_loop.inbox().is_deserted())
            .await;
        state.event_loop.release();
        result
    }

    /// Runs `f` with the token, then the microtasks that it queued, and lets the loop look at what is pending now. Never call it
    /// while a script runs: from a native function, for example.
    pub fn turn<R>(
        &self,
        f: impl for<'js> FnOnce(&mut Cx<'js>) -> Result<R, JsError>,
    ) -> Result<R, JsError> {
        self.go_on()?;
        let result = self.enter(f);
        self.engine.drain();
        self.engine.state().event_loop.push(Box::new(|_| {}));
        self.go_on()?;
        result
    }

    /// Adds a file to the app inside, or replaces one: modules import it by a relative path.
    pub fn add_app_file(&self, path: &str, text: &str) {
        self.engine.state().loader.add_app_file(path, text);
    }

    /// Runs `code` as a module called `name`, while the loop is running. Its exports, once it has been evaluated.
    pub async fn import_code(&self, code: &str, name: &str) -> Result<Plain, JsError> {
        let source = Source::JavaScript(code.to_owned());
        self.import(ModuleUrl::app(name), source).await
    }

    /// Runs the file at `path` of the app inside, while the loop is running. Its exports, once it has been evaluated.
    pub async fn import_app_file(&self, path: &str) -> Result<Plain, JsError> {
        let url = ModuleUrl::app(path);
        let source = self.engine.state().loader.load(&url)?;
        self.import(url, source).await
    }

    async fn import(&self, url: ModuleUrl, source: Source) -> Result<Plain, JsError> {
        let (done, evaluated) = oneshot::channel();
        let module = self.turn(|cx| {
            cx.state().loader.set_main(url.clone(), None);
            let started = cx.run_module(&url, source);
            let module: ModuleHandle = started.map_err(|error| JsError::from_error(cx, error))?;
            let promise = module
                .done
                .get(cx)
                .map_err(|error| JsError::from_error(cx, error))?;
            promise.when_settled(cx, told(done));
            Ok(module)
        })?;
        let gone = || {
            JsError::error("the runtime has ended")
                .with_code("ERR_RUNTIME_ENDED")
                .from_runtime()
        };
        evaluated.await.unwrap_or_else(|_| Err(gone()))?;
        self.turn(|cx| {
            let exports = module.namespace(cx).to_value();
            Plain::from_value(cx, &exports).map_err(|error| JsError::from_error(cx, error))
        })
    }
}

impl JsHandle {
    /// Runs `code` as a module called `name` on the runtime's thread, without waiting. There, `then` gets its exports, once it has
    /// been evaluated. A runtime that is gone drops `then`.
    pub fn import_code_then(
        &self,
        code: impl Into<String>,
        name: impl Into<String>,
        then: impl Then,
    ) {
        let (code, name) = (code.into(), name.into());
        self.send(move |cx| {
            import(
                cx,
                ModuleUrl::app(&name),
                Ok(Source::JavaScript(code)),
                then,
            )
        });
    }

    /// Runs the file at `path` of the app inside as [`import_code_then`](Self::import_code_then) does.
    pub fn import_app_file_then(&self, path: impl Into<String>, then: impl Then) {
        let path = path.into();
        self.send(move |cx| {
            let url = ModuleUrl::app(&path);
            let source = cx.state().loader.load(&url);
            import(cx, url, source, then);
        });
    }

    /// Adds a file to the app inside, or replaces one: modules that are imported later see it.
    pub fn add_app_file(&self, path: impl Into<String>, text: impl Into<String>) {
        let (path, text) = (path.into(), text.into());
        self.send(move |cx| cx.state().loader.add_app_file(&path, &text));
    }
}

/// Runs a module; `then` gets its exports.
fn import<'js>(cx: &mut Cx<'js>, url: ModuleUrl, source: Result<Source, JsError>, then: impl Then) {
    fn general<F: for<'a> FnOnce(&mut Cx<'a>, Result<Value<'a>, Error<'a>>)>(f: F) -> F {
        f
    }
    let started = source.map_err(Error::from).and_then(|source| {
        cx.state().loader.set_main(url.clone(), None);
        let module = cx.run_module(&url, source)?;
        let done = module.done.get(cx)?;
        Ok((module, done))
    });
    match started {
        Ok((module, done)) => {
            let exports = general(move |cx, evaluated| {
                let exports = evaluated.map(|_| module.namespace(cx).to_value());
                then(cx, exports);
            });
            deliver(cx, Ok(done), exports);
        }
        Err(error) => deliver(cx, Err(error), then),
    }
}

/// Guards the limits of the runtime that an instance of WebAssembly has for itself.
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub fn guard_instance(limits: &crate::Limits) -> Result<(), JsError> {
    crate::limits::process::guard_instance(limits, crate::engine::keeps_itself).map_err(|key| {
        JsError::error(format!(
            "`limits.{key}` cannot be kept: this runtime was built without what it takes\n\
             help: write `{key}` in `[limits]` of its runtime.toml, or choose an engine that keeps it"
        ))
        .with_code("ERR_LIMIT_NOT_KEPT")
        .from_runtime()
    })
}

/// Tells whoever waits how a promise was settled.
fn told(
    done: oneshot::Sender<Result<(), JsError>>,
) -> impl for<'a> FnOnce(&mut Cx<'a>, Result<crate::engine::Value<'a>, crate::engine::Value<'a>>) + 'static
{
    move |cx, settled| {
        let result = settled.map(drop);
        let result = result.map_err(|reason| JsError::from_value(cx, &reason));
        // Whoever waited may have gone.
        let _ = done.send(result);
    }
}
