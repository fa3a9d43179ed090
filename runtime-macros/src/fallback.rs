//! What stands in for an item that was refused, so that one mistake is one message: whoever names the item still finds it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::check::Direction;
use crate::model::{Function, Members};

/// A function that nobody can call, under the same name. A method has no place for one.
pub(crate) fn function(function: &Function) -> TokenStream {
    if function.receiver.is_some() {
        return TokenStream::new();
    }
    let name = &function.ident;
    let cfgs = &function.cfgs;
    let marker = crate::expand::marker(function);
    let call = refused_call();
    quote! {
        #marker
        #(#cfgs)*
        impl ::runtime_core::support::NativeFn for #name {
            const DECL: ::runtime_core::support::FnDecl = ::runtime_core::support::FnDecl::EMPTY;
            #call
        }
    }
}

/// A class without members.
pub(crate) fn members(members: &Members) -> TokenStream {
    let class = &members.class;
    quote! {
        impl ::runtime_core::support::NativeClass for #class {
            const DEF: &'static ::runtime_core::support::ClassDef =
                &::runtime_core::support::ClassDef::bare("", ::core::any::TypeId::of::<Self>);
        }
    }
}

/// A conversion that nobody can run.
pub(crate) fn data(item: &DeriveInput, direction: Direction) -> TokenStream {
    let ident = &item.ident;
    if !item.generics.params.is_empty() {
        // Its parameters may be the mistake; a type that is refused for them is not used as if it were not.
        return TokenStream::new();
    }
    let unreached = quote!(::core::unreachable!("this type was refused"));
    let ts = |way: TokenStream| {
        quote! {
            impl ::runtime_core::support::TsType<#way> for #ident {
                const TS: ::runtime_core::support::Ts = ::runtime_core::support::Ts::Name("unknown");
            }
        }
    };
    match direction {
        Direction::In => {
            let ts = ts(quote!(::runtime_core::support::In));
            quote! {
                #ts
                impl<'js> ::runtime_core::support::FromJs<'js> for #ident {
                    fn from_js(
                        _: &mut ::runtime_core::support::Cx<'js>,
                        _: &::runtime_core::support::Value<'js>,
                    ) -> ::core::result::Result<Self, ::runtime_core::support::Error<'js>> {
                        #unreached
                    }
                }
            }
        }
        Direction::Out => {
            let ts = ts(quote!(::runtime_core::support::Out));
            quote! {
                #ts
                impl<'js> ::runtime_core::support::IntoJs<'js> for #ident {
                    fn into_js(
                        self,
                        _: &mut ::runtime_core::support::Cx<'js>,
                    ) -> ::runtime_core::support::Result<'js> {
                        #unreached
                    }
                }
            }
        }
    }
}

fn refused_call() -> TokenStream {
    quote! {
        fn call<'js>(
            _: &mut ::runtime_core::support::Cx<'js>,
            _: &::runtime_core::support::Args<'_, 'js>,
        ) -> ::runtime_core::support::Result<'js> {
            ::core::unreachable!("this function was refused")
        }
    }
}
