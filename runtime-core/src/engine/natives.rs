//! Natives as the port takes them: functions behind the engine's own pointer, and classes.
//!
//! The boundary: tables, and what becomes of a native function that panicked. Macros write the
//! tables, by way of `definition`.

use std::any::{Any, TypeId};

use super::{Args, Closure, Cx, Error, Object, RawFn, Tracer, Value, raw_fn};
use crate::declaration::FnDecl;
use crate::error::JsError;
use crate::panics::{Callee, Panic};
use crate::ts::Ts;

/// A native function as the macro emits it: an uninhabited-by-convention type with one associated
/// function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a native function",
    label = "not marked with `#[js_fn]`",
    note = "put `#[js_fn]` on the function and name it as a type: `function::<greet>()`",
    note = "a closure takes a name: `register_global_function(name, closure)` on a `JsRuntime`, `register(name, closure)` on a `JsHandle`"
)]
pub trait NativeFn: 'static {
    /// Its declaration: name, arity, documentation, TypeScript signature, permission.
    const DECL: FnDecl;

    /// The call itself.
    fn call<'js>(cx: &mut Cx<'js>, args: &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>>;
}

/// A row of a function table: the declaration, and the engine's own function pointer.
#[derive(Clone, Copy, Debug)]
pub struct FnDef {
    /// What is known of it.
    pub decl: &'static FnDecl,
    pub(crate) raw: RawFn,
}

impl FnDef {
    /// The row of `F`, monomorphised for the engine, so that a call costs what the engine's own
    /// costs.
    pub const fn of<F: NativeFn>() -> Self {
        Self {
            decl: &F::DECL,
            raw: raw_fn::<F>(),
        }
    }
}

/// A Rust type that is a JavaScript class, as the macro emits it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a JavaScript class",
    label = "not a class",
    note = "put `#[js_class]` on the struct and on its `impl` block"
)]
pub trait NativeClass: Any + Sized {
    /// Its table.
    const DEF: &'static ClassDef;
}

/// A class: its constructor, members and ancestors.
#[derive(Debug)]
pub struct ClassDef {
    /// The JavaScript name.
    pub name: &'static str,
    /// The doc comment, as markdown.
    pub doc: &'static str,
    /// The Rust type of the state behind an instance.
    pub state: fn() -> TypeId,
    /// Shows the collector the slots of a state.
    pub trace: fn(&dyn Any, &mut Tracer<'_>),
    /// The native class that it extends.
    pub parent: Option<&'static ClassDef>,
    /// From this class's state to its parent's.
    pub up: Option<Upcast>,
    /// The constructor; without one, `new` throws.
    pub constructor: Option<FnDef>,
    /// Methods on the prototype.
    pub methods: &'static [FnDef],
    /// Accessors on the prototype.
    pub accessors: &'static [AccessorDef],
    /// Functions on the class itself.
    pub statics: &'static [FnDef],
    /// Numbers that stand on the class and on the prototype: `Event.AT_TARGET`.
    pub constants: &'static [ConstantDef],
    /// The method that is `[Symbol.iterator]` or `[Symbol.asyncIterator]`.
    pub iterator: Option<IteratorDef>,
    /// Whether enumeration shows the members, as Web IDL asks for. Those of a class of the language
    /// are not shown.
    pub enumerable: bool,
    /// What makes its instances errors: they are `instanceof Error`, and have a stack.
    pub error: Option<&'static ErrorDef>,
}

/// A class whose instances are errors: between the state behind one and the plain form of an error.
#[derive(Debug)]
pub struct ErrorDef {
    /// The name and the message that a state says.
    pub text: fn(&dyn Any) -> (&str, &str),
    /// The instance that a plain error becomes.
    pub make: for<'js> fn(&mut Cx<'js>, &JsError) -> Result<Value<'js>, Error<'js>>,
}

impl ClassDef {
    /// A class without members, for struct updates.
    pub const fn bare(name: &'static str, state: fn() -> TypeId) -> Self {
        Self {
            name,
            doc: "",
            state,
            trace: |_, _| {},
            parent: None,
            up: None,
            constructor: None,
            methods: &[],
            accessors: &[],
            statics: &[],
            constants: &[],
            iterator: None,
            enumerable: false,
            error: None,
        }
    }

    /// Whether its instances are errors, by itself or by a class that it extends.
    pub(crate) fn is_error(&self) -> bool {
        self.error.is_some() || self.parent.is_some_and(Self::is_error)
    }

    /// The table of `C`.
    pub const fn of<C: NativeClass>() -> &'static Self {
        C::DEF
    }
}

/// From a class's state to its parent's, shared and exclusive.
#[derive(Clone, Copy, Debug)]
pub struct Upcast {
    /// Shared.
    pub shared: fn(&dyn Any) -> &dyn Any,
    /// Exclusive.
    pub exclusive: fn(&mut dyn Any) -> &mut dyn Any,
}

/// A getter, a setter or both under one name.
#[derive(Clone, Copy, Debug)]
pub struct AccessorDef {
    /// The property's name.
    pub name: &'static str,
    /// The getter.
    pub get: Option<FnDef>,
    /// The setter.
    pub set: Option<FnDef>,
    /// Whether it stands on the class itself.
    pub is_static: bool,
}

/// A number that stands on a class and on its prototype. No script can change it.
#[derive(Clone, Copy, Debug)]
pub struct ConstantDef {
    /// The property's name.
    pub name: &'static str,
    /// The doc comment, as markdown.
    pub doc: &'static str,
    /// The number.
    pub value: f64,
}

/// How a class is iterated: the type of an item, and the function that gives the next one.
#[derive(Clone, Copy, Debug)]
pub struct IteratorDef {
    /// The function behind `[Symbol.iterator]`: it returns an iterator object.
    pub function: FnDef,
    /// A name under which the prototype has the same function: `entries`.
    pub alias: Option<&'static str>,
    /// What an iteration yields.
    pub item: Ts,
    /// Whether it is `[Symbol.asyncIterator]`.
    pub is_async: bool,
}

/// Boxes a closure; one passed straight to `Box::new` would not be general over `'js`.
pub(crate) fn closure(
    call: impl for<'js> Fn(&mut Cx<'js>, &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>> + 'static,
) -> Closure {
    Box::new(call)
}

/// What the caller of a native function gets that panicked. A panic that was not its own goes on.
#[cold]
pub(crate) fn raise<'js>(
    payload: &(dyn Any + Send),
    callee: Callee<'_>,
    args: &Args<'_, 'js>,
) -> Error<'js> {
    let panic = Panic::caught(payload);
    if panic.is_internal() {
        panic.go_on();
    }
    poison(callee, args);
    panic.into_error(callee).into()
}

/// Poisons what native code had borrowed exclusively when it panicked: it may have been half
/// changed.
fn poison(callee: Callee<'_>, args: &Args<'_, '_>) {
    let Callee::Declared(decl) = callee else {
        return;
    };
    let lent = |bit: usize| decl.exclusive & 1_u32.checked_shl(bit as u32).unwrap_or(0) != 0;
    let this = lent(0).then(|| args.this());
    let rest = (0..args.len())
        .filter(|at| lent(at + 1))
        .map(|at| args.get(at));
    for value in this.into_iter().chain(rest) {
        value
            .as_object()
            .as_ref()
            .inspect(|object| Object::poison(object));
    }
}
