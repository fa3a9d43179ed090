//! Functions: natives behind the engine's own pointer, closures, calling and constructing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use boa_engine::object::FunctionObjectBuilder;
use boa_engine::{Context, JsResult, JsString, JsValue, NativeFunction};

use super::args::Args;
use super::cx::Cx;
use super::entry;
use super::error::{thrown, to_raw};
use super::object::Object;
use super::value::Value;
use crate::engine::natives::{self, FnDef, NativeFn};
use crate::engine::{Brand, Error};
use crate::panics::{Callee, Contained};

/// The engine's own pointer to a native function.
pub type RawFn = fn(&JsValue, &[JsValue], &mut Context) -> JsResult<JsValue>;

/// A native closure. Its `'static` bound keeps handles out, which the collector could not see in it.
pub type Closure = Box<dyn for<'a> Fn(&mut Cx<'a>, &Args<'_, 'a>) -> Result<Value<'a>, Error<'a>>>;

/// A callable object.
#[derive(Clone, Debug)]
pub struct Function<'js>(Object<'js>);

/// `F` as the engine's own pointer.
pub(crate) const fn raw_fn<F: NativeFn>() -> RawFn {
    thunk::<F>
}

fn thunk<F: NativeFn>(
    this: &JsValue,
    values: &[JsValue],
    context: &mut Context,
) -> JsResult<JsValue> {
    enter(F::call, Callee::Declared(&F::DECL), this, values, context)
}

/// Calls `native` with what the engine gave, and gives the engine what it expects. Its panic is an error of the script: no frame of
/// the engine lies between the native function and here.
#[inline(always)]
fn enter<'js>(
    native: impl FnOnce(&mut Cx<'js>, &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>>,
    callee: Callee<'_>,
    this: &JsValue,
    values: &[JsValue],
    context: &'js mut Context,
) -> JsResult<JsValue> {
    entry::look(context)?;
    let mut cx = Cx::new(context);
    let brand = Brand::default();
    let args = Args {
        this,
        values,
        brand,
    };
    let called = catch_unwind(AssertUnwindSafe(|| native(&mut cx, &args)));
    match called.unwrap_or_else(|payload| Err(natives::raise(&*payload, callee, &args))) {
        Ok(value) => Ok(value.raw),
        Err(error) => Err(to_raw(&mut cx, error)),
    }
}

/// The engine's own pointer; of an extension's function, a closure that first enters the extension's scope.
fn native(cx: &Cx<'_>, def: &FnDef) -> NativeFunction {
    let Some(scope) = cx.state().installing() else {
        return NativeFunction::from_fn_ptr(def.raw);
    };
    let raw = def.raw;
    let call = move |this: &JsValue, values: &[JsValue], context: &mut Context| {
        let mut cx = Cx::new(context);
        if !scope.loaded.get() {
            let error = Error::type_error(format!("extension `{}` was unloaded", scope.name));
            return Err(to_raw(&mut cx, error));
        }
        let state = Rc::clone(cx.state());
        state.scoped(Rc::clone(&scope.permissions), || {
            raw(this, values, cx.context)
        })
    };
    // SAFETY: the closure captures a scope and a function pointer, nothing that the collector traces.
    unsafe { NativeFunction::from_closure(call) }
}

impl<'js> Function<'js> {
    pub(super) fn from_object(object: Object<'js>) -> Self {
        Self(object)
    }

    /// A native function.
    pub fn new(cx: &mut Cx<'js>, def: &FnDef) -> Self {
        Self::named(cx, def, def.decl.name)
    }

    /// A native function under another name than its own, such as `get size`.
    pub fn named(cx: &mut Cx<'js>, def: &FnDef, name: &str) -> Self {
        let native = native(cx, def);
        Self::build(cx, native, name, def.decl.len, false)
    }

    /// A native function that `new` calls: its `this` is `new.target`, and `undefined` when it is called without `new`.
    pub fn constructor(cx: &mut Cx<'js>, def: &FnDef, name: &str) -> Self {
        let native = native(cx, def);
        Self::build(cx, native, name, def.decl.len, true)
    }

    /// A function from a closure.
    pub fn closure(cx: &mut Cx<'js>, name: &str, len: u8, closure: Closure) -> Self {
        let closure = Contained::new((closure, Box::<str>::from(name)));
        let call = move |this: &JsValue, values: &[JsValue], context: &mut Context| {
            let (closure, name) = &*closure;
            enter(closure, Callee::Named(name), this, values, context)
        };
        // SAFETY: the closure is 'static and every handle carries 'js, so it captures nothing that the collector traces;
        // what it keeps of JavaScript it keeps as `Persistent`s, which are rows of a table that roots them.
        let native = unsafe { NativeFunction::from_closure(call) };
        Self::build(cx, native, name, len, false)
    }

    fn build(
        cx: &mut Cx<'js>,
        native: NativeFunction,
        name: &str,
        len: u8,
        constructor: bool,
    ) -> Self {
        let function = FunctionObjectBuilder::new(cx.context.realm(), native)
            .name(JsString::from(name))
            .length(usize::from(len))
            .constructor(constructor)
            .build();
        Self(Object::wrap(function.into()))
    }

    /// Calls it.
    pub fn call(
        &self,
        cx: &mut Cx<'js>,
        this: &Value<'js>,
        args: &[Value<'js>],
    ) -> Result<Value<'js>, Error<'js>> {
        let args: Vec<JsValue> = args.iter().map(|arg| arg.raw.clone()).collect();
        let function = &self.0.raw;
        let result = entry::run(cx.context, |context| {
            function.call(&this.raw, &args, context)
        });
        result.map(Value::wrap).map_err(|error| thrown(cx, error))
    }

    /// `new function(...args)`
    pub fn construct(
        &self,
        cx: &mut Cx<'js>,
        args: &[Value<'js>],
    ) -> Result<Object<'js>, Error<'js>> {
        if !self.0.raw.is_constructor() {
            return Err(Error::type_error("not a constructor"));
        }
        let args: Vec<JsValue> = args.iter().map(|arg| arg.raw.clone()).collect();
        let function = &self.0.raw;
        let result = entry::run(cx.context, |context| {
            function.construct(&args, None, context)
        });
        result.map(Object::wrap).map_err(|error| thrown(cx, error))
    }

    /// The function as an object.
    pub fn as_object(&self) -> &Object<'js> {
        &self.0
    }

    /// The function as a value.
    pub fn to_value(&self) -> Value<'js> {
        self.0.to_value()
    }
}
