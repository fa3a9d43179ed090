//! Embedding: a runtime that its thread owns, built from a configuration.
//!
//! Everything here is for programs that contain a runtime; the generated binary is one of them (`cli`).

mod extension;
mod handle;
mod plain;

use std::cell::RefCell;
use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

pub use extension::Extension;
pub(crate) use extension::Scope;
pub use handle::JsHandle;
pub use plain::Plain;

use crate::bindings;
use crate::definition::{
    FnDef, GrantsDef, MissingModule, ModuleDef, Mount, NativeFn, RuntimeDef, Surface,
};
use crate::engine::{
    Args, Closure, Cx, Engine, Function, ModuleHandle, Persistent, PromiseState, Property, Value,
};
use crate::error::{Error, JsError};
use crate::event_loop::{Driver, Turn};
use crate::loader::{Loader, ModuleUrl, Source};
use crate::permissions::{Flag, Permissions};
use crate::report;
use crate::state::RuntimeState;

/// How a runtime is built: its modules, what they may do, and who hears of uncaught errors.
#[derive(Debug)]
pub struct RuntimeConfig {
    modules: Vec<&'static ModuleDef>,
    permissions: Rc<Permissions>,
    mounts: &'static [Mount],
    missing: &'static [MissingModule],
    args: Vec<String>,
    depth: usize,
}

impl Default for RuntimeConfig {
    fn default() -> Self {
        Self {
            modules: Vec::new(),
            permissions: Rc::new(Permissions::none()),
            mounts: &[],
            missing: &[],
            args: Vec::new(),
            depth: DEPTH,
        }
    }
}

impl RuntimeConfig {
    /// The configuration that a generated crate states.
    pub fn of(def: &'static RuntimeDef) -> Result<Self, JsError> {
        Ok(Self {
            modules: def.modules.iter().collect(),
            permissions: Rc::new(Permissions::from_grants(&def.permissions)?),
            mounts: def.mounts,
            missing: def.missing,
            args: Vec::new(),
            depth: DEPTH,
        })
    }

    /// Adds a module. Two that define the same name are an error of [`build`](Self::build).
    #[must_use]
    pub fn module(mut self, module: &'static ModuleDef) -> Self {
        self.modules.push(module);
        self
    }

    /// Grants permissions; relative paths are taken from the working directory. Without this, nothing is allowed.
    pub fn grant(mut self, grants: &GrantsDef) -> Result<Self, JsError> {
        self.permissions = Rc::new(Permissions::from_grants(grants)?);
        Ok(self)
    }

    /// Takes permissions away, as the flags of a command line say it.
    pub fn narrow(mut self, flags: &[Flag]) -> Result<Self, JsError> {
        self.permissions = Rc::new(self.permissions.narrow(flags)?);
        Ok(self)
    }

    /// What the script sees as its arguments: `import.meta.args`, in its entry module.
    #[must_use]
    pub fn script_args(mut self, args: Vec<String>) -> Self {
        self.args = args;
        self
    }

    /// Lets calls nest as deep as real programs want. Only for a thread whose stack is [`STACK`].
    pub(crate) fn deep(mut self) -> Self {
        self.depth = DEEP;
        self
    }

    /// Sets permissions that were made elsewhere, such as narrowed ones.
    #[must_use]
    pub fn permissions(mut self, permissions: Permissions) -> Self {
        self.permissions = Rc::new(permissions);
        self
    }

