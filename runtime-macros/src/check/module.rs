//! Rules of modules.

use super::{distinct, name};
use crate::model::names::is_identifier;
use crate::model::{Module, Surface};
use crate::report::Report;

/// Checks a module.
pub(crate) fn module(module: &Module, report: &mut Report) {
    if module.functions.is_empty() && module.classes.is_empty() && module.setup.is_none() {
        report.help(
            &module.ident,
            format_args!("`{}` has nothing for JavaScript", module.ident),
            "put `#[js_fn]` or `#[js_class]` on what it shall see",
        );
    }
    let exports = module.functions.iter().chain(&module.classes);
    distinct(
        exports.map(|entry| (&entry.name, !entry.cfgs.is_empty())),
        "the module",
        report,
    );
    for entry in &module.more {
        if !is_identifier(&entry.value()) {
            report.error(
                entry,
                format_args!("`{}` is not a JavaScript name", entry.value()),
            );
        }
    }
    if !module.more.is_empty() && module.setup.is_none() {
        report.help(
            &module.more[0],
            "nobody adds these names",
            "write `setup = function`, with the function that does",
        );
    }
    let is_module_name = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    if !is_module_name(&module.name.text) {
        report.push(syn::Error::new(
            module.name.span,
            format_args!(
                "`{}` is no key of `[modules]`\nhelp: use small letters, digits and `-`: `name = \"…\"`",
                module.name.text
            ),
        ));
    }
    if let Some(specifier) = &module.specifier {
        let text = specifier.value();
        if text.is_empty() || text.starts_with(['.', '/']) {
            report.help(
                specifier,
                format_args!("`{text}` would be read as a path"),
                "write `scheme:name` or a bare name",
            );
        }
    }
    if let Surface::Namespace(namespace) = &module.surface {
        let namespace = crate::model::names::Name {
            text: namespace.value(),
            span: namespace.span(),
        };
        name(&namespace, report);
    }
}
