//! Embedding: a runtime that its thread owns, built from a configuration.
//!
//! Everything here is for programs that contain a runtime; the generated binary is one of them (`cli`).

mod config;
mod extension;
mod handle;
mod plain;
mod served;

use std::cell::RefCell;
use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

pub use config::RuntimeConfig;
#[cfg(not(target_os = "wasi"))]
pub(crate) use config::STACK;
pub use extension::Extension;
pub use handle::JsHandle;
pub use plain::Plain;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub use served::guard_instance;

use crate::clock::Waiting;
use crate::definition::{FnDef, NativeFn};
use crate::engine::{
    Args, Closure, Cx, Engine, Error, Function, ModuleHandle, Persistent, PromiseState, Source,
    Value,
};
use crate::error::{Fatal, JsError};
use crate::event_loop::{Driver, Turn};
use crate::inspect::{Options, inspect};
use crate::module_url::ModuleUrl;
use crate::uncaught::Uncaught;
use config::define_global;

/// A JavaScript runtime. Its thread owns it; [`JsHandle`] is for the others.
pub struct JsRuntime {
    engine: Rc<Engine>,
    waiting: RefCell<Option<Rc<Waiting>>>,
}

impl JsRuntime {
    fn over(engine: Engine) -> Self {
        Self {
            engine: Rc::new(engine),
            waiting: RefCell::default(),
        }
    }

    /// A configuration with nothing in it.
    pub fn builder() -> RuntimeConfig {
        RuntimeConfig::default()
    }

