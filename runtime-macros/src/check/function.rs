//! Rules of functions: borrowing, async, names, permissions. Those of each parameter's type stand in `params`.

use syn::{Type, spanned::Spanned};

use super::{name, params};
use crate::model::{Function, Kind, Receiver, Role};
use crate::parse::types::{self, SCALARS, find, find_lifetime, is_static, written};
use crate::report::Report;

/// Checks a function. `role` is what it is to its class; none of one on its own.
pub(crate) fn function(function: &Function, role: Option<Role>, report: &mut Report) {
    name(&function.name, report);
    if role.is_none() && SCALARS.iter().any(|scalar| function.ident == scalar) {
        let ident = &function.ident;
        report.help(
            ident,
            format_args!("a `#[js_fn]` named `{ident}` would hide the type `{ident}`"),
            format_args!("name it otherwise, and write `#[js_fn(name = \"{ident}\")]`"),
        );
    }
    params::check(function, report);
    match function.asyncness {
        Some(_) => asynchronous(function, report),
        None => borrows(function, report),
    }
    output(function, role, report);
    permission(function, report);
}

/// What borrows from the engine excludes what runs it, and what borrows exclusively excludes every other.
fn borrows(function: &Function, report: &mut Report) {
    let receiver = match function.receiver {
        Some(Receiver::Shared) => Some(false),
        Some(Receiver::Exclusive) => Some(true),
        Some(Receiver::Handle | Receiver::Owned) | None => None,
    };
    if let Some(token) = function.token() {
        if receiver.is_some() {
            report.help(
                &token.written,
                "`self` is borrowed from the engine, so a method with it cannot run JavaScript",
                "instead of `self`, take `this: Instance<'_, Self>` after `cx`, and call `this.get(cx)`",
            );
        }
        for (_, param) in function.arguments() {
            let help = match param.kind {
                Kind::Bytes { .. } => {
                    "take `Value<'_>` and call `view(cx)` on it, or take a copy: `Vec<u8>`"
                }
                Kind::State { .. } => "take `Instance<'_, T>`, and call `get(cx)` on it",
                _ => continue,
            };
            report.help(
                &param.written,
                format_args!(
                    "`{}` is borrowed from the engine, so a function with it cannot run JavaScript",
                    param.ident
                ),
                help,
            );
        }
        return;
    }
    let mut held = receiver;
    for (_, param) in function.arguments() {
        let Some(exclusive) = param.kind.borrows() else {
            continue;
        };
        if let Some(other) = held
            && (other || exclusive)
        {
            report.help(
                &param.written,
                format_args!(
                    "`{}` and another parameter may be the same object, and one of them is `&mut`",
                    param.ident
                ),
                match param.kind {
                    Kind::Bytes { .. } => "take a copy: `Vec<u8>`",
                    _ => "take `cx` and an `Instance<'_, T>` for each, and borrow one after the other",
                },
            );
        }
        held = Some(held.unwrap_or(false) || exclusive);
    }
}

/// A future outlives the call, so it holds nothing of the engine.
fn asynchronous(function: &Function, report: &mut Report) {
    if let Some(token) = function.token() {
        report.help(
            &token.written,
            "an async function cannot hold the engine while it waits",
            "take a `Callback<(A, B), R>` to call back, or return what JavaScript shall do next",
        );
    }
    match function.receiver {
        Some(Receiver::Shared | Receiver::Exclusive) => report.help(
            &function.ident,
            "an async method cannot hold `self` while it waits",
            "take `self`, a clone of the state, and keep what clones share in an `Rc`",
        ),
        Some(Receiver::Handle) => report.help(
            &function.ident,
            "an async method cannot hold `this` while it waits",
            "take `self`, a clone of the state, and keep what clones share in an `Rc`",
        ),
        Some(Receiver::Owned) | None => {}
    }
    for (_, param) in function.arguments() {
        let text = written(&param.written);
        match param.kind {
            Kind::Text | Kind::Bytes { .. } | Kind::State { .. } => {
                let help = match param.kind {
                    Kind::State { .. } => {
                        "take what it needs of it in a function that is not async".to_owned()
                    }
                    _ => format!("take `{}`", written(types::owned(&param.written))),
                };
                report.help(
                    &param.written,
                    format_args!("an async function cannot hold `{text}` while it waits"),
                    help,
                );
            }
            Kind::Owned => {
                if let Some(lifetime) = find_lifetime(&param.ty) {
                    report.help(
                        &param.written,
                        format_args!(
                            "an async function cannot hold `{text}` while it waits: `{lifetime}` ends with the call"
                        ),
                        "take plain data, a `Callback<(A, B), R>` or a `Persistent`",
                    );
                }
            }
            Kind::Token | Kind::This => {}
        }
    }
    if let Some(ty) = &function.output.ty
        && let Some(lifetime) = find_lifetime(ty)
    {
        report.help(
            ty,
            format_args!(
                "an async function cannot return `{}`: it has no engine, and `{lifetime}` ended with the call",
                written(ty)
            ),
            "return plain data",
        );
    }
}

/// What is returned is converted with the engine, so it cannot be borrowed from it.
fn output(function: &Function, role: Option<Role>, report: &mut Report) {
    let Some(ty) = &function.output.ty else {
        return;
    };
    let borrowed = |ty: &Type| matches!(ty, Type::Reference(reference) if !is_static(reference));
    if let Some(reference) = find(ty, borrowed) {
        report.help(
            &reference,
            format_args!(
                "`{}` is borrowed, and what is returned must be owned",
                written(&reference)
            ),
            format_args!("return `{}`", written(types::owned(ty))),
        );
    } else if function.output.borrowed && function.asyncness.is_some() {
        report.push(syn::Error::new(
            ty.span(),
            format_args!(
                "an async function returns what it owns\nhelp: return `{}`",
                short(ty)
            ),
        ));
    }
    if let Some(hidden) = find(ty, |ty| matches!(ty, Type::ImplTrait(_)))
        && (role != Some(Role::Iterator) || types::impl_item(&hidden).is_none())
    {
        report.help(
            &hidden,
            "what is returned needs a type that can be named",
            "return a concrete type; for something to go through, `JsIter<T>`",
        );
    }
}

fn short(ty: &Type) -> String {
    types::last_segment(ty).map_or_else(|| written(ty), written)
}

/// Only a permission without a resource can be judged before the function runs.
fn permission(function: &Function, report: &mut Report) {
    let Some(permission) = &function.permission else {
        return;
    };
    let text = permission.value();
    match text.split_once(':') {
        Some(("sys", name)) if !name.is_empty() => {}
        Some(("read" | "write" | "net" | "env", _)) => report.help(
            permission,
            format_args!("`{text}` depends on what the function is called with"),
            "check it inside, with `cx.permissions()`; here, only `sys:NAME` can stand",
        ),
        _ => report.help(
            permission,
            format_args!("`{text}` is not a permission"),
            "write `sys:NAME`, where `NAME` is what `sys` lists in `[permissions]`",
        ),
    }
}
