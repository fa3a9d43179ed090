//! What the macros write. Each entry point reads its item, checks it, and writes either its expansion or, beside the mistakes,
//! what stands in for it.
//!
//! Expansions are thin: they call ordinary functions of `runtime_core::support`. Local names have the macro's own hygiene, so
//! that no parameter's name can meet one.

mod class;
mod data;
mod function;
mod module;

#[cfg(test)]
mod tests;

pub(crate) use function::marker;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{DeriveInput, Item, ItemFn, ItemImpl, ItemMod, ItemStruct};

use crate::attrs::{Attrs, Place};
use crate::check::{self, Direction};
use crate::report::Report;
use crate::{fallback, parse};

/// `#[js_fn]`
pub(crate) fn js_fn(attr: TokenStream, tokens: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let attrs = Attrs::parse(Place::Fn, attr, &mut report);
    let Ok(mut item) = syn::parse2::<ItemFn>(tokens.clone()) else {
        return misplaced("js_fn", "a function with a body", tokens, report);
    };
    let attributes = item.attrs.clone();
    let model = parse::function(&mut item.sig, &attributes, &attrs, None, &mut report);
    check::function(&model, None, &mut report);
    let expansion = match report.is_empty() {
        true => function::free(&model),
        false => fallback::function(&model),
    };
    together([item.into_token_stream(), expansion, report.into_tokens()])
}

/// `#[js_class]`
pub(crate) fn js_class(attr: TokenStream, tokens: TokenStream) -> TokenStream {
    let mut report = Report::default();
    match syn::parse2::<Item>(tokens.clone()) {
        Ok(Item::Struct(item)) => class(attr, item, report),
        Ok(Item::Impl(item)) => members(attr, item, report),
        _ => {
            Attrs::parse(Place::Class, attr, &mut report);
            misplaced("js_class", "a struct or its `impl` block", tokens, report)
        }
    }
}

fn class(attr: TokenStream, mut item: ItemStruct, mut report: Report) -> TokenStream {
    let attrs = Attrs::parse(Place::Class, attr, &mut report);
    let model = parse::class(&mut item, &attrs, &mut report);
    check::class(&model, &mut report);
    // What could be read is enough to stand in for what could not; a generic struct, though, has no implementation.
    let expansion = match item.generics.params.is_empty() {
        true => class::class(&model),
        false => TokenStream::new(),
    };
    together([item.into_token_stream(), expansion, report.into_tokens()])
}

fn members(attr: TokenStream, mut item: ItemImpl, mut report: Report) -> TokenStream {
    // An `impl` block has nothing to say of its own; whatever was said is reported.
    Attrs::parse(Place::Impl, attr, &mut report);
    let model = parse::members(&mut item, &mut report);
    check::members(&model, &mut report);
    let expansion = match (
        report.is_empty(),
        &item.trait_,
        item.generics.params.is_empty(),
    ) {
        (true, ..) => class::members(&model),
        (false, None, true) => fallback::members(&model),
        (false, ..) => TokenStream::new(),
    };
    together([item.into_token_stream(), expansion, report.into_tokens()])
}

/// `#[js_module]`
pub(crate) fn js_module(attr: TokenStream, tokens: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let attrs = Attrs::parse(Place::Module, attr, &mut report);
    let Ok(mut item) = syn::parse2::<ItemMod>(tokens.clone()) else {
        return misplaced("js_module", "a module", tokens, report);
    };
    let model = parse::module(&item, &attrs, &mut report);
    check::module(&model, &mut report);
    if let Some((_, items)) = &mut item.content {
        items.push(Item::Verbatim(module::constant(&model)));
    }
    let reexport = match item.content {
        Some(_) => module::reexport(&model),
        None => TokenStream::new(),
    };
    together([item.into_token_stream(), reexport, report.into_tokens()])
}

/// `#[derive(FromJs)]`
pub(crate) fn from_js(tokens: TokenStream) -> TokenStream {
    derive(tokens, Direction::In)
}

/// `#[derive(IntoJs)]`
pub(crate) fn into_js(tokens: TokenStream) -> TokenStream {
    derive(tokens, Direction::Out)
}

/// `#[derive(Trace)]`
pub(crate) fn trace(tokens: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let Ok(mut item) = syn::parse2::<ItemStruct>(tokens.clone()) else {
        let item = syn::parse2::<DeriveInput>(tokens);
        let name = item.map_or_else(|_| String::new(), |item| item.ident.to_string());
        return syn::Error::new(
            Span::call_site(),
            format_args!("slots stand in structs, and `{name}` is none\nhelp: make it a struct"),
        )
        .into_compile_error();
    };
    parse::not_generic(&item.generics, "struct with slots", &mut report);
    let slots = parse::slots(&mut item.fields, Place::Traced, &mut report, |_, _| {});
    let expansion = match item.generics.params.is_empty() {
        true => class::trace(&item.ident, &slots, None),
        false => TokenStream::new(),
    };
    together([expansion, report.into_tokens()])
}

fn derive(tokens: TokenStream, direction: Direction) -> TokenStream {
    let mut item: DeriveInput = match syn::parse2(tokens) {
        Ok(item) => item,
        Err(error) => return error.into_compile_error(),
    };
    let mut report = Report::default();
    let model = parse::data(&mut item, &mut report);
    check::data(&model, direction, &mut report);
    let expansion = match report.is_empty() {
        true => data::data(&model, direction),
        false => fallback::data(&item, direction),
    };
    together([expansion, report.into_tokens()])
}

/// The mistake of an attribute that stands on something else; that stays as it is.
fn misplaced(name: &str, right: &str, tokens: TokenStream, mut report: Report) -> TokenStream {
    report.push(syn::Error::new(
        Span::call_site(),
        format_args!("`#[{name}]` stands on something else\nhelp: put it on {right}"),
    ));
    together([tokens, report.into_tokens()])
}

fn together<const N: usize>(parts: [TokenStream; N]) -> TokenStream {
    quote!(#(#parts)*)
}