    /// Runs `f` with the token. Microtasks wait until the loop runs.
    pub fn enter<R>(&self, f: impl for<'js> FnOnce(&mut Cx<'js>) -> R) -> R {
        self.engine.enter(f)
    }

    /// Evaluates a script, then the microtasks that it queued. Its result is that of the last expression.
    pub fn eval(&mut self, code: &str) -> Result<Plain, JsError> {
        self.go_on()?;
        let result = self.enter(|cx| {
            let value = cx.eval(code, "<eval>");
            value
                .and_then(|value| Plain::from_value(cx, &value))
                .map_err(|error| JsError::from_error(cx, error))
        });
        self.engine.drain();
        self.go_on()?;
        result
    }

    /// Evaluates a script; when its result is a promise, runs the loop until that is settled. Poll it on this thread.
    pub async fn eval_async(&mut self, code: &str) -> Result<Plain, JsError> {
        self.go_on()?;
        let promise = self.enter(|cx| {
            let value = cx
                .eval(code, "<eval>")
                .map_err(|error| JsError::from_error(cx, error))?;
            Ok::<_, JsError>(Persistent::new(cx, &value))
        });
        self.go_on()?;
        self.settled(&promise?).await
    }

    /// Evaluates a script as [`eval_async`](Self::eval_async) does, blocking this thread.
    pub fn eval_blocking(&mut self, code: &str) -> Result<Plain, JsError> {
        let waiting = self.waiting();
        waiting.block_on(self.eval_async(code))
    }

    /// Runs the file at `path` as a module, and the loop until nothing is pending.
    pub fn run_file(&mut self, path: &Path) -> Result<(), Uncaught> {
        let (url, source, root) = self.entry(path)?;
        self.run_main(url, source, root).map(drop)
    }

    /// Runs the file at `path` as [`run_file`](Self::run_file) does. Its exports.
    pub fn import_file(&mut self, path: &Path) -> Result<Plain, Uncaught> {
        let (url, source, root) = self.entry(path)?;
        let module = self.run_main(url, source, root)?;
        self.enter(|cx| {
            let namespace = module.namespace(cx).to_value();
            Plain::from_value(cx, &namespace).map_err(|error| Uncaught::new(cx, error, false))
        })
    }

    /// Runs `code` as a module called `name`, which imports relative to the working directory, and the loop until nothing is
    /// pending.
    pub fn run_code(&mut self, code: &str, name: &str) -> Result<(), Uncaught> {
        self.run_main(
            ModuleUrl::code(name),
            Source::JavaScript(code.to_owned()),
            working_dir(),
        )
        .map(drop)
    }

    /// Evaluates `code` as a script called `name`, and runs the loop until nothing is pending. The value of its last expression as
    /// `console.log` shows it; of a promise, what it was resolved to.
    pub(crate) fn run_expression(&mut self, code: &str, name: &str) -> Result<String, Uncaught> {
        self.ended()?;
        let loader = &self.engine.state().loader;
        loader.set_main(ModuleUrl::code(name), working_dir());
        let value = self.enter(|cx| match cx.eval(code, name) {
            Ok(value) => {
                if let Some(promise) = value.as_object() {
                    // Its rejection is reported here, as what the code threw.
                    promise.mark_handled(cx);
                }
                Ok(Persistent::new(cx, &value))
            }
            Err(error) => Err(Uncaught::new(cx, error, false)),
        });
        self.ended()?;
        let value = value?;
        self.run()?;
        self.enter(|cx| {
            let value = value
                .get(cx)
                .map_err(|error| Uncaught::new(cx, error, false))?;
            let state = value.as_object().and_then(|object| object.promise_state());
            let value = match state {
                Some(PromiseState::Rejected(reason)) => {
                    return Err(Uncaught::new(cx, Error::Thrown(reason), false));
                }
                Some(PromiseState::Fulfilled(value)) => value,
                Some(PromiseState::Pending) | None => value,
            };
            let as_text = value.as_string();
            Ok(as_text.unwrap_or_else(|| inspect(cx, &value, &Options::default())))
        })
    }

    /// Runs the app that ships inside the runtime, and the loop until nothing is pending.
    pub(crate) fn run_app(&mut self) -> Result<(), Uncaught> {
        let state = Rc::clone(self.engine.state());
        let missing = || Uncaught::plain(JsError::error("this runtime has no app inside"));
        let url = state.loader.app_entry().ok_or_else(missing)?;
        let source = state.loader.load(&url).map_err(Uncaught::plain)?;
        self.run_main(url, source, None).map(drop)
    }

    fn entry(&self, path: &Path) -> Result<(ModuleUrl, Source, Option<PathBuf>), Uncaught> {
        let loader = &self.engine.state().loader;
        let real = crate::loader::resolved(path).map_err(Uncaught::plain)?;
        let source = crate::loader::read(&real, loader.memory()).map_err(Uncaught::plain)?;
        let root = real.parent().map(Path::to_path_buf);
        Ok((ModuleUrl::file(&real), Source::JavaScript(source), root))
    }

    fn run_main(
        &mut self,
        url: ModuleUrl,
        source: Source,
        root: Option<PathBuf>,
    ) -> Result<ModuleHandle, Uncaught> {
        self.ended()?;
        crate::isolation::note(|| Some(url.display().into_owned()));
        self.engine.state().loader.set_main(url.clone(), root);
        let module = self.enter(|cx| {
            cx.run_module(&url, source)
                .map_err(|error| Uncaught::new(cx, error, false))
        });
        self.ended()?;
        let module = module?;
        self.enter(|cx| {
            // Its rejection is reported here, as what the script threw, and not as one that nobody handled.
            if let Some(promise) = module.done.get(cx).ok().and_then(|done| done.as_object()) {
                promise.mark_handled(cx);
            }
        });
        self.run_until(|| {
            self.enter(|cx| self.judge(cx, &module))
                .is_some_and(|ended| ended.is_err())
        })?;
        match self.enter(|cx| self.judge(cx, &module)) {
            Some(ended) => ended.map(|()| module),
            None => Err(Uncaught::plain(JsError::error(
                "the script awaits something that can no longer happen: nothing is pending that could settle it",
            ))),
        }
    }

    /// How the evaluation of the entry module ended, when it has.
    fn judge<'js>(&self, cx: &mut Cx<'js>, module: &ModuleHandle) -> Option<Result<(), Uncaught>> {
        let done = match module.done.get(cx) {
            Ok(done) => done,
            Err(error) => return Some(Err(Uncaught::new(cx, error, false))),
        };
        match done.as_object().and_then(|promise| promise.promise_state()) {
            Some(PromiseState::Pending) => None,
            Some(PromiseState::Rejected(reason)) => {
                Some(Err(Uncaught::new(cx, Error::Thrown(reason), false)))
            }
            Some(PromiseState::Fulfilled(_)) | None => Some(Ok(())),
        }
    }

    /// Runs the loop until nothing is pending.
    pub fn run(&mut self) -> Result<(), Uncaught> {
        self.run_until(|| false)
    }

    fn run_until(&self, mut done: impl FnMut() -> bool) -> Result<(), Uncaught> {
        // A script that has nothing pending never needs tokio, and most of its start-up time would be tokio's.
        let looping = Looping {
            engine: &self.engine,
        };
        if looping.settle() && !done() && self.engine.state().event_loop.is_alive() {
            return self.waiting().block_on(self.looping(done));
        }
        self.outcome()
    }

    /// Runs the loop until it is stopped or the last handle is dropped, whatever is pending.
    pub fn serve(&mut self) -> Result<(), Uncaught> {
        let waiting = self.waiting();
        waiting.block_on(self.serve_async())
    }

    async fn looping(&self, done: impl FnMut() -> bool) -> Result<(), Uncaught> {
        let state = Rc::clone(self.engine.state());
        state
            .event_loop
            .run(
                &Looping {
                    engine: &self.engine,
                },
                done,
            )
            .await;
        self.outcome()
    }

    /// How the loop ended.
    fn outcome(&self) -> Result<(), Uncaught> {
        // The fatal error first: what a script threw with it, it threw because of it.
        self.ended()?;
        self.engine.state().take_uncaught().map_or(Ok(()), Err)
    }

    /// Runs the loop until `promise` is settled, and gives its result. A value that is no promise is its own result.
    async fn settled(&self, promise: &Persistent) -> Result<Plain, JsError> {
        let pending = || {
            self.enter(|cx| {
                let value = promise.get(cx).ok()?;
                value
                    .as_object()?
                    .promise_state()
                    .filter(|state| matches!(state, PromiseState::Pending))
                    .map(drop)
            })
        };
        self.enter(|cx| {
            // The caller gets the reason: it is not unhandled.
            if let Some(object) = promise.get(cx).ok().and_then(|value| value.as_object()) {
                object.mark_handled(cx);
            }
        });
        self.looping(|| pending().is_none()).await?;
        self.enter(|cx| {
            let value = promise
                .get(cx)
                .map_err(|error| JsError::from_error(cx, error))?;
            let result = match value.as_object().and_then(|object| object.promise_state()) {
                Some(PromiseState::Rejected(reason)) => {
                    return Err(JsError::from_value(cx, &reason));
                }
                Some(PromiseState::Pending) => {
                    return Err(JsError::error("the promise can no longer be settled"));
                }
                Some(PromiseState::Fulfilled(value)) => Plain::from_value(cx, &value),
                None => Plain::from_value(cx, &value),
            };
            result.map_err(|error| JsError::from_error(cx, error))
        })
    }

    /// Calls the global function `name` (`app.update`: a property of a global object) and waits for its promise, if it
    /// returns one.
    pub fn call(&mut self, name: &str, args: Vec<Plain>) -> Result<Plain, JsError> {
        self.go_on()?;
        let result = self.enter(|cx| {
            let called = call_by_name(cx, name, args);
            called
                .map(|value| Persistent::new(cx, &value))
                .map_err(|error| JsError::from_error(cx, error))
        });
        self.go_on()?;
        let waiting = self.waiting();
        waiting.block_on(self.settled(&result?))
    }

    /// A handle for other threads.
    pub fn handle(&self) -> JsHandle {
        JsHandle::new(self.engine.state().event_loop.inbox())
    }

    /// Defines a global function from a Rust closure.
    pub fn register_global_function(
        &mut self,
        name: &str,
        function: impl for<'a> Fn(&mut Cx<'a>, &Args<'_, 'a>) -> Result<Value<'a>, Error<'a>> + 'static,
    ) -> Result<(), JsError> {
        let function: Closure = Box::new(function);
        self.enter(|cx| {
            let function = Function::closure(cx, name, 0, function);
            define_global(cx, name, function.to_value())
                .map_err(|error| JsError::from_error(cx, error))
        })
    }

    /// Defines a `#[js_fn]` as a global function of a runtime that is built: `runtime.register::<greet>()`. A builder takes it by
    /// [`function`](RuntimeConfig::function), a closure goes to [`register_global_function`](Self::register_global_function).
    pub fn register<F: NativeFn>(&mut self) -> Result<(), JsError> {
        self.define(&FnDef::of::<F>())
    }

    fn define(&self, def: &FnDef) -> Result<(), JsError> {
        self.enter(|cx| {
            let function = Function::new(cx, def);
            define_global(cx, def.decl.name, function.to_value())
                .map_err(|error| JsError::from_error(cx, error))
        })
    }

    /// Loads an extension: its module exists from now on, under the permissions that it states.
    pub fn load_extension(&mut self, extension: Box<dyn Extension>) -> Result<(), JsError> {
        extension::load(self, extension)
    }

    /// Unloads the extension `name`: its module cannot be imported any more, its globals are gone, and a function of its that a
    /// script still holds throws.
    pub fn unload_extension(&mut self, name: &str) -> Result<(), JsError> {
        extension::unload(self, name)
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What ended this runtime, if anything that no script may catch did. One that is over stays over: it runs nothing more.
    pub fn fatal(&self) -> Option<Fatal> {
        judge(&self.engine);
        self.engine.state().fatal()
    }

    /// An error when the runtime is over.
    fn go_on(&self) -> Result<(), JsError> {
        self.fatal().map_or(Ok(()), |fatal| Err(fatal.into()))
    }

    /// The same, as the end of a run.
    fn ended(&self) -> Result<(), Uncaught> {
        self.fatal()
            .map_or(Ok(()), |fatal| Err(Uncaught::ended(fatal)))
    }

    /// What the thread waits with, made when it is first needed: a script without a timer or future never is.
    fn waiting(&self) -> Rc<Waiting> {
        let mut slot = self.waiting.borrow_mut();
        Rc::clone(slot.get_or_insert_with(|| Rc::new(Waiting::new())))
    }
}

