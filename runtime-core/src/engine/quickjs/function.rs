//! Functions: natives behind the engine's own pointer, closures, calling and constructing.

use std::any::Any;
use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use rquickjs_sys as q;

use super::args::Args;
use super::cx::{Cx, c_name};
use super::error::{raise, raise_fatal};
use super::object::Object;
use super::value::Value;
use crate::engine::natives::{self, FnDef, NativeFn};
use crate::engine::{Brand, Error, Property};
use crate::error::Fatal;
use crate::panics::{Callee, Contained, Panic};

/// The engine's own pointer to a native function.
pub type RawFn =
    unsafe extern "C" fn(*mut q::JSContext, q::JSValue, c_int, *mut q::JSValue) -> q::JSValue;

/// A native closure. Its `'static` bound keeps handles out, which the collector could not see in it.
pub type Closure = Box<dyn for<'a> Fn(&mut Cx<'a>, &Args<'_, 'a>) -> Result<Value<'a>, Error<'a>>>;

/// A callable object.
#[derive(Clone, Debug)]
pub struct Function<'js>(Object<'js>);

/// `F` as the engine's own pointer.
pub(crate) const fn raw_fn<F: NativeFn>() -> RawFn {
    thunk::<F>
}

/// # Safety
/// The engine calls it, as its own protocol says: all values are borrowed, and the result is given away.
unsafe extern "C" fn thunk<F: NativeFn>(
    ctx: *mut q::JSContext,
    this: q::JSValue,
    count: c_int,
    values: *mut q::JSValue,
) -> q::JSValue {
    // SAFETY: passed on as it came.
    unsafe {
        enter(
            F::call,
            Callee::Declared(&F::DECL),
            ctx,
            this,
            count,
            values,
        )
    }
}

/// Calls `native` with what the engine gave, and gives the engine what it expects. Its panic must not cross C: it is an error of the
/// script.
///
/// # Safety
/// `values` points to `count` values that are alive during the call, or is null when there are none.
#[inline(always)]
unsafe fn enter<'js>(
    native: impl FnOnce(&mut Cx<'js>, &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>>,
    callee: Callee<'_>,
    ctx: *mut q::JSContext,
    this: q::JSValue,
    count: c_int,
    values: *mut q::JSValue,
) -> q::JSValue {
    let values = if count <= 0 {
        &[]
    } else {
        // SAFETY: as the caller says.
        unsafe { std::slice::from_raw_parts(values, count as usize) }
    };
    let args = Args {
        ctx,
        this,
        values,
        brand: Brand::default(),
    };
    let called = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the engine calls with a context that is alive, from a script that the token of the
        // outer entry runs.
        let mut cx = unsafe { Cx::new(ctx) };
        let called = match cx.goes_on() {
            Ok(()) => native(&mut cx, &args),
            Err(fatal) => Err(fatal.into()),
        };
        match called {
            Ok(value) => value.into_raw(),
            Err(error) => raise(&mut cx, error),
        }
    }));
    called.unwrap_or_else(|payload| panicked(&*payload, callee, &args))
}

/// What the engine gets of a native function that panicked. After a panic of this crate's own the runtime is over.
#[cold]
fn panicked(payload: &(dyn Any + Send), callee: Callee<'_>, args: &Args<'_, '_>) -> q::JSValue {
    // SAFETY: as above; the token of the function that panicked is gone.
    let mut cx = unsafe { Cx::new(args.ctx) };
    // A panic that goes on stops here all the same.
    let raised = catch_unwind(AssertUnwindSafe(|| natives::raise(payload, callee, args)));
    match raised {
        Ok(error) => raise(&mut cx, error),
        Err(payload) => {
            let panic = Panic::caught(&*payload);
            raise_fatal(&mut cx, Fatal::Engine(format!("it panicked{panic}")))
        }
    }
}

