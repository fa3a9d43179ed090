//! The rules: what a model must not be. Each rule reports on the smallest span, and says what would be right.

mod class;
mod data;
mod function;
mod module;
mod params;

pub(crate) use class::{class, members};
pub(crate) use data::{Direction, data};
pub(crate) use function::function;
pub(crate) use module::module;

use crate::model::names::{Name, is_identifier};
use crate::report::Report;

/// A JavaScript name must be one.
fn name(name: &Name, report: &mut Report) {
    if !is_identifier(&name.text) {
        report.push(syn::Error::new(
            name.span,
            format_args!(
                "`{}` is not a JavaScript name\nhelp: use letters, digits, `_` and `$`, without a digit in front",
                name.text
            ),
        ));
    }
}

/// Names that meet must differ. `holder` is where they meet.
fn distinct<'a>(
    names: impl IntoIterator<Item = (&'a Name, bool)>,
    holder: &str,
    report: &mut Report,
) {
    let mut seen: Vec<&str> = Vec::new();
    for (name, conditional) in names {
        // What exists only under a `#[cfg]` may be the other half of a pair.
        if conditional {
            continue;
        }
        if seen.contains(&name.text.as_str()) {
            report.push(syn::Error::new(
                name.span,
                format_args!(
                    "{holder} already has `{}`\nhelp: give one of them another name with `name = \"…\"`",
                    name.text
                ),
            ));
        }
        seen.push(&name.text);
    }
}