    /// Builds the runtime on this thread, which owns it from then on.
    pub fn build(self) -> Result<JsRuntime, JsError> {
        let loader = Loader::new(self.missing, self.args);
        for def in &self.modules {
            if let Some(other) = loader.add(def) {
                return Err(JsError::error(format!(
                    "modules `{}` and `{}` are both imported as `{}`",
                    other.name, def.name, def.specifier
                )));
            }
        }
        let state = Rc::new(RuntimeState::new(loader, self.permissions, self.mounts));
        let runtime = JsRuntime {
            engine: Rc::new(Engine::new(state, self.depth)?),
            tokio: RefCell::default(),
        };
        let mut owners: Vec<(String, &'static str)> = Vec::new();
        for def in self.modules {
            let names = runtime
                .enter(|cx| install(cx, def).map_err(|error| JsError::from_error(cx, error)))?;
            for name in names {
                if let Some((_, other)) = owners.iter().find(|(known, _)| *known == name) {
                    let module = def.name;
                    return Err(JsError::error(format!(
                        "modules `{other}` and `{module}` both define the global `{name}`"
                    )));
                }
                owners.push((name, def.name));
            }
        }
        Ok(runtime)
    }

    /// Builds the runtime on a thread of its own, with the stack that deep scripts need, and keeps it there until it is stopped
    /// or its last handle is dropped. `config` runs on that thread, where what it captures has been sent.
    pub fn spawn(
        config: impl FnOnce() -> Result<Self, JsError> + Send + 'static,
    ) -> Result<JsHandle, JsError> {
        let (sender, receiver) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("js".to_owned())
            .stack_size(STACK);
        let started = thread.spawn(move || {
            let mut runtime = match config().and_then(|config| config.deep().build()) {
                Ok(runtime) => runtime,
                Err(error) => {
                    let _ = sender.send(Err(error));
                    return;
                }
            };
            if sender.send(Ok(runtime.handle())).is_ok() {
                // A thread has nobody to give the error to but its handles, whose calls answer for themselves.
                if let Err(error) = runtime.serve() {
                    eprintln!("{}", error.text());
                }
            }
        });
        started.map_err(|error| {
            JsError::error("cannot start a thread").with_cause(JsError::from_std(&error))
        })?;
        receiver
            .recv()
            .map_err(|_| JsError::error("the runtime's thread ended before it was built"))?
    }
}

/// The stack of a thread that runs scripts: reserved, not used.
pub(crate) const STACK: usize = 256 << 20;

/// How deep calls may nest on a thread whose stack is not known: 2 MiB is what a thread has at least.
const DEPTH: usize = 512;

/// How deep they may nest on a thread with [`STACK`].
const DEEP: usize = 10_000;

/// A JavaScript runtime. Its thread owns it; [`JsHandle`] is for the others.
pub struct JsRuntime {
    engine: Rc<Engine>,
    tokio: RefCell<Option<Rc<tokio::runtime::Runtime>>>,
}

/// An error that no script handled, with the text that a person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncaught {
    error: JsError,
    text: String,
}

impl Uncaught {
    /// The error.
    pub fn error(&self) -> &JsError {
        &self.error
    }

    /// Its report: message, position, stack and causes, on several lines.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is no failure: somebody asked the runtime to stop, or nobody reads its output any more.
    pub fn is_stop(&self) -> bool {
        self.error.code() == Some("ERR_STOPPED")
    }

    /// An error of the host, which has no stack.
    fn plain(error: JsError) -> Self {
        Self {
            text: format!("error: {}", error.message()),
            error,
        }
    }

    pub(crate) fn new<'js>(cx: &mut Cx<'js>, error: Error<'js>, is_rejection: bool) -> Self {
        match error.into_value(cx) {
            Ok(value) => {
                let text = report::report(cx, &value, is_rejection);
                Self {
                    error: JsError::from_value(cx, &value),
                    text,
                }
            }
            Err(fatal) => Self::plain(fatal.into()),
        }
    }
}

impl fmt::Display for Uncaught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Uncaught {}

impl From<Uncaught> for JsError {
    fn from(uncaught: Uncaught) -> Self {
        uncaught.error
    }
}

