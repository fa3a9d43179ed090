//! What a runtime keeps beside its engine: reached through [`Cx`](crate::engine::Cx), one per runtime.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::classes::Classes;
use crate::definition::Mount;
use crate::error::Fatal;
use crate::event_loop::EventLoop;
use crate::loader::Loader;
use crate::permissions::Permissions;

/// The engine-neutral state of one runtime.
#[derive(Debug)]
pub(crate) struct RuntimeState {
    /// The loop that applies completions and fires timers.
    pub(crate) event_loop: EventLoop,
    /// Where modules come from.
    pub(crate) loader: Loader,
    /// The classes that exist in this runtime.
    pub(crate) classes: Classes,
    permissions: RefCell<Rc<Permissions>>,
    locals: RefCell<HashMap<TypeId, Rc<dyn Any>>>,
    fatal: RefCell<Option<Fatal>>,
    mounts: &'static [Mount],
}

impl RuntimeState {
    pub(crate) fn new(
        loader: Loader,
        permissions: Rc<Permissions>,
        mounts: &'static [Mount],
    ) -> Self {
        Self {
            event_loop: EventLoop::new(),
            loader,
            classes: Classes::default(),
            permissions: RefCell::new(permissions),
            locals: RefCell::default(),
            fatal: RefCell::default(),
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
        let locals = self.locals.take();
        drop(locals);
    }

    /// What the code that is running now may do.
    pub(crate) fn permissions(&self) -> Rc<Permissions> {
        self.permissions.borrow().clone()
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

    /// The error that ended this runtime, if one did. Asked after every entry: a result alone lies.
    pub(crate) fn fatal(&self) -> Option<Fatal> {
        self.fatal.borrow().clone()
    }
}
