//! Structs and enums that cross by value.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{
    Data as RawData, DeriveInput, Fields as RawFields, GenericParam, Index, Lifetime, Member,
    Variant as RawVariant,
};

use super::function::absent;
use crate::attrs::{Attrs, Place, Word};
use crate::model::names::{self, Name};
use crate::model::{Body, Data, Field, Variant};
use crate::report::Report;

/// The property that tells variants apart, when nothing else was said.
const TAG: &str = "type";

/// The property that holds what a variant without field names holds.
const VALUE: &str = "value";

/// Reads a struct or enum.
pub(crate) fn data(item: &mut DeriveInput, report: &mut Report) -> Data {
    let place = match item.data {
        RawData::Enum(_) => Place::Enum,
        RawData::Struct(_) | RawData::Union(_) => Place::Struct,
    };
    let attrs = Attrs::take(place, &mut item.attrs, report);
    let lifetime = lifetime(item, report);
    let name = Name::same(&attrs, &item.ident);
    let body = match &mut item.data {
        RawData::Struct(data) => structure(item.ident.span(), &mut data.fields, report),
        RawData::Enum(data) => enumeration(data.variants.iter_mut(), &item.ident, &attrs, report),
        RawData::Union(data) => {
            report.help(
                data.union_token,
                "a union cannot cross: nobody knows which field it holds",
                "make it an enum",
            );
            Body::Object(Vec::new())
        }
    };
    Data {
        name,
        lifetime,
        doc: names::doc(&item.attrs),
        ident: item.ident.clone(),
        body,
    }
}

fn lifetime(item: &DeriveInput, report: &mut Report) -> Option<Lifetime> {
    let mut found: Option<Lifetime> = None;
    for param in &item.generics.params {
        match param {
            GenericParam::Lifetime(param) if found.is_none() => {
                found = Some(param.lifetime.clone());
            }
            GenericParam::Lifetime(param) => report.error(
                param,
                "one lifetime is enough: it is that of all JavaScript handles in it",
            ),
            GenericParam::Type(_) | GenericParam::Const(_) => report.help(
                param,
                "what crosses cannot be generic: its declaration has one name",
                "write a type for each case that JavaScript needs",
            ),
        }
    }
    found
}

fn structure(span: Span, fields: &mut RawFields, report: &mut Report) -> Body {
    match fields {
        RawFields::Named(list) if !list.named.is_empty() => {
            Body::Object(read_fields(fields, report))
        }
        RawFields::Unnamed(list) if list.unnamed.len() == 1 => {
            let field = &mut list.unnamed[0];
            let given = Attrs::take(Place::Field, &mut field.attrs, report);
            for given in given.iter() {
                report.error(
                    &given.key,
                    "the only field of a newtype has no name and is never absent",
                );
            }
            Body::Newtype {
                field: position(0, field.span()),
                ty: field.ty.clone(),
            }
        }
        RawFields::Unnamed(list) => {
            report.help(
                list,
                "fields without names would be properties without names",
                "name the fields, or use a tuple",
            );
            Body::Object(Vec::new())
        }
        RawFields::Named(_) | RawFields::Unit => {
            report.push(syn::Error::new(
                span,
                "a struct without fields has nothing to cross\nhelp: use `()`, or an enum with one variant",
            ));
            Body::Object(Vec::new())
        }
    }
}

fn enumeration<'a>(
    variants: impl Iterator<Item = &'a mut RawVariant>,
    ident: &syn::Ident,
    attrs: &Attrs,
    report: &mut Report,
) -> Body {
    let variants: Vec<Variant> = variants
        .map(|variant| read_variant(variant, report))
        .collect();
    if variants.is_empty() {
        report.error(
            ident,
            "an enum without variants has no value that could cross",
        );
    }
    if variants.iter().all(|variant| variant.fields.is_empty()) {
        if let Some(tag) = attrs.get(Word::Tag) {
            report.error(
                &tag.key,
                "an enum without data is a string, which has no tag",
            );
        }
        return Body::Literals(variants);
    }
    let tag = match attrs.text(Word::Tag) {
        Some(tag) => Name {
            text: tag.value(),
            span: tag.span(),
        },
        None => Name {
            text: TAG.to_owned(),
            span: ident.span(),
        },
    };
    Body::Tagged { tag, variants }
}

fn read_variant(variant: &mut RawVariant, report: &mut Report) -> Variant {
    let attrs = Attrs::take(Place::Variant, &mut variant.attrs, report);
    if let RawFields::Unnamed(list) = &variant.fields
        && list.unnamed.len() > 1
    {
        report.help(
            list,
            "fields without names would be properties without names",
            "name them: `{ first: A, second: B }`",
        );
        variant.fields = RawFields::Unit;
    }
    Variant {
        name: Name::camel(&attrs, &variant.ident),
        doc: names::doc(&variant.attrs),
        fields: read_fields(&mut variant.fields, report),
        ident: variant.ident.clone(),
    }
}

fn read_fields(fields: &mut RawFields, report: &mut Report) -> Vec<Field> {
    fields
        .iter_mut()
        .enumerate()
        .map(|(index, field)| {
            let attrs = Attrs::take(Place::Field, &mut field.attrs, report);
            let (member, name) = match &field.ident {
                Some(ident) => (Member::Named(ident.clone()), Name::camel(&attrs, ident)),
                None => {
                    let value = syn::Ident::new(VALUE, field.span());
                    (position(index, field.span()), Name::camel(&attrs, &value))
                }
            };
            Field {
                member,
                name,
                doc: names::doc(&field.attrs),
                ty: field.ty.clone(),
                absent: absent(&attrs),
            }
        })
        .collect()
}

fn position(index: usize, span: Span) -> Member {
    Member::Unnamed(Index {
        index: u32::try_from(index).unwrap_or(u32::MAX),
        span,
    })
}
