//! Rules of structs and enums that cross by value.

use syn::Type;

use super::distinct;
use crate::model::names::Name;
use crate::model::{Absent, Body, Data, Field};
use crate::parse::types::{find, is_called, is_static, owned, written};
use crate::report::Report;

/// Which way a value crosses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// From JavaScript.
    In,
    /// To JavaScript.
    Out,
}

/// Checks a struct or enum.
pub(crate) fn data(data: &Data, direction: Direction, report: &mut Report) {
    super::name(&data.name, report);
    match &data.body {
        Body::Object(all) => fields(all, None, direction, report),
        Body::Newtype { ty, .. } => borrowed(ty, direction, report),
        Body::Literals(variants) => {
            distinct(
                variants.iter().map(|variant| (&variant.name, false)),
                "the enum",
                report,
            );
        }
        Body::Tagged { tag, variants } => {
            distinct(
                variants.iter().map(|variant| (&variant.name, false)),
                "the enum",
                report,
            );
            for variant in variants {
                fields(&variant.fields, Some(tag), direction, report);
            }
        }
    }
}

fn fields(all: &[Field], tag: Option<&Name>, direction: Direction, report: &mut Report) {
    distinct(
        tag.into_iter()
            .chain(all.iter().map(|field| &field.name))
            .map(|name| (name, false)),
        "the object",
        report,
    );
    for field in all {
        borrowed(&field.ty, direction, report);
        if let Some(absent) = &field.absent
            && is_called(&field.ty, "Option")
        {
            let message = "an absent `Option` is `None`";
            let help = "remove `#[js(default)]`, or use the type inside of the `Option`";
            match absent {
                Absent::Expr(expr) => report.help(expr, message, help),
                Absent::Default => report.help(&field.ty, message, help),
            }
        }
    }
}

/// What comes from JavaScript is made anew, so there is nothing to borrow it from.
fn borrowed(ty: &Type, direction: Direction, report: &mut Report) {
    let reference = |ty: &Type| match ty {
        Type::Reference(reference) => direction == Direction::In || !is_static(reference),
        _ => false,
    };
    if let Some(reference) = find(ty, reference) {
        report.help(
            &reference,
            format_args!(
                "`{}` is borrowed, and what crosses must be owned",
                written(&reference)
            ),
            format_args!("use `{}`", written(owned(ty))),
        );
    }
}
