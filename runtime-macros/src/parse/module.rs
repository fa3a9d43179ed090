//! Modules: which items of an inline module JavaScript sees.

use proc_macro2::TokenStream;
use syn::{Attribute, Ident, Item, ItemMod, Meta};

use super::function::cfgs;
use crate::attrs::{Attrs, Place, Word};
use crate::model::names::{self, Name};
use crate::model::{Entry, Module, Surface};
use crate::report::Report;

/// Reads the module. Its items keep their attributes: each expands on its own afterwards.
pub(crate) fn module(item: &ItemMod, attrs: &Attrs, report: &mut Report) -> Module {
    let mut functions = Vec::new();
    let mut classes = Vec::new();
    match &item.content {
        Some((_, items)) => {
            for item in items {
                collect(item, &mut functions, &mut classes, report);
            }
        }
        None => report.help(
            item,
            "`#[js_module]` must see the module's items",
            "write `mod name { … }`, or state its `MODULE` by hand with `FnDef::of`",
        ),
    }
    let name = match attrs.text(Word::Name) {
        Some(name) => Name {
            text: name.value(),
            span: name.span(),
        },
        None => Name {
            text: names::kebab_case(&names::plain(&item.ident)),
            span: item.ident.span(),
        },
    };
    Module {
        ident: item.ident.clone(),
        name,
        specifier: attrs.text(Word::Specifier).cloned(),
        surface: surface(attrs, report),
        doc: names::doc(&item.attrs),
        functions,
        classes,
        setup: attrs.path(Word::Setup).cloned(),
        more: attrs.list(Word::More).to_vec(),
    }
}

fn surface(attrs: &Attrs, report: &mut Report) -> Surface {
    let namespace = attrs.text(Word::Namespace);
    if let Some(globals) = attrs.get(Word::Globals) {
        if namespace.is_some() {
            report.error(&globals.key, "`globals` and `namespace` exclude each other");
        }
        return Surface::Globals;
    }
    match namespace {
        Some(name) => Surface::Namespace(name.clone()),
        None => Surface::Import,
    }
}

fn collect(item: &Item, functions: &mut Vec<Entry>, classes: &mut Vec<Entry>, report: &mut Report) {
    match item {
        Item::Fn(item) => {
            if let Some(given) = find(&item.attrs, "js_fn", Place::Fn) {
                let name = Name::camel(&given, &item.sig.ident);
                functions.push(entry(&item.sig.ident, name, &item.attrs));
            }
        }
        Item::Struct(item) => {
            if let Some(given) = find(&item.attrs, "js_class", Place::Class) {
                let name = Name::same(&given, &item.ident);
                classes.push(entry(&item.ident, name, &item.attrs));
            }
        }
        Item::Mod(inner) => nested(inner, report),
        _ => {}
    }
}

fn entry(ident: &Ident, name: Name, attrs: &[Attribute]) -> Entry {
    Entry {
        ident: ident.clone(),
        name,
        cfgs: cfgs(attrs),
    }
}

/// Refuses what would silently not be exported.
fn nested(module: &ItemMod, report: &mut Report) {
    for item in module.content.iter().flat_map(|(_, items)| items) {
        let (attrs, macro_name) = match item {
            Item::Fn(item) => (&item.attrs, "js_fn"),
            Item::Struct(item) => (&item.attrs, "js_class"),
            Item::Mod(inner) => {
                nested(inner, report);
                continue;
            }
            _ => continue,
        };
        if let Some(attr) = attrs.iter().find(|attr| is_named(attr, macro_name)) {
            report.help(
                attr,
                format_args!(
                    "`#[js_module]` does not export what is inside of `mod {}`",
                    module.ident
                ),
                "move it up, or make that module a `#[js_module]` of its own beside this one",
            );
        }
    }
}

/// What was given to the attribute `name`, when it is there. Its mistakes are reported where it expands itself.
fn find(attrs: &[Attribute], name: &str, place: Place) -> Option<Attrs> {
    let attr = attrs.iter().find(|attr| is_named(attr, name))?;
    let tokens = match &attr.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    };
    Some(Attrs::parse(place, tokens, &mut Report::default()))
}

/// Whether the last segment of an attribute's path is `name`.
pub(super) fn is_named(attr: &Attribute, name: &str) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|segment| segment.ident == name)
}
