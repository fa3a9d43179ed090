//! Rules of parameters: which types can be taken, where they stand, what may be absent.

use syn::Type;

use crate::model::{Absent, Function, Kind, Param};
use crate::parse::types::{bare, find, is_called, is_static, owned, written};
use crate::report::Report;

/// Checks all parameters of a function.
pub(super) fn check(function: &Function, report: &mut Report) {
    order(function, report);
    for param in &function.params {
        taken(param, report);
        absence(param, report);
    }
}

fn order(function: &Function, report: &mut Report) {
    for (index, param) in function.params.iter().enumerate() {
        match param.kind {
            Kind::Token if index > 0 => report.help(
                &param.written,
                "`cx` stands first",
                "make it the first parameter",
            ),
            Kind::This if index > 1 || (index == 1 && function.token().is_none()) => report.help(
                &param.written,
                "`this` stands before the arguments",
                "make it the first parameter, or the second after `cx`",
            ),
            _ => {}
        }
    }
    let last = function.arguments().last().map(|(index, _)| index);
    for (index, param) in function.arguments() {
        if is_called(&param.ty, "Rest") && Some(index) != last {
            report.help(
                &param.written,
                format_args!(
                    "`{}` takes all remaining arguments, so nothing can follow it",
                    param.ident
                ),
                "make it the last parameter",
            );
        }
    }
}

/// Refuses the types that no argument can become, with the one that was probably meant.
fn taken(param: &Param, report: &mut Report) {
    if !matches!(param.kind, Kind::Owned) {
        return by_reference(param, report);
    }
    let text = written(&param.written);
    if let Type::Reference(reference) = &param.ty {
        let inner = bare(&reference.elem);
        let (reason, right) = match inner {
            _ if is_called(inner, "String") => ("text is lent as `str`", "&str".to_owned()),
            _ if is_called(inner, "Vec") && written(inner) == "Vec<u8>" => {
                ("bytes are lent as a slice", "&[u8]".to_owned())
            }
            _ if is_called(inner, "Cx") => (
                "whoever runs JavaScript needs all of it",
                "&mut Cx<'_>".to_owned(),
            ),
            _ => (
                "only text, bytes and classes are lent",
                written(owned(&param.ty)),
            ),
        };
        return report.help(
            &param.written,
            format_args!("`{text}` cannot be taken: {reason}"),
            format_args!("take `{right}`"),
        );
    }
    let is_function = |ty: &Type| match ty {
        Type::BareFn(_) => true,
        Type::TraitObject(object) => written(object).contains("Fn"),
        Type::ImplTrait(bounds) => written(bounds).contains("Fn"),
        _ => false,
    };
    if find(&param.ty, is_function).is_some() {
        return report.help(
            &param.written,
            format_args!("`{text}` cannot be taken: a function of JavaScript is not one of Rust"),
            "take `Callback<(A, B), R>`, with its arguments and its result",
        );
    }
    let nameless = |ty: &Type| {
        matches!(
            ty,
            Type::ImplTrait(_)
                | Type::TraitObject(_)
                | Type::Ptr(_)
                | Type::Slice(_)
                | Type::Never(_)
        )
    };
    if let Some(part) = find(&param.ty, nameless) {
        return report.help(
            &part,
            format_args!(
                "`{}` cannot be taken: nothing says how to make one",
                written(&part)
            ),
            "take a concrete type, or `Value<'_>` for any",
        );
    }
    if let Some(part) = find(&param.ty, |ty| matches!(ty, Type::Reference(_))) {
        report.help(
            &part,
            format_args!("`{}` cannot be lent inside of another type", written(&part)),
            format_args!("take `{}`", written(owned(&param.ty))),
        );
    }
}

fn by_reference(param: &Param, report: &mut Report) {
    if let Type::Reference(reference) = bare(&param.written)
        && is_static(reference)
        && param.kind.is_argument()
    {
        report.help(
            &reference.lifetime,
            "an argument does not live for `'static`",
            "remove the lifetime",
        );
    }
}

fn absence(param: &Param, report: &mut Report) {
    let Some(absent) = &param.absent else {
        return;
    };
    let (reason, help) = match param.kind {
        Kind::Token | Kind::This => ("it is no argument", "remove `#[js(default)]`"),
        Kind::Bytes { .. } | Kind::State { .. } => (
            "there is nothing to lend when it is absent",
            "take an owned type, or an `Option` of one",
        ),
        Kind::Owned if is_called(&param.ty, "Rest") => (
            "it is empty when there are no arguments",
            "remove `#[js(default)]`",
        ),
        Kind::Owned if is_called(&param.ty, "Option") => (
            "an absent `Option` is `None`",
            "remove `#[js(default)]`, or take the type inside of the `Option`",
        ),
        Kind::Owned | Kind::Text => return,
    };
    let message = format!("`{}` has no default: {reason}", param.ident);
    match absent {
        Absent::Expr(expr) => report.help(expr, message, help),
        Absent::Default => report.help(&param.ident, message, help),
    }
}
