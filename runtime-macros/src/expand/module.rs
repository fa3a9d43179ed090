//! A module: its table, and the name beside it under which a generated crate finds that.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::model::{Entry, Module, Surface};

/// `pub const MODULE`, to stand inside.
pub(crate) fn constant(module: &Module) -> TokenStream {
    let name = &module.name.text;
    let doc = &module.doc;
    let specifier = match &module.specifier {
        Some(specifier) => specifier.value(),
        None => format!("runtime:{name}"),
    };
    let surface = match &module.surface {
        Surface::Import => quote!(Import),
        Surface::Globals => quote!(Globals),
        Surface::Namespace(name) => quote!(Namespace(#name)),
    };
    let functions = module.functions.iter().map(|Entry { ident, cfgs, .. }| {
        quote!(#(#cfgs)* ::runtime_core::support::FnDef::of::<#ident>())
    });
    let classes = module.classes.iter().map(|Entry { ident, cfgs, .. }| {
        quote!(#(#cfgs)* <#ident as ::runtime_core::support::NativeClass>::DEF)
    });
    let more = &module.more;
    let setup = module
        .setup
        .as_ref()
        .map(|setup| quote!(setup: ::core::option::Option::Some(#setup),));
    quote_spanned! {Span::mixed_site()=>
        /// What this module adds to a runtime.
        #[allow(unreachable_pub, reason = "a generated crate names it")]
        pub const MODULE: ::runtime_core::support::ModuleDef = ::runtime_core::support::ModuleDef {
            name: #name,
            specifier: #specifier,
            doc: #doc,
            surface: ::runtime_core::support::Surface::#surface,
            functions: &[#(#functions),*],
            classes: &[#(#classes),*],
            more: &[#(#more),*],
            #setup
            ..::runtime_core::support::ModuleDef::EMPTY
        };
    }
}

/// `pub use`, to stand beside.
pub(crate) fn reexport(module: &Module) -> TokenStream {
    let ident = &module.ident;
    quote! {
        #[allow(unused_imports, unreachable_pub, reason = "a generated crate names it")]
        pub use #ident::MODULE;
    }
}
