//! Objects of native classes, as parameters and as `this`.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

use super::args::named;
use crate::classes;
use crate::convert::{FromJs, IntoJs};
use crate::definition::{ClassDef, ErrorDef, FnDecl, NativeClass, Upcast};
use crate::engine::{Args, Cx, Error, Object, Value};
use crate::error::Mismatch;
use crate::ts::{Ts, TsType};

/// What `#[js_class]` on the struct says; the table of the class, which the `impl` block makes, repeats it.
pub trait ClassType: Any + Sized {
    /// The JavaScript name.
    const NAME: &'static str;
    /// The doc comment.
    const DOC: &'static str;
    /// The class that it extends.
    const PARENT: Option<&'static ClassDef> = None;
    /// From its state to that of the class that it extends.
    const UP: Option<Upcast> = None;
    /// Whether enumeration shows its members.
    const ENUMERABLE: bool = false;
    /// What makes its instances errors.
    const ERROR: Option<&'static ErrorDef> = None;
}

/// A handle to an object of the class `T`, or of one that extends it. The state behind it is borrowed through the token, so
/// that no script runs meanwhile; between two borrows one may.
pub struct Instance<'js, T> {
    object: Object<'js>,
    /// On how many levels the object's class extends `T`.
    levels: usize,
    class: PhantomData<fn() -> T>,
}

impl<'js, T: NativeClass> Instance<'js, T> {
    /// The state.
    pub fn get<'a>(&'a self, cx: &'a Cx<'js>) -> &'a T {
        state(self, cx)
    }

    /// The state, to change it.
    pub fn get_mut<'a>(&'a self, cx: &'a mut Cx<'js>) -> &'a mut T {
        state_mut(self, cx)
    }

    /// The object itself.
    pub fn object(&self) -> &Object<'js> {
        &self.object
    }
}

impl<T> Clone for Instance<'_, T> {
    fn clone(&self) -> Self {
        Self {
            object: self.object.clone(),
            levels: self.levels,
            class: PhantomData,
        }
    }
}

impl<T: ClassType> fmt::Debug for Instance<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Instance({})", T::NAME)
    }
}

impl<Way, T: TsType<Way>> TsType<Way> for Instance<'_, T> {
    const TS: Ts = T::TS;
}

impl<'js, T: NativeClass> FromJs<'js> for Instance<'js, T> {
    fn from_js(_cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        checked(value)
    }
}

impl<'js, T> IntoJs<'js> for Instance<'js, T> {
    fn into_js(self, _cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        Ok(self.object.to_value())
    }
}

/// Argument `index`, which must be an instance of `T`.
pub fn instance<'js, T: NativeClass>(
    args: &Args<'_, 'js>,
    index: usize,
    decl: &'static FnDecl,
) -> Result<Instance<'js, T>, Error<'js>> {
    checked(&args.get(index)).map_err(|error| named(error, index, decl))
}

/// `this`, which must be an instance of `T`.
#[inline]
pub fn this<'js, T: NativeClass>(
    args: &Args<'_, 'js>,
    decl: &'static FnDecl,
) -> Result<Instance<'js, T>, Error<'js>> {
    find(&args.this())
        .map_err(|poisoned| poisoned.unwrap_or_else(|| classes::wrong_this::<T>(decl.name)))
}

/// The state behind an instance.
#[inline]
pub fn state<'a, 'js, T: NativeClass>(instance: &'a Instance<'js, T>, cx: &'a Cx<'js>) -> &'a T {
    classes::state(&instance.object, instance.levels, cx).expect("its class was asked for")
}

/// The state behind an instance, exclusively.
#[inline]
pub fn state_mut<'a, 'js, T: NativeClass>(
    instance: &'a Instance<'js, T>,
    cx: &'a mut Cx<'js>,
) -> &'a mut T {
    classes::state_mut(&instance.object, instance.levels, cx).expect("its class was asked for")
}

/// From the state of `T` to the part of it that is the state of `P`.
pub fn up<T: Any, P: Any>(state: &dyn Any, base: fn(&T) -> &P) -> &dyn Any {
    match state.downcast_ref() {
        Some(this) => base(this),
        None => state,
    }
}

/// The same, exclusively.
pub fn up_mut<T: Any, P: Any>(state: &mut dyn Any, base: fn(&mut T) -> &mut P) -> &mut dyn Any {
    if state.is::<T>() {
        base(state.downcast_mut().expect("its type was asked for"))
    } else {
        state
    }
}

fn checked<'js, T: NativeClass>(value: &Value<'js>) -> Result<Instance<'js, T>, Error<'js>> {
    find(value).map_err(|poisoned| {
        poisoned.unwrap_or_else(|| {
            let want = format!("an instance of {}", T::DEF.name);
            Mismatch::new(want, crate::convert::described(value)).into()
        })
    })
}

/// The instance that `value` is. Where it is none, the error of one that is poisoned.
#[inline]
fn find<'js, T: NativeClass>(value: &Value<'js>) -> Result<Instance<'js, T>, Option<Error<'js>>> {
    let object = value.as_object().ok_or(None)?;
    match classes::levels(&object, T::DEF) {
        Some(levels) => Ok(Instance {
            object,
            levels,
            class: PhantomData,
        }),
        None => Err(classes::poisoned(&object, T::DEF)),
    }
}
