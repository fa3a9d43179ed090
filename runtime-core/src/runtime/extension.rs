//! Extensions: modules that are loaded and unloaded while a runtime lives, with permissions of their own.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::JsRuntime;
use super::config::install;
use crate::definition::{GrantsDef, ModuleDef};
use crate::engine::{Cx, Error};
use crate::error::JsError;
use crate::module_url::ModuleUrl;
use crate::state::Scope;

/// A module that an embedder loads at run time.
pub trait Extension {
    /// What it adds.
    fn module(&self) -> &'static ModuleDef;

    /// What its functions may do, whatever the rest of the runtime may: they run under these grants alone. A grant that the
    /// runtime itself does not have is refused at load.
    fn permissions(&self) -> GrantsDef {
        GrantsDef::NONE
    }

    /// Called after it was loaded.
    fn loaded<'js>(&mut self, _cx: &mut Cx<'js>) -> Result<(), Error<'js>> {
        Ok(())
    }

    /// Called before it is unloaded.
    fn unloading<'js>(&mut self, _cx: &mut Cx<'js>) -> Result<(), Error<'js>> {
        Ok(())
    }
}

struct Loaded {
    extension: Box<dyn Extension>,
    scope: Rc<Scope>,
    globals: Vec<String>,
}

/// The extensions of one runtime, by name.
#[derive(Default)]
struct Extensions(RefCell<HashMap<&'static str, Loaded>>);

pub(super) fn load(
    runtime: &mut JsRuntime,
    mut extension: Box<dyn Extension>,
) -> Result<(), JsError> {
    let def = extension.module();
    let state = Rc::clone(runtime.engine().state());
    let extensions = state.local::<Extensions>();
    if extensions.0.borrow().contains_key(def.name) {
        return Err(JsError::error(format!(
            "extension `{}` is loaded already",
            def.name
        )));
    }
    let permissions = Rc::new(state.permissions().subset(&extension.permissions())?);
    if let Some(other) = state.loader.add(def) {
        state.loader.add(other);
        let (name, specifier) = (def.name, def.specifier);
        return Err(JsError::error(format!(
            "extension `{name}` is imported as `{specifier}`, as module `{}` is",
            other.name
        )));
    }
    let scope = Rc::new(Scope {
        name: def.name,
        permissions,
        loaded: Cell::new(true),
    });
    let installed = runtime.enter(|cx| {
        state.set_scope(def.name, Some(Rc::clone(&scope)));
        let result = install(cx, def).and_then(|globals| extension.loaded(cx).map(|()| globals));
        result.map_err(|error| JsError::from_error(cx, error))
    });
    match installed {
        Ok(globals) => {
            extensions.0.borrow_mut().insert(
                def.name,
                Loaded {
                    extension,
                    scope,
                    globals,
                },
            );
            Ok(())
        }
        Err(error) => {
            state.set_scope(def.name, None);
            state.loader.remove(def.specifier);
            Err(error)
        }
    }
}

pub(super) fn unload(runtime: &mut JsRuntime, name: &str) -> Result<(), JsError> {
    let state = Rc::clone(runtime.engine().state());
    let found = state.local::<Extensions>().0.borrow_mut().remove(name);
    let Some(mut loaded) = found else {
        return Err(JsError::error(format!("no extension `{name}` is loaded")));
    };
    let def = loaded.extension.module();
    let result = runtime.enter(|cx| {
        let said = loaded.extension.unloading(cx);
        let global = cx.global();
        let removed = loaded
            .globals
            .iter()
            .try_for_each(|name| global.delete(cx, name.as_str()));
        cx.forget_module(&ModuleUrl::native(def.specifier));
        said.and(removed)
            .map_err(|error| JsError::from_error(cx, error))
    });
    loaded.scope.loaded.set(false);
    state.loader.remove(def.specifier);
    state.set_scope(def.name, None);
    state.forget_exports(def.name);
    result
}
