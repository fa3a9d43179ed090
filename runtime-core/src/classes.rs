//! Native classes: their constructors and prototypes, made once per runtime, and the Rust state behind their instances.
//!
//! A class is known by its [`ClassDef`]. The state is reached through the token only, so a borrowed state cannot be held
//! across a call into JavaScript. Of JavaScript inheritance (`class B extends Native`) nothing is known here: the
//! prototype is whatever `new.target` says.

mod errors;
#[cfg(test)]
mod tests;

pub use errors::ErrorClass;
pub(crate) use errors::error_text;

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;

use crate::definition::{ClassDef, FnDecl, FnDef, NativeClass, NativeFn};
use crate::engine::{Args, Cx, Error, Function, Object, Persistent, Property, Value, WellKnown};
use crate::error::JsError;

/// The classes that exist in one runtime, by the Rust type behind them: a table's address may differ between crates.
#[derive(Debug, Default)]
pub(crate) struct Classes {
    rows: RefCell<HashMap<TypeId, Row>>,
}

#[derive(Debug)]
struct Row {
    constructor: Persistent,
    prototype: Persistent,
}

impl Classes {
    /// Forgets `def`: the next use makes a new class. Instances of the old one keep working.
    pub(crate) fn forget(&self, def: &ClassDef) {
        let row = self.rows.borrow_mut().remove(&(def.state)());
        drop(row);
    }

    /// Forgets them all, before the engine goes.
    pub(crate) fn clear(&self) {
        let rows = self.rows.take();
        drop(rows);
    }
}

/// The constructor of `def`, made on first use together with those of its ancestors.
pub(crate) fn constructor<'js>(
    cx: &mut Cx<'js>,
    def: &'static ClassDef,
) -> Result<Function<'js>, Error<'js>> {
    let (constructor, _) = parts(cx, def)?;
    Ok(constructor)
}

/// An instance of `T`, as native code makes one.
pub fn instance<'js, T: NativeClass>(cx: &mut Cx<'js>, state: T) -> Result<Value<'js>, Error<'js>> {
    let (_, prototype) = parts(cx, T::DEF)?;
    Ok(host(cx, &prototype, state))
}

/// The object itself; one that is an error gets the stack of the script that is running.
fn host<'js, T: NativeClass>(cx: &mut Cx<'js>, prototype: &Object<'js>, state: T) -> Value<'js> {
    let object = Object::new_host(cx, prototype, T::DEF, Box::new(state));
    if T::DEF.is_error() {
        errors::give_stack(cx, &object);
    }
    object.to_value()
}

/// `new.target` of a call to the constructor of `T`; a call without `new` is refused.
pub fn new_target<'js, T: NativeClass>(args: &Args<'_, 'js>) -> Result<Object<'js>, Error<'js>> {
    args.this().as_object().ok_or_else(|| {
        Error::type_error(format!(
            "class constructor {} cannot be called without `new`",
            T::DEF.name
        ))
    })
}

/// The instance of `T` that its constructor made for `new_target`, which may be a class of a script that extends it.
pub fn construct<'js, T: NativeClass>(
    cx: &mut Cx<'js>,
    new_target: &Object<'js>,
    state: T,
) -> Result<Value<'js>, Error<'js>> {
    let prototype = match new_target.get(cx, "prototype")?.as_object() {
        Some(prototype) => prototype,
        None => parts(cx, T::DEF)?.1,
    };
    Ok(host(cx, &prototype, state))
}

/// The state of a `T` behind `object`, whose class is `T` or extends it on so many levels.
pub(crate) fn state<'a, 'js, T: Any>(
    object: &'a Object<'js>,
    levels: usize,
    cx: &'a Cx<'js>,
) -> Option<&'a T> {
    let mut class = object.as_host()?.class;
    let mut state = object.host_state(cx)?;
    for _ in 0..levels {
        state = (class.up?.shared)(state);
        class = class.parent?;
    }
    state.downcast_ref()
}

/// Like [`state`], exclusively.
pub(crate) fn state_mut<'a, 'js, T: Any>(
    object: &'a Object<'js>,
    levels: usize,
    cx: &'a mut Cx<'js>,
) -> Option<&'a mut T> {
    let mut class = object.as_host()?.class;
    let mut state = object.host_state_mut(cx)?;
    for _ in 0..levels {
        state = (class.up?.exclusive)(state);
        class = class.parent?;
    }
    state.downcast_mut()
}

/// The error of a member of `T` that was called on something else.
#[cold]
pub(crate) fn wrong_this<'js, T: NativeClass>(member: &str) -> Error<'js> {
    let class = T::DEF.name;
    Error::type_error(format!("{class}.prototype.{member}: this is not a {class}"))
}

/// On how many levels the class of `object` extends `def`: none when it is no instance, or poisoned.
pub(crate) fn levels(object: &Object<'_>, def: &ClassDef) -> Option<usize> {
    let host = object.as_host().filter(|host| !host.is_poisoned)?;
    levels_above(host.class, def)
}

