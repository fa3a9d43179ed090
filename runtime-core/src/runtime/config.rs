//! How a runtime is built: its configuration, and putting modules where scripts see them.

use std::rc::Rc;

use super::{JsHandle, JsRuntime};
use crate::bindings;
use crate::definition::{
    App, FnDef, GrantsDef, MissingModule, ModuleDef, Mount, NativeFn, RuntimeDef, Surface,
};
use crate::engine::{Cx, ENGINE, Engine, Error, Property, Value, keeping, keeps_itself};
use crate::error::JsError;
use crate::limits::Limits;
use crate::loader::Loader;
use crate::permissions::{Flag, Permissions};
use crate::state::RuntimeState;

/// How a runtime is built: its modules, what they may do, and who hears of uncaught errors.
#[derive(Debug)]
pub struct RuntimeConfig {
    modules: Vec<&'static ModuleDef>,
    functions: Vec<FnDef>,
    permissions: Rc<Permissions>,
    mounts: &'static [Mount],
    missing: &'static [MissingModule],
    args: Vec<String>,
    stack: usize,
    limits: Limits,
    is_best_effort: bool,
    app: Option<App>,
}

impl Default for RuntimeConfig {
    fn default() -> Self {
        Self {
            modules: Vec::new(),
            functions: Vec::new(),
            permissions: Rc::new(Permissions::none()),
            mounts: &[],
            missing: &[],
            args: Vec::new(),
            stack: KNOWN_STACK,
            limits: Limits::NONE,
            is_best_effort: false,
            app: None,
        }
    }
}

impl RuntimeConfig {
    /// The configuration that a generated crate states.
    pub fn of(def: &'static RuntimeDef) -> Result<Self, JsError> {
        Ok(Self {
            modules: def.modules.iter().collect(),
            functions: Vec::new(),
            permissions: Rc::new(Permissions::from_grants(&def.permissions)?),
            mounts: def.mounts,
            missing: def.missing,
            args: Vec::new(),
            stack: KNOWN_STACK,
            limits: def.limits,
            is_best_effort: false,
            app: def.app,
        })
    }

    /// Adds a module. Two that define the same name are an error of [`build`](Self::build).
    #[must_use]
    pub fn module(mut self, module: &'static ModuleDef) -> Self {
        self.modules.push(module);
        self
    }

    /// Adds a `#[js_fn]` as a global function: `function::<greet>()`. Two globals of one name are an error of [`build`](Self::build).
    #[must_use]
    pub fn function<F: NativeFn>(mut self) -> Self {
        self.functions.push(FnDef::of::<F>());
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

    /// Limits what scripts may use of memory, time and the world. A limit that this engine cannot keep by itself, in a process that
    /// is not the runtime's own, is an error of [`build`](Self::build).
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Builds the runtime even when a limit cannot be kept everywhere: it is kept as far as the engine can, which
    /// `cargo xtask explain limits.KEY` says.
    #[must_use]
    pub fn best_effort(mut self) -> Self {
        self.is_best_effort = true;
        self
    }

    /// What the script sees as its arguments: `import.meta.args`, in its entry module.
    #[must_use]
    pub fn script_args(mut self, args: Vec<String>) -> Self {
        self.args = args;
        self
    }

    /// Lets calls nest as deep as real programs want. Only for a thread whose stack is [`STACK`].
    pub(crate) fn deep(mut self) -> Self {
        self.stack = STACK;
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
        crate::panics::listen(crate::engine::is_own_source);
        if let Some(key) = self
            .limits
            .unkept(keeps_itself)
            .filter(|_| !self.is_best_effort)
        {
            return Err(unkept(key));
        }
        let loader = Loader::new(self.missing, self.args)
            .with_app(self.app)
            .with_memory(self.limits.memory);
        for def in &self.modules {
            if let Some(other) = loader.add(def) {
                return Err(JsError::error(format!(
                    "modules `{}` and `{}` are both imported as `{}`",
                    other.name, def.name, def.specifier
                )));
            }
        }
        let state = Rc::new(RuntimeState::new(
            loader,
            self.permissions,
            self.mounts,
            self.limits,
        ));
        let runtime = JsRuntime::over(Engine::new(state, self.stack)?);
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
        for def in &self.functions {
            let name = def.decl.name;
            if let Some((_, other)) = owners.iter().find(|(known, _)| known == name) {
                return Err(JsError::error(format!(
                    "the function `{name}` and `{other}` both define the global `{name}`"
                )));
            }
            runtime.define(def)?;
            owners.push((name.to_owned(), "another function"));
        }
        Ok(runtime)
    }

    /// Builds the runtime on a thread of its own, with the stack that deep scripts need, and keeps it there until it is stopped
    /// or its last handle is dropped. `config` runs on that thread, where what it captures has been sent.
    pub fn spawn(
        config: impl FnOnce() -> Result<Self, JsError> + Send + 'static,
    ) -> Result<JsHandle, JsError> {
        Self::spawn_with(config, |mut runtime| {
            // A thread has nobody to give the error to but its handles, whose calls answer for themselves.
            if let Err(error) = runtime.serve()
                && !error.is_stop()
            {
                eprintln!("{}", error.text());
            }
        })
    }

    /// The same, with `own` in charge of the runtime on its thread: it makes it [serve](JsRuntime::serve), and hears how that ended.
    pub fn spawn_with(
        config: impl FnOnce() -> Result<Self, JsError> + Send + 'static,
        own: impl FnOnce(JsRuntime) + Send + 'static,
    ) -> Result<JsHandle, JsError> {
        let (sender, receiver) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("js".to_owned())
            .stack_size(STACK);
        let started = thread.spawn(move || {
            let runtime = match config().and_then(|config| config.deep().build()) {
                Ok(runtime) => runtime,
                Err(error) => {
                    let _ = sender.send(Err(error));
                    return;
                }
            };
            if sender.send(Ok(runtime.handle())).is_ok() {
                own(runtime);
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

fn unkept(key: &str) -> JsError {
    let why = keeping(key).map_or("", |keeping| keeping.doc);
    let kind = ENGINE.0;
    JsError::error(format!(
        "`limits.{key}` cannot be kept everywhere by {kind} in this program: {why}\n\
         help: choose an engine that keeps it, or take what can be kept: `best_effort()`"
    ))
    .with_code("ERR_LIMIT_NOT_KEPT")
    .from_runtime()
}

/// The stack of a thread that runs scripts: reserved, not used. Where addresses are short, some such stacks would be all of them. A command
/// of WASI has the one that its module was linked with.
pub(crate) const STACK: usize = if cfg!(target_os = "wasi") {
    KNOWN_STACK
} else if cfg!(target_pointer_width = "32") {
    32 << 20
} else {
    256 << 20
};

/// The stack of a thread that an embedder brings: what every thread has at least. In WebAssembly half a megabyte is left of
/// the module's own; the host's, which stands beside it, cannot be measured.
const KNOWN_STACK: usize = if cfg!(target_arch = "wasm32") {
    512 << 10
} else {
    2 << 20
};

/// Puts a module's exports where its surface says. The names that it defined on the global object.
pub(super) fn install<'js>(
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
pub(super) fn define_global<'js>(
    cx: &mut Cx<'js>,
    name: &str,
    value: Value<'js>,
) -> Result<(), Error<'js>> {
    let global = cx.global();
    global.define(cx, name, Property::hidden(value))
}
