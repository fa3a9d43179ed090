//! What a runtime keeps beside its engine: reached through [`Cx`](crate::engine::Cx), one per runtime.

use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use crate::classes::Classes;
use crate::declaration::Mount;
use crate::engine::{Cx, Object, Persistent};
use crate::error::{Fatal, JsError};
use crate::event_loop::EventLoop;
use crate::limits::{Crossing, Limits, Watch};
use crate::loader::Loader;
use crate::module_text;
use crate::module_url::ModuleUrl;
use crate::permissions::Permissions;
use crate::sources::Sources;
use crate::thrown::ThrownValues;
use crate::uncaught::Uncaught;

/// The engine-neutral state of one runtime.
#[derive(Debug)]
pub(crate) struct RuntimeState {
    /// The loop that applies completions and fires timers.
    pub(crate) event_loop: EventLoop,
    /// What time it has used, and what it may use.
    pub(crate) watch: Watch,
    /// What the conversion that is going on has taken over.
    pub(crate) crossing: Crossing,
    /// Where modules come from.
    pub(crate) loader: Loader,
    /// What the modules of scripts were made from.
    pub(crate) sources: Sources,
    /// What scripts threw and native code holds.
    pub(crate) thrown: ThrownValues,
    /// The classes that exist in this runtime.
    pub(crate) classes: Classes,
    permissions: RefCell<Rc<Permissions>>,
    locals: RefCell<HashMap<TypeId, Rc<dyn Any>>>,
    fatal: RefCell<Option<Fatal>>,
    uncaught: RefCell<Option<Uncaught>>,
    scopes: RefCell<HashMap<&'static str, Rc<Scope>>>,
    installing: RefCell<Option<Rc<Scope>>>,
    exports: RefCell<HashMap<&'static str, Persistent>>,
    mounts: &'static [Mount],
}

/// What surrounds each call into an extension: its permissions, and whether it is still loaded.
pub(crate) struct Scope {
    pub(crate) name: &'static str,
    pub(crate) permissions: Rc<Permissions>,
    pub(crate) loaded: Cell<bool>,
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({})", self.name)
    }
}

impl RuntimeState {
    pub(crate) fn new(
        loader: Loader,
        permissions: Rc<Permissions>,
        mounts: &'static [Mount],
        limits: Limits,
    ) -> Self {
        let event_loop = EventLoop::new();
        Self {
            watch: Watch::new(limits, Arc::clone(event_loop.inbox().wish())),
            crossing: Crossing::default(),
            event_loop,
            loader,
            sources: Sources::default(),
            thrown: ThrownValues::default(),
            classes: Classes::default(),
            permissions: RefCell::new(permissions),
            locals: RefCell::default(),
            fatal: RefCell::default(),
            uncaught: RefCell::default(),
            scopes: RefCell::default(),
            installing: RefCell::default(),
            exports: RefCell::default(),
            mounts,
        }
    }

    /// The value of type `T` that modules keep per runtime.
    pub(crate) fn local<T: Any + Default>(&self) -> Rc<T> {
        if let Some(found) = self.locals.borrow().get(&TypeId::of::<T>()) {
            return Rc::clone(found)
                .downcast()
                .expect("the map is keyed by the type");
        }
        let made = Rc::new(T::default());
        self.locals
            .borrow_mut()
            .insert(TypeId::of::<T>(), made.clone());
        made
    }

