//! Arguments and results of one call. What a scalar takes is inlined; what only an error takes is not.

use crate::convert::{FromJs, IntoJs};
use crate::definition::FnDecl;
use crate::engine::{Args, Cx, Error, Value, View};
use crate::ts::{In, Ts, TsType};

/// The TypeScript type of bytes that are lent.
pub const BYTES: Ts = <Vec<u8> as TsType<In>>::TS;

/// Argument `index`, converted.
#[inline]
pub fn arg<'js, T: FromJs<'js>>(
    cx: &mut Cx<'js>,
    args: &Args<'_, 'js>,
    index: usize,
    decl: &'static FnDecl,
) -> Result<T, Error<'js>> {
    match T::from_arg(cx, args, index) {
        Ok(value) => Ok(value),
        Err(error) => Err(named(error, index, decl)),
    }
}

/// Argument `index`, converted, or `default` when it is absent.
#[inline]
pub fn arg_or<'js, T: FromJs<'js>>(
    cx: &mut Cx<'js>,
    args: &Args<'_, 'js>,
    index: usize,
    decl: &'static FnDecl,
    default: impl FnOnce() -> T,
) -> Result<T, Error<'js>> {
    if args.is_absent(index) {
        return Ok(default());
    }
    arg(cx, args, index, decl)
}

/// The bytes that argument `index` is a view of.
pub fn view<'js>(
    cx: &mut Cx<'js>,
    args: &Args<'_, 'js>,
    index: usize,
    decl: &'static FnDecl,
) -> Result<View<'js>, Error<'js>> {
    args.get(index)
        .view(cx)
        .map_err(|error| named(error, index, decl))
}

/// What a function returned, converted.
#[inline]
pub fn returned<'js, T: IntoJs<'js>>(cx: &mut Cx<'js>, value: T) -> Result<Value<'js>, Error<'js>> {
    value.into_js(cx)
}

/// Refuses the call when `permission` (`sys:sensor`) is not granted.
pub fn require<'js>(cx: &mut Cx<'js>, permission: &'static str) -> Result<(), Error<'js>> {
    let name = permission.strip_prefix("sys:").unwrap_or(permission);
    cx.permissions().check_sys(name)?;
    Ok(())
}

/// Says of a mismatch which argument it was: `greet: argument 1 (name) must be a string, got an object`.
#[cold]
pub(super) fn named<'js>(error: Error<'js>, index: usize, decl: &'static FnDecl) -> Error<'js> {
    let Error::Mismatch(mismatch) = error else {
        return error;
    };
    let subject = match decl.params.get(index) {
        Some(param) => format!("{}: argument {} ({})", decl.label(), index + 1, param.name),
        None => format!("{}: argument {}", decl.label(), index + 1),
    };
    mismatch.into_error(&subject).into()
}
