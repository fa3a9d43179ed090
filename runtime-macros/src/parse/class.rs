//! Classes: the struct, and the `impl` block with its members.

use proc_macro2::Span;
use syn::{
    Fields, GenericParam, Generics, Ident, ImplItem, Index, ItemImpl, ItemStruct,
    Member as FieldName,
};

use super::{function, types};
use crate::attrs::{Attrs, Place, Word};
use crate::model::names::{self, Name};
use crate::model::{Base, Class, Constant, Member, Members, Receiver, Role, Slot};
use crate::report::Report;

/// Reads the struct, and takes the `#[js(…)]` attributes of its fields out of it.
pub(crate) fn class(item: &mut ItemStruct, attrs: &Attrs, report: &mut Report) -> Class {
    not_generic(&item.generics, "class", report);
    let mut base_fields = Vec::new();
    let slots = slots(
        &mut item.fields,
        Place::ClassField,
        report,
        |name, given| {
            if let Some(base) = given.get(Word::Base) {
                base_fields.push((base.key.clone(), name.clone()));
            }
        },
    );
    for (key, _) in base_fields.iter().skip(1) {
        report.error(key, "a class has one base");
    }
    let base = match (attrs.path(Word::Extends), base_fields.first()) {
        (Some(class), Some((_, field))) => Some(Base {
            class: class.clone(),
            field: field.clone(),
        }),
        (Some(class), None) => {
            let text = super::types::written(class);
            report.help(
                class,
                format_args!("`{}` has no field for the state of `{text}`", item.ident),
                format_args!("add a field `#[js(base)] base: {text}`"),
            );
            None
        }
        (None, Some((key, _))) => {
            report.help(
                key,
                format_args!("`{}` extends nothing", item.ident),
                "write `#[js_class(extends = Base)]` on the struct",
            );
            None
        }
        (None, None) => None,
    };
    Class {
        ident: item.ident.clone(),
        name: Name::same(attrs, &item.ident),
        doc: names::doc(&item.attrs),
        base,
        enumerable: attrs.get(Word::Enumerable).is_some(),
        error: attrs.get(Word::Error).map(|given| given.key.clone()),
        slots,
    }
}

/// Takes the `#[js(…)]` attributes out of the fields, and finds those that hold JavaScript values.
/// `also` sees what else a field says.
pub(crate) fn slots(
    fields: &mut Fields,
    place: Place,
    report: &mut Report,
    mut also: impl FnMut(&FieldName, &Attrs),
) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (index, field) in fields.iter_mut().enumerate() {
        let given = Attrs::take(place, &mut field.attrs, report);
        let name = match &field.ident {
            Some(ident) => FieldName::Named(ident.clone()),
            None => FieldName::Unnamed(Index {
                index: u32::try_from(index).unwrap_or(u32::MAX),
                span: Span::mixed_site(),
            }),
        };
        also(&name, &given);
        if given.get(Word::Slot).is_some() {
            slots.push(Slot {
                field: name,
                ty: field.ty.clone(),
            });
        } else if let Some(slot) = types::find(&field.ty, |ty| types::is_called(ty, "Slot")) {
            report.help(
                &slot,
                "the collector does not know of this slot: what it holds would never be freed",
                "put `#[js(slot)]` on the field",
            );
        }
    }
    slots
}

/// Reads the `impl` block, and takes the `#[js(…)]` attributes out of it.
pub(crate) fn members(item: &mut ItemImpl, report: &mut Report) -> Members {
    if let Some((_, path, _)) = &item.trait_ {
        report.help(
            path,
            "a class takes its members from an `impl` block without a trait",
            "remove `#[js_class]` here, and put it on `impl` of the struct itself",
        );
    }
    not_generic(&item.generics, "class", report);
    let class = (*item.self_ty).clone();
    let mut all = Vec::new();
    let mut constants = Vec::new();
    for item in &mut item.items {
        let item = match item {
            ImplItem::Fn(item) => item,
            ImplItem::Const(item) => {
                let attrs = Attrs::take(Place::Constant, &mut item.attrs, report);
                // A constant without the word is Rust's alone.
                if attrs.get(Word::Constant).is_some() {
                    constants.push(Constant {
                        ident: item.ident.clone(),
                        name: Name::same(&attrs, &item.ident),
                        doc: names::doc(&item.attrs),
                    });
                }
                continue;
            }
            _ => continue,
        };
        let attrs = Attrs::take(Place::Member, &mut item.attrs, report);
        item.attrs.retain(|attr| {
            let superfluous = super::module::is_named(attr, "js_fn");
            if superfluous {
                report.help(
                    attr,
                    "`#[js_class]` makes every function of its `impl` block callable",
                    "remove `#[js_fn]`; what it says can stand in `#[js(…)]`",
                );
            }
            !superfluous
        });
        let mut function =
            function::function(&mut item.sig, &item.attrs, &attrs, Some(&class), report);
        let role = role(&attrs, function.receiver, &item.sig.ident, report);
        if matches!(role, Role::Set)
            && attrs.get(Word::Name).is_none()
            && let Some(rest) = names::plain(&function.ident).strip_prefix("set_")
        {
            function.name.text = names::camel_case(rest);
        }
        let alias = (role == Role::Iterator && attrs.get(Word::Name).is_some())
            .then(|| function.name.clone());
        all.push(Member {
            role,
            function,
            alias,
        });
    }
    Members {
        class,
        all,
        constants,
    }
}

/// Refuses type and constant parameters, and lifetimes with `what`.
pub(crate) fn not_generic(generics: &Generics, what: &str, report: &mut Report) {
    for param in &generics.params {
        let help = match param {
            GenericParam::Lifetime(_) => {
                "its state outlives every call: own the data, and keep handles as `Persistent`"
            }
            GenericParam::Type(_) | GenericParam::Const(_) => {
                "write a class for each type that JavaScript needs"
            }
        };
        report.help(param, format_args!("a {what} cannot be generic"), help);
    }
}

fn role(attrs: &Attrs, receiver: Option<Receiver>, function: &Ident, report: &mut Report) -> Role {
    let mut said = attrs.iter().filter_map(|given| {
        let role = match given.word {
            Word::Constructor => Role::Constructor,
            Word::Get => Role::Get,
            Word::Set => Role::Set,
            Word::Iterator => Role::Iterator,
            Word::Next => Role::Next,
            _ => return None,
        };
        Some((role, &given.key))
    });
    let first = said.next();
    for (_, key) in said {
        report.error(
            key,
            format_args!(
                "`{function}` cannot be `{key}` and `{}` at once",
                first
                    .as_ref()
                    .map_or_else(String::new, |(_, key)| key.to_string())
            ),
        );
    }
    match first {
        Some((role, _)) => role,
        None if receiver.is_some() => Role::Method,
        None => Role::Static,
    }
}