    /// The file system that scripts see, as `fs.mounts` says; empty: the host's.
    pub(crate) fn mounts(&self) -> &'static [Mount] {
        self.mounts
    }

    /// Drops what may refer into the engine, before the engine goes.
    pub(crate) fn clear(&self) {
        self.classes.clear();
        self.thrown.clear();
        let exports = self.exports.take();
        drop(exports);
        let locals = self.locals.take();
        drop(locals);
    }

    /// What the code that is running now may do.
    pub(crate) fn permissions(&self) -> Rc<Permissions> {
        self.permissions.borrow().clone()
    }

    /// The URL of the module that `from` imports as `specifier`. An error has the place of the
    /// import as its stack.
    pub(crate) fn resolve(
        &self,
        specifier: &str,
        from: Option<&ModuleUrl>,
        kind: Option<&str>,
    ) -> Result<ModuleUrl, JsError> {
        let permissions = self.permissions();
        let resolved = self.loader.resolve(specifier, from, kind, &permissions);
        resolved.map_err(|error| match from {
            Some(from) => error.with_stack(self.place_of_import(&from.display(), specifier)),
            None => error,
        })
    }

    fn place_of_import(&self, file: &str, specifier: &str) -> String {
        let source = self.sources.get(file);
        match source.and_then(|source| module_text::import_of(&source, specifier)) {
            Some((line, column)) => format!("    at {file}:{line}:{column}"),
            None => format!("    at {file}"),
        }
    }

    /// Runs `f` under other permissions: those of an extension.
    pub(crate) fn scoped<R>(&self, permissions: Rc<Permissions>, f: impl FnOnce() -> R) -> R {
        let outer = self.permissions.replace(permissions);
        let result = f();
        self.permissions.replace(outer);
        result
    }

    /// Remembers the first error that no script may catch.
    pub(crate) fn set_fatal(&self, fatal: Fatal) {
        self.fatal.borrow_mut().get_or_insert(fatal);
    }

    /// Remembers that nothing more may run, if a limit or another thread says so.
    pub(crate) fn judge(&self) {
        if self.fatal.borrow().is_none()
            && let Some(fatal) = self.watch.over()
        {
            self.set_fatal(fatal);
        }
    }

    /// Says where the script was when the limit that ended it was hit.
    pub(crate) fn place_fatal(&self, at: String) {
        if let Some(Fatal::Limit(hit)) = &mut *self.fatal.borrow_mut() {
            hit.at.get_or_insert(at);
        }
    }

    /// The error that ended this runtime, if one did. Asked after every entry: a result alone lies.
    pub(crate) fn fatal(&self) -> Option<Fatal> {
        self.fatal.borrow().clone()
    }

    /// Remembers the first error that no script handled.
    pub(crate) fn set_uncaught(&self, uncaught: Uncaught) {
        self.uncaught.borrow_mut().get_or_insert(uncaught);
    }

    /// Takes the error that no script handled.
    pub(crate) fn take_uncaught(&self) -> Option<Uncaught> {
        self.uncaught.take()
    }

    /// Whether the loop has nothing more to do: an error ended it.
    pub(crate) fn is_over(&self) -> bool {
        self.fatal.borrow().is_some() || self.uncaught.borrow().is_some()
    }

    /// Says under which scope the functions of module `name` run; none: that of the runtime.
    pub(crate) fn set_scope(&self, name: &'static str, scope: Option<Rc<Scope>>) {
        let mut scopes = self.scopes.borrow_mut();
        match scope {
            Some(scope) => scopes.insert(name, scope),
            None => scopes.remove(name),
        };
    }

    /// The scope of the module whose functions are being made now; each function is made to run under it.
    pub(crate) fn installing(&self) -> Option<Rc<Scope>> {
        self.installing.borrow().clone()
    }

    /// Runs `f`, which makes the functions of module `name`.
    pub(crate) fn install<R>(&self, name: &'static str, f: impl FnOnce() -> R) -> R {
        let scope = self.scopes.borrow().get(name).cloned();
        let outer = self.installing.replace(scope);
        let result = f();
        self.installing.replace(outer);
        result
    }

    /// The exports of module `name`, when they were made.
    pub(crate) fn exports<'js>(&self, cx: &Cx<'js>, name: &str) -> Option<Object<'js>> {
        self.exports.borrow().get(name)?.get(cx).ok()?.as_object()
    }

    /// Keeps the exports of module `name`, so that an import and a global are the same.
    pub(crate) fn keep_exports<'js>(
        &self,
        cx: &Cx<'js>,
        name: &'static str,
        exports: &Object<'js>,
    ) {
        self.exports
            .borrow_mut()
            .insert(name, Persistent::new(cx, &exports.to_value()));
    }

    /// Forgets the exports of module `name`.
    pub(crate) fn forget_exports(&self, name: &str) {
        let forgotten = self.exports.borrow_mut().remove(name);
        drop(forgotten);
    }
}