impl Drop for JsRuntime {
    fn drop(&mut self) {
        // A file operation may never end, such as reading a pipe that nobody writes to: it is left to its thread.
        if let Some(Ok(waiting)) = self.waiting.take().map(Rc::try_unwrap) {
            waiting.leave();
        }
    }
}

impl fmt::Debug for JsRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsRuntime")
    }
}

/// Remembers that nothing more may run, if so. Memory that is short may be garbage, which the engine need not have noticed.
fn judge(engine: &Engine) {
    let state = engine.state();
    if state.watch.is_short() {
        engine.collect();
    }
    state.judge();
}

struct Looping<'a> {
    engine: &'a Engine,
}

impl Driver for Looping<'_> {
    fn turn(&self, turn: Turn) {
        self.engine.enter(|cx| turn(cx));
    }

    fn settle(&self) -> bool {
        self.engine.drain();
        let state = self.engine.state();
        self.engine.enter(|cx| {
            let rejected = self.engine.take_unhandled(cx).into_iter();
            let reasons = rejected.filter_map(|promise| match promise.promise_state() {
                Some(PromiseState::Rejected(reason)) => Some(reason),
                _ => None,
            });
            let reasons: Vec<_> = reasons.collect();
            if let Some(uncaught) = Uncaught::rejections(cx, reasons) {
                state.set_uncaught(uncaught);
            }
        });
        judge(self.engine);
        !state.is_over()
    }

    fn deadline(&self) -> Option<crate::clock::Instant> {
        self.engine.state().watch.deadline()
    }
}

/// What code without a file imports relative to.
fn working_dir() -> Option<PathBuf> {
    let folder = std::env::current_dir().ok()?;
    crate::permissions::real(&folder).ok()
}

/// Calls the function that a dotted path from the global object names.
pub(crate) fn call_by_name<'js>(
    cx: &mut Cx<'js>,
    path: &str,
    args: Vec<Plain>,
) -> Result<Value<'js>, Error<'js>> {
    use crate::convert::IntoJs;
    let mut this = Value::undefined();
    let mut found = cx.global().to_value();
    for step in path.split('.') {
        let Some(object) = found.as_object() else {
            return Err(Error::type_error(format!(
                "`{path}` is not a function: there is nothing before `{step}`"
            )));
        };
        let next = object.get(cx, step)?;
        this = std::mem::replace(&mut found, next);
    }
    let Some(function) = found.as_function() else {
        let got = found.type_of().with_article();
        return Err(Error::type_error(format!(
            "`{path}` is not a function but {got}"
        )));
    };
    let args = args
        .into_iter()
        .map(|arg| arg.into_js(cx))
        .collect::<Result<Vec<_>, _>>()?;
    function.call(cx, &this, &args)
}