/// The error of an instance of `def` that is poisoned.
#[cold]
pub(crate) fn poisoned<'js>(object: &Object<'js>, def: &ClassDef) -> Option<Error<'js>> {
    let host = object.as_host().filter(|host| host.is_poisoned)?;
    levels_above(host.class, def).map(|_| {
        JsError::error(format!(
            "this {} cannot be used any more: native code panicked while it was changing it",
            def.name
        ))
        .with_code("ERR_POISONED")
        .into()
    })
}

fn levels_above(class: &'static ClassDef, def: &ClassDef) -> Option<usize> {
    std::iter::successors(Some(class), |class| class.parent)
        .position(|class| (class.state)() == (def.state)())
}

fn parts<'js>(
    cx: &mut Cx<'js>,
    def: &'static ClassDef,
) -> Result<(Function<'js>, Object<'js>), Error<'js>> {
    let key = (def.state)();
    if let Some(row) = cx.state().classes.rows.borrow().get(&key) {
        let constructor = row.constructor.get(cx)?.as_function();
        let prototype = row.prototype.get(cx)?.as_object();
        return Ok(constructor
            .zip(prototype)
            .expect("a row holds a function and an object"));
    }
    let parent = match def.parent {
        Some(parent) => Some(parts(cx, parent)?),
        None => None,
    };
    let (constructor, prototype) = make(cx, def, parent)?;
    let row = Row {
        constructor: Persistent::new(cx, &constructor.to_value()),
        prototype: Persistent::new(cx, &prototype.to_value()),
    };
    cx.state().classes.rows.borrow_mut().insert(key, row);
    Ok((constructor, prototype))
}

fn make<'js>(
    cx: &mut Cx<'js>,
    def: &'static ClassDef,
    parent: Option<(Function<'js>, Object<'js>)>,
) -> Result<(Function<'js>, Object<'js>), Error<'js>> {
    let row = def.constructor.unwrap_or(FnDef::of::<NoConstructor>());
    let constructor = Function::constructor(cx, &row, def.name);
    let class = constructor.as_object();
    let prototype = Object::new(cx);
    if let Some((parent_class, parent_prototype)) = &parent {
        class.set_proto(cx, Some(parent_class.as_object()));
        prototype.set_proto(cx, Some(parent_prototype));
    }
    if parent.is_none() && def.error.is_some() {
        let errors = errors::prototype(cx);
        prototype.set_proto(cx, errors.as_ref());
    }
    let fixed = Property {
        enumerable: false,
        ..Property::constant(prototype.to_value())
    };
    class.define(cx, "prototype", fixed)?;
    prototype.define(cx, "constructor", Property::hidden(constructor.to_value()))?;
    let enumerable = def.enumerable;
    let member = |property: Property<'js>| Property {
        enumerable,
        ..property
    };
    for (holder, methods) in [(class, def.statics), (&prototype, def.methods)] {
        for method in methods {
            let function = Function::new(cx, method).to_value();
            holder.define(cx, method.decl.name, member(Property::hidden(function)))?;
        }
    }
    for constant in def.constants {
        for holder in [class, &prototype] {
            let fixed = Property::constant(Value::number(constant.value));
            holder.define(cx, constant.name, member(fixed))?;
        }
    }
    for accessor in def.accessors {
        let holder = if accessor.is_static {
            class
        } else {
            &prototype
        };
        let name = accessor.name;
        let get = accessor
            .get
            .map(|get| Function::named(cx, &get, &format!("get {name}")));
        let set = accessor
            .set
            .map(|set| Function::named(cx, &set, &format!("set {name}")));
        holder.define(cx, accessor.name, member(Property::accessor(get, set)))?;
    }
    if let Some(iterator) = def.iterator {
        let symbol = match iterator.is_async {
            true => WellKnown::AsyncIterator,
            false => WellKnown::Iterator,
        };
        let function = Function::new(cx, &iterator.function).to_value();
        if let Some(name) = iterator.alias {
            prototype.define(cx, name, member(Property::hidden(function.clone())))?;
        }
        prototype.define(cx, symbol, Property::hidden(function))?;
    }
    let tag = Property {
        writable: false,
        ..Property::hidden(Value::string(cx, def.name))
    };
    prototype.define(cx, WellKnown::ToStringTag, tag)?;
    Ok((constructor, prototype))
}

/// The constructor of a class that has none.
struct NoConstructor;

impl NativeFn for NoConstructor {
    const DECL: FnDecl = FnDecl::EMPTY;

    fn call<'js>(cx: &mut Cx<'js>, args: &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>> {
        let name = match args.this().as_object() {
            Some(class) => class.get(cx, "name")?.as_string().unwrap_or_default(),
            None => String::new(),
        };
        Err(Error::type_error(match name.as_str() {
            "" => "this class has no constructor".to_owned(),
            name => format!("class {name} has no constructor"),
        }))
    }
}