/// What is behind a function that is not a plain pointer; whether it was called with `new` is the second argument.
pub(super) type Behind = Box<dyn Fn(&mut Cx<'_>, Call) -> q::JSValue>;

/// A call as the engine makes it.
pub(super) struct Call {
    this: q::JSValue,
    is_new: bool,
    count: c_int,
    values: *mut q::JSValue,
}

/// The engine's own class for functions with something behind them.
pub(super) const CALLEE_CLASS: q::JSClassDef = q::JSClassDef {
    class_name: c"Function".as_ptr(),
    finalizer: Some(finalize),
    gc_mark: None,
    call: Some(call_callee),
    exotic: std::ptr::null_mut(),
};

/// # Safety
/// The engine calls it once, when the function is freed.
unsafe extern "C" fn finalize(_rt: *mut q::JSRuntime, function: q::JSValue) {
    let mut class = 0;
    // SAFETY: the opaque pointer of an object of this class is a box that was leaked into it, or null while it is being made.
    unsafe {
        let behind = q::JS_GetAnyOpaque(function, &raw mut class).cast::<Behind>();
        if !behind.is_null() {
            drop(Contained::new(Box::from_raw(behind)));
        }
    }
}

/// # Safety
/// The engine calls it with a function of the class.
unsafe extern "C" fn call_callee(
    ctx: *mut q::JSContext,
    function: q::JSValue,
    this: q::JSValue,
    count: c_int,
    values: *mut q::JSValue,
    flags: c_int,
) -> q::JSValue {
    let mut class = 0;
    // SAFETY: as above; the function is alive while it is called, since its caller holds it.
    let behind = unsafe { &*q::JS_GetAnyOpaque(function, &raw mut class).cast::<Behind>() };
    let call = Call {
        this,
        is_new: flags & q::JS_CALL_FLAG_CONSTRUCTOR as c_int != 0,
        count,
        values,
    };
    // SAFETY: the engine calls with a context that is alive, from a script.
    behind(&mut unsafe { Cx::new(ctx) }, call)
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
        let generic = q::JSCFunctionEnum_JS_CFUNC_generic;
        Self::native(cx, def, name, generic)
    }

    /// A native function that `new` calls: its `this` is `new.target`, and `undefined` when it is called without `new`.
    pub fn constructor(cx: &mut Cx<'js>, def: &FnDef, name: &str) -> Self {
        let either = q::JSCFunctionEnum_JS_CFUNC_constructor_or_func;
        Self::native(cx, def, name, either)
    }

    fn native(cx: &mut Cx<'js>, def: &FnDef, name: &str, protocol: q::JSCFunctionEnum) -> Self {
        let len = def.decl.len;
        let is_constructor = protocol != q::JSCFunctionEnum_JS_CFUNC_generic;
        let Some(scope) = cx.state().installing() else {
            let name = c_name(name);
            // SAFETY: the pointer follows the engine's protocol, and the engine copies the name.
            let raw = unsafe {
                q::JS_NewCFunction2(
                    cx.ctx,
                    Some(def.raw),
                    name.as_ptr(),
                    c_int::from(len),
                    protocol,
                    0,
                )
            };
            return Self(Object::from_value(cx.made(raw)));
        };
        // An extension's function first enters the extension's scope.
        let raw = def.raw;
        let behind: Behind = Box::new(move |cx, call| {
            if !scope.loaded.get() {
                let error = Error::type_error(format!("extension `{}` was unloaded", scope.name));
                return raise(cx, error);
            }
            let state = Rc::clone(cx.state());
            let this = match (is_constructor, call.is_new) {
                (true, false) => q::JS_UNDEFINED,
                _ => call.this,
            };
            state.scoped(Rc::clone(&scope.permissions), || {
                // SAFETY: passed on as the engine gave it.
                unsafe { raw(cx.ctx, this, call.count, call.values) }
            })
        });
        Self::with_behind(cx, name, len, behind, is_constructor)
    }

    /// A function from a closure.
    pub fn closure(cx: &mut Cx<'js>, name: &str, len: u8, closure: Closure) -> Self {
        let called = Box::<str>::from(name);
        let behind: Behind = Box::new(move |cx, call| {
            let callee = Callee::Named(&called);
            // SAFETY: the call is passed on as the engine gave it.
            unsafe { enter(&closure, callee, cx.ctx, call.this, call.count, call.values) }
        });
        Self::with_behind(cx, name, len, behind, false)
    }

    fn with_behind(
        cx: &mut Cx<'js>,
        name: &str,
        len: u8,
        behind: Behind,
        is_constructor: bool,
    ) -> Self {
        // SAFETY: the object is fresh; it owns the box from here on, and its class frees it. Closures are 'static and every
        // handle carries 'js, so there is nothing in the box that the collector would have to see.
        let raw = unsafe {
            let proto = q::JS_GetFunctionProto(cx.ctx);
            let raw = q::JS_NewObjectProtoClass(cx.ctx, proto, cx.shared().callee_class);
            q::JS_FreeValue(cx.ctx, proto);
            if super::value::tag(raw) == q::JS_TAG_OBJECT {
                q::JS_SetOpaque(raw, Box::into_raw(Box::new(behind)).cast::<c_void>());
                q::JS_SetConstructorBit(cx.ctx, raw, is_constructor);
            }
            raw
        };
        let function = Object::from_value(cx.made(raw));
        for (key, value) in [
            ("length", Value::int(i32::from(len))),
            ("name", Value::string(cx, name)),
        ] {
            let property = Property {
                writable: false,
                ..Property::hidden(value)
            };
            // Defining on a fresh object fails only for want of memory, which the state remembers.
            let _ = function.define(cx, key, property);
        }
        Self(function)
    }

    /// Calls it.
    pub fn call(
        &self,
        cx: &mut Cx<'js>,
        this: &Value<'js>,
        args: &[Value<'js>],
    ) -> Result<Value<'js>, Error<'js>> {
        with_raw(args, |args| cx.call_raw(self.0.raw(), this.raw, args))
    }

    /// `new function(...args)`
    pub fn construct(
        &self,
        cx: &mut Cx<'js>,
        args: &[Value<'js>],
    ) -> Result<Object<'js>, Error<'js>> {
        // SAFETY: it reads a flag of the object.
        if !unsafe { q::JS_IsConstructor(cx.ctx, self.0.raw()) } {
            return Err(Error::type_error("not a constructor"));
        }
        let raw = with_raw(args, |args| {
            // SAFETY: all values are borrowed for the call.
            unsafe {
                let start = args.as_ptr().cast_mut();
                q::JS_CallConstructor(cx.ctx, self.0.raw(), args.len() as c_int, start)
            }
        });
        cx.result(raw).map(Object::from_value)
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

/// The borrowed raw values of `args`; few of them stand on the stack.
fn with_raw<R>(args: &[Value<'_>], f: impl FnOnce(&[q::JSValue]) -> R) -> R {
    const FEW: usize = 6;
    if args.len() <= FEW {
        let mut raw = [q::JS_UNDEFINED; FEW];
        for (raw, arg) in raw.iter_mut().zip(args) {
            *raw = arg.raw;
        }
        f(&raw[..args.len()])
    } else {
        let raw: Vec<q::JSValue> = args.iter().map(|arg| arg.raw).collect();
        f(&raw)
    }
}
