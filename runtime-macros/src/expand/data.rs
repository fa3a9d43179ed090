//! A struct or enum that crosses by value: its conversion one way, and its declaration for that way.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Lifetime, Member, Type, parse_quote};

use super::function::unknown;
use crate::check::Direction;
use crate::model::names::Name;
use crate::model::{Absent, Body, Data, Field, Variant};
use crate::parse::types::with_lifetimes;

/// The implementations for one direction.
pub(crate) fn data(data: &Data, direction: Direction) -> TokenStream {
    let declaration = declaration(data, direction);
    let conversion = match direction {
        Direction::In => from_js(data),
        Direction::Out => into_js(data),
    };
    quote!(#declaration #conversion)
}

/// The type with `lifetime` as its only lifetime, when it has one.
fn with_lifetime(data: &Data, lifetime: &str) -> TokenStream {
    let ident = &data.ident;
    let lifetime = Lifetime::new(lifetime, Span::call_site());
    match data.lifetime {
        Some(_) => quote!(#ident<#lifetime>),
        None => quote!(#ident),
    }
}

fn declaration(data: &Data, direction: Direction) -> TokenStream {
    let ty = with_lifetime(data, "'_");
    let name = &data.name.text;
    let doc = &data.doc;
    let (way, known) = match direction {
        Direction::In => (quote!(In), quote!(::runtime_core::support::Taken)),
        Direction::Out => (quote!(Out), quote!(::runtime_core::support::Given)),
    };
    let field = |field: &Field| field_decl(field, &known);
    let unknown = unknown();
    let body = match &data.body {
        Body::Object(fields) => {
            let fields = fields.iter().map(field);
            quote!(Interface(&[#(#fields),*]))
        }
        Body::Newtype { ty, .. } => {
            let ty = fixed(ty);
            quote!(Alias(#known::<#ty>::TS))
        }
        Body::Literals(variants) => {
            let names = names(variants);
            quote!(Literals(&[#(#names),*]))
        }
        Body::Tagged { tag, variants } => {
            let tag = &tag.text;
            let variants = variants.iter().map(|variant| {
                let name = &variant.name.text;
                let doc = &variant.doc;
                let fields = variant.fields.iter().map(field);
                quote! {
                    ::runtime_core::support::VariantDecl {
                        tag: #name,
                        doc: #doc,
                        fields: &[#(#fields),*],
                    }
                }
            });
            quote!(Variants(#tag, &[#(#variants),*]))
        }
    };
    quote! {
        impl ::runtime_core::support::TsType<::runtime_core::support::#way> for #ty {
            const TS: ::runtime_core::support::Ts = ::runtime_core::support::Ts::Declared(|| {
                const {
                    #unknown
                    &::runtime_core::support::TypeDecl {
                        name: #name,
                        doc: #doc,
                        body: ::runtime_core::support::TypeBody::#body,
                    }
                }
            });
        }
    }
}

fn field_decl(field: &Field, known: &TokenStream) -> TokenStream {
    let name = &field.name.text;
    let doc = &field.doc;
    let ty = fixed(&field.ty);
    let optional = field.absent.is_some();
    quote! {
        ::runtime_core::support::field_decl(
            #name,
            #doc,
            #known::<#ty>::TS,
            #optional,
        )
    }
}

fn from_js(data: &Data) -> TokenStream {
    let ty = with_lifetime(data, "'js");
    let lifetime: Lifetime = parse_quote!('js);
    let optional = match &data.body {
        Body::Object(fields) => all_optional(fields),
        Body::Newtype { ty, .. } => {
            let ty = fixed(ty);
            let unknown = unknown();
            quote! {
                const OPTIONAL: bool = {
                    #unknown
                    ::runtime_core::support::Taken::<#ty>::OPTIONAL
                };
            }
        }
        Body::Literals(_) | Body::Tagged { .. } => TokenStream::new(),
    };
    let body = match &data.body {
        Body::Object(fields) => {
            let fields = fields.iter().map(|field| read(field, &lifetime));
            quote_spanned! {Span::mixed_site()=>
                let object = ::runtime_core::support::fields(cx, value, Self::OPTIONAL)?;
                ::core::result::Result::Ok(Self { #(#fields),* })
            }
        }
        Body::Newtype { field, ty } => {
            let span = Span::mixed_site().located_at(ty.span());
            let ty = with_lifetimes(ty, &lifetime);
            quote_spanned! {span=>
                ::core::result::Result::Ok(Self {
                    #field: <#ty as ::runtime_core::support::FromJs<'js>>::from_js(cx, value)?,
                })
            }
        }
        Body::Literals(variants) => {
            let names = names(variants);
            let arms = variants.iter().enumerate().map(|(index, variant)| {
                let ident = &variant.ident;
                let pattern = pattern(index, variants.len());
                quote!(#pattern => Self::#ident {})
            });
            quote_spanned! {Span::mixed_site()=>
                let index = ::runtime_core::support::literal(value, &[#(#names),*])?;
                ::core::result::Result::Ok(match index { #(#arms,)* })
            }
        }
        Body::Tagged { tag, variants } => {
            let tag = &tag.text;
            let names = names(variants);
            let arms = variants.iter().enumerate().map(|(index, variant)| {
                let ident = &variant.ident;
                let pattern = pattern(index, variants.len());
                let fields = variant.fields.iter().map(|field| read(field, &lifetime));
                quote!(#pattern => Self::#ident { #(#fields),* })
            });
            quote_spanned! {Span::mixed_site()=>
                let (object, index) =
                    ::runtime_core::support::variant(cx, value, #tag, &[#(#names),*])?;
                ::core::result::Result::Ok(match index { #(#arms,)* })
            }
        }
    };
    let cx = match data.body {
        Body::Literals(_) => quote_spanned!(Span::mixed_site()=> _cx),
        _ => quote_spanned!(Span::mixed_site()=> cx),
    };
    quote_spanned! {Span::mixed_site()=>
        impl<'js> ::runtime_core::support::FromJs<'js> for #ty {
            #optional

            fn from_js(
                #cx: &mut ::runtime_core::support::Cx<'js>,
                value: &::runtime_core::support::Value<'js>,
            ) -> ::core::result::Result<Self, ::runtime_core::support::Error<'js>> {
                #body
            }
        }
    }
}

/// An object of which every property may be absent may be absent itself.
fn all_optional(fields: &[Field]) -> TokenStream {
    let each = fields
        .iter()
        .filter(|field| field.absent.is_none())
        .map(|field| {
            let ty = fixed(&field.ty);
            quote!(::runtime_core::support::Taken::<#ty>::OPTIONAL)
        });
    let unknown = unknown();
    quote! {
        const OPTIONAL: bool = {
            #unknown
            true #(&& #each)*
        };
    }
}

/// `field: support::field(cx, &object, "field")?`
fn read(field: &Field, lifetime: &Lifetime) -> TokenStream {
    let member = &field.member;
    let name = &field.name.text;
    let span = Span::mixed_site().located_at(field.ty.span());
    let ty = with_lifetimes(&field.ty, lifetime);
    match &field.absent {
        None => quote_spanned! {span=>
            #member: ::runtime_core::support::field::<#ty>(cx, &object, #name)?
        },
        Some(absent) => {
            let default = match absent {
                Absent::Default => quote!(::core::default::Default::default),
                Absent::Expr(expr) => quote!(|| #expr),
            };
            quote_spanned! {span=>
                #member: ::runtime_core::support::field_or::<#ty>(cx, &object, #name, #default)?
            }
        }
    }
}

fn into_js(data: &Data) -> TokenStream {
    let ty = with_lifetime(data, "'js");
    let body = match &data.body {
        Body::Object(fields) => {
            let members = fields.iter().map(|field| &field.member);
            let locals = locals(fields);
            let writes = writes(fields);
            quote_spanned! {Span::mixed_site()=>
                let Self { #(#members: #locals),* } = self;
                let object = ::runtime_core::support::Fields::new(cx)?;
                #writes
                ::core::result::Result::Ok(object.to_value())
            }
        }
        Body::Newtype { field, ty } => {
            let span = Span::mixed_site().located_at(ty.span());
            quote_spanned!(span=> ::runtime_core::support::returned(cx, self.#field))
        }
        Body::Literals(variants) => {
            let arms = variants.iter().map(|variant| {
                let (ident, name) = (&variant.ident, &variant.name.text);
                quote!(Self::#ident {} => #name)
            });
            quote_spanned! {Span::mixed_site()=>
                let name = match self { #(#arms,)* };
                ::core::result::Result::Ok(::runtime_core::support::Value::string(cx, name))
            }
        }
        Body::Tagged { tag, variants } => tagged(tag, variants),
    };
    quote_spanned! {Span::mixed_site()=>
        impl<'js> ::runtime_core::support::IntoJs<'js> for #ty {
            fn into_js(
                self,
                cx: &mut ::runtime_core::support::Cx<'js>,
            ) -> ::runtime_core::support::Result<'js> {
                #body
            }
        }
    }
}

fn tagged(tag: &Name, variants: &[Variant]) -> TokenStream {
    let tag = &tag.text;
    let arms = variants.iter().map(|variant| {
        let (ident, name) = (&variant.ident, &variant.name.text);
        let members = variant.fields.iter().map(|field| &field.member);
        let locals = locals(&variant.fields);
        let writes = writes(&variant.fields);
        quote_spanned! {Span::mixed_site()=>
            Self::#ident { #(#members: #locals),* } => {
                ::runtime_core::support::set_field(cx, &object, #tag, #name)?;
                #writes
            }
        }
    });
    quote_spanned! {Span::mixed_site()=>
        let object = ::runtime_core::support::Fields::new(cx)?;
        match self { #(#arms)* }
        ::core::result::Result::Ok(object.to_value())
    }
}

/// A local name for each field.
fn locals(fields: &[Field]) -> impl Iterator<Item = syn::Ident> {
    fields.iter().map(|field| match &field.member {
        Member::Named(ident) => {
            let mut ident = ident.clone();
            ident.set_span(Span::mixed_site());
            ident
        }
        Member::Unnamed(_) => syn::Ident::new("value", Span::mixed_site()),
    })
}

/// `support::set_field(cx, &object, "field", field)?;` for each field.
fn writes(fields: &[Field]) -> TokenStream {
    fields
        .iter()
        .zip(locals(fields))
        .map(|(field, local)| {
            let name = &field.name.text;
            let span = Span::mixed_site().located_at(field.ty.span());
            quote_spanned! {span=>
                ::runtime_core::support::set_field(cx, &object, #name, #local)?;
            }
        })
        .collect()
}

fn names(variants: &[Variant]) -> Vec<&str> {
    variants
        .iter()
        .map(|variant| variant.name.text.as_str())
        .collect()
}

/// The last of some indices is all that are left.
fn pattern(index: usize, count: usize) -> TokenStream {
    match index + 1 == count {
        true => quote!(_),
        false => quote!(#index),
    }
}

fn fixed(ty: &Type) -> Type {
    with_lifetimes(ty, &parse_quote!('static))
}
