//! From a module's table to its exports: functions, classes, and what its `setup` adds.

use crate::classes;
use crate::definition::ModuleDef;
use crate::engine::{Cx, Error, Function, Object, Property};
use crate::error::JsError;
use crate::panics::{self, Callee};

/// The exports of `def`, made once per runtime, so that an import and a global are the same.
pub(crate) fn exports<'js>(
    cx: &mut Cx<'js>,
    def: &'static ModuleDef,
) -> Result<Object<'js>, Error<'js>> {
    let state = std::rc::Rc::clone(cx.state());
    if let Some(made) = state.exports(cx, def.name) {
        return Ok(made);
    }
    let exports = state.install(def.name, || make(cx, def))?;
    state.keep_exports(cx, def.name, &exports);
    Ok(exports)
}

fn make<'js>(cx: &mut Cx<'js>, def: &'static ModuleDef) -> Result<Object<'js>, Error<'js>> {
    let exports = Object::new(cx);
    for function in def.functions {
        let made = Function::new(cx, function).to_value();
        // Defined, not assigned: a setter that a script put on `Object.prototype` must not see it.
        exports.define(cx, function.decl.name, Property::plain(made))?;
    }
    // The functions of an extension run under its scope: when it was loaded before, its classes belong to an earlier one.
    if cx.state().installing().is_some() {
        for class in def.classes {
            cx.state().classes.forget(class);
        }
    }
    for class in def.classes {
        let made = classes::constructor(cx, class)?.to_value();
        exports.define(cx, class.name, Property::plain(made))?;
    }
    if let Some(setup) = def.setup {
        let name = format!("{}: setup", def.name);
        panics::guard(Callee::Named(&name), || setup(cx, &exports))?;
    }
    for name in def.more {
        if !exports.has(cx, *name)? {
            let (module, bug) = (def.name, "this is a bug in the module");
            return Err(JsError::error(format!(
                "module `{module}` says that it exports `{name}`, but its setup did not make it: {bug}"
            ))
            .into());
        }
    }
    Ok(exports)
}