impl JsRuntime {
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
        let result = self.enter(|cx| {
            let value = cx.eval(code, "<eval>");
            value
                .and_then(|value| Plain::from_value(cx, &value))
                .map_err(|error| JsError::from_error(cx, error))
        });
        self.engine.drain();
        self.fatal()?;
        result
    }

    /// Evaluates a script; when its result is a promise, runs the loop until that is settled. Poll it on this thread.
    pub async fn eval_async(&mut self, code: &str) -> Result<Plain, JsError> {
        let promise = self.enter(|cx| {
            let value = cx
                .eval(code, "<eval>")
                .map_err(|error| JsError::from_error(cx, error))?;
            Ok::<_, JsError>(Persistent::new(cx, &value))
        })?;
        self.settled(&promise).await
    }

    /// Evaluates a script as [`eval_async`](Self::eval_async) does, blocking this thread.
    pub fn eval_blocking(&mut self, code: &str) -> Result<Plain, JsError> {
        let tokio = self.tokio();
        tokio.block_on(self.eval_async(code))
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
        let root = std::env::current_dir()
            .ok()
            .and_then(|folder| folder.canonicalize().ok());
        self.run_main(
            ModuleUrl::code(name),
            Source::JavaScript(code.to_owned()),
            root,
        )
        .map(drop)
    }

    fn entry(&self, path: &Path) -> Result<(ModuleUrl, Source, Option<PathBuf>), Uncaught> {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let real = absolute.canonicalize().unwrap_or(absolute);
        let source = crate::loader::read(&real).map_err(Uncaught::plain)?;
        let root = real.parent().map(Path::to_path_buf);
        Ok((ModuleUrl::file(&real), Source::JavaScript(source), root))
    }

    fn run_main(
        &mut self,
        url: ModuleUrl,
        source: Source,
        root: Option<PathBuf>,
    ) -> Result<ModuleHandle, Uncaught> {
        self.engine.state().loader.set_main(url.clone(), root);
        let module = self.enter(|cx| {
            cx.run_module(&url, source)
                .map_err(|error| Uncaught::new(cx, error, false))
        })?;
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
            return self.tokio().block_on(self.looping(done));
        }
        self.outcome()
    }

    /// Runs the loop until it is stopped or the last handle is dropped, whatever is pending.
    pub fn serve(&mut self) -> Result<(), Uncaught> {
        let tokio = self.tokio();
        tokio.block_on(async {
            let state = Rc::clone(self.engine.state());
            state.event_loop.hold();
            let result = self
                .looping(|| state.event_loop.inbox().is_deserted())
                .await;
            state.event_loop.release();
            result
        })
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
        self.fatal().map_err(Uncaught::plain)?;
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
        let result = self.enter(|cx| {
            let called = call_by_name(cx, name, args);
            called
                .map(|value| Persistent::new(cx, &value))
                .map_err(|error| JsError::from_error(cx, error))
        })?;
        let tokio = self.tokio();
        tokio.block_on(self.settled(&result))
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

    /// Defines a `#[js_fn]` as a global function: `runtime.register::<greet>()`.
    pub fn register<F: NativeFn>(&mut self) -> Result<(), JsError> {
        let def = FnDef::of::<F>();
        self.enter(|cx| {
            let function = Function::new(cx, &def);
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

    fn fatal(&self) -> Result<(), JsError> {
        match self.engine.state().fatal() {
            None => Ok(()),
            Some(fatal) => Err(fatal.into()),
        }
    }

    /// tokio, made when it is first needed: a script without a timer or future never is.
    fn tokio(&self) -> Rc<tokio::runtime::Runtime> {
        let mut slot = self.tokio.borrow_mut();
        Rc::clone(slot.get_or_insert_with(|| {
            let built = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            Rc::new(
                built.expect("a current-thread runtime without I/O needs nothing of the system"),
            )
        }))
    }
}

impl Drop for JsRuntime {
    fn drop(&mut self) {
        // A file operation may never end, such as reading a pipe that nobody writes to: it is left to its thread.
        if let Some(Ok(tokio)) = self.tokio.take().map(Rc::try_unwrap) {
            tokio.shutdown_background();
        }
    }
}

impl fmt::Debug for JsRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsRuntime")
    }
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
            for promise in self.engine.take_unhandled(cx) {
                if let Some(PromiseState::Rejected(reason)) = promise.promise_state() {
                    let uncaught = Uncaught::new(cx, Error::Thrown(reason), true);
                    state.set_uncaught(uncaught);
                }
            }
        });
        !state.is_over()
    }
}

/// Puts a module's exports where its surface says. The names that it defined on the global object.
pub(crate) fn install<'js>(
    cx: &mut Cx<'js>,
    def: &'static ModuleDef,
) -> Result<Vec<String>, Error<'js>> {
    let exports = match def.surface {
        // Made when it is first imported.
        Surface::Import if def.globals.is_empty() => return Ok(Vec::new()),
        _ => bindings::exports(cx, def)?,
    };
    let keys = match def.surface {
        Surface::Namespace(name) => {
            define_global(cx, name, exports.to_value())?;
            return Ok(vec![name.to_owned()]);
        }
        Surface::Import => def
            .globals
            .iter()
            .map(|name| Value::string(cx, name))
            .collect(),
        Surface::Globals => exports.own_keys(cx)?,
    };
    let mut names = Vec::new();
    for key in keys {
        let value = exports.get(cx, &key)?;
        let Some(name) = key.as_string() else {
            continue;
        };
        define_global(cx, &name, value)?;
        names.push(name);
    }
    Ok(names)
}

/// Defines a global as the language defines its own: writable, configurable, not enumerable.
fn define_global<'js>(cx: &mut Cx<'js>, name: &str, value: Value<'js>) -> Result<(), Error<'js>> {
    let global = cx.global();
    global.define(cx, name, Property::hidden(value))
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
