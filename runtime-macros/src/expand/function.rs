//! A function: its declaration, and the thunk that the engine calls.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Type, parse_quote};

use crate::model::{Absent, Function, Kind, Param, Receiver, Role};
use crate::parse::types::{arguments, impl_item, with_lifetimes};

/// Where a function stands.
#[derive(Clone, Copy)]
pub(super) enum Owner<'a> {
    /// On its own.
    Free,
    /// In a class.
    Class(&'a Type, Role),
}

/// A free function.
pub(crate) fn free(function: &Function) -> TokenStream {
    let name = &function.ident;
    let cfgs = &function.cfgs;
    let marker = marker(function);
    let native = native(function, name, Owner::Free);
    quote! {
        #marker
        #(#cfgs)*
        #native
    }
}

/// The type that names a free function in tables: in the namespace of types, under the function's own name.
pub(crate) fn marker(function: &Function) -> TokenStream {
    let name = &function.ident;
    let cfgs = &function.cfgs;
    quote! {
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(dead_code, non_camel_case_types, unreachable_pub, reason = "it names the function in tables")]
        pub struct #name {}
    }
}

/// The implementation of `NativeFn` for the type `marker`.
pub(super) fn native(function: &Function, marker: &Ident, owner: Owner<'_>) -> TokenStream {
    let decl = decl(function, owner);
    let body = match function.asyncness {
        Some(_) => promised(function, owner),
        None => called(function, owner),
    };
    let used = |wanted: bool, name: &str| match wanted {
        true => Ident::new(name, Span::mixed_site()),
        false => format_ident!("_{}", name, span = Span::mixed_site()),
    };
    let uses_args = function.receiver.is_some()
        || function.arguments().next().is_some()
        || matches!(owner, Owner::Class(_, Role::Constructor));
    let uses_cx = uses_args
        || function.output.ty.is_some()
        || function.token().is_some()
        || function.asyncness.is_some()
        || function.permission.is_some();
    let unknown = unknown();
    let cx = used(uses_cx, "cx");
    let args = used(uses_args, "args");
    quote_spanned! {Span::mixed_site()=>
        impl ::runtime_core::support::NativeFn for #marker {
            const DECL: ::runtime_core::support::FnDecl = {
                #unknown
                #decl
            };

            fn call<'js>(
                #cx: &mut ::runtime_core::support::Cx<'js>,
                #args: &::runtime_core::support::Args<'_, 'js>,
            ) -> ::runtime_core::support::Result<'js> {
                #body
            }
        }
    }
}

/// Says in a constant that a type of which nothing is known is no mistake there: its conversion is.
pub(super) fn unknown() -> TokenStream {
    quote! {
        #[allow(unused_imports, reason = "most types are known")]
        use ::runtime_core::support::Unknown as _;
    }
}

fn decl(function: &Function, owner: Owner<'_>) -> TokenStream {
    let name = match owner {
        Owner::Class(_, Role::Constructor) => "constructor",
        Owner::Class(_, Role::Next) => "next",
        _ => &function.name.text,
    };
    let doc = &function.doc;
    let params = function.arguments().map(|(_, param)| param_decl(param));
    let returns = returns(function, owner);
    let mut rest = TokenStream::new();
    if function.asyncness.is_some() {
        rest.extend(quote!(is_async: true,));
    }
    if let Some(permission) = &function.permission {
        rest.extend(quote!(permission: ::core::option::Option::Some(#permission),));
    }
    if let Owner::Class(class, _) = owner {
        rest.extend(quote! {
            class: ::core::option::Option::Some(<#class as ::runtime_core::support::ClassType>::NAME),
        });
    }
    let exclusive = exclusive(function);
    if exclusive != 0 {
        rest.extend(quote!(exclusive: #exclusive,));
    }
    quote! {
        ::runtime_core::support::FnDecl {
            name: #name,
            doc: #doc,
            params: &[#(#params),*],
            returns: #returns,
            #rest
            ..::runtime_core::support::FnDecl::EMPTY
        }
        .measured()
    }
}

/// What the function may change in place, as `FnDecl::exclusive` says it.
fn exclusive(function: &Function) -> u32 {
    let this = matches!(
        function.receiver,
        Some(Receiver::Exclusive | Receiver::Handle)
    );
    let lent = function
        .arguments()
        .filter(|(_, param)| param.kind == Kind::State { exclusive: true });
    let bits = lent.map(|(index, _)| 1_u32.checked_shl(index as u32 + 1).unwrap_or(0));
    bits.fold(u32::from(this), |all, bit| all | bit)
}

fn param_decl(param: &Param) -> TokenStream {
    let name = &param.name;
    let ty = fixed(&param.ty);
    let (ts, optional, rest) = match param.kind {
        Kind::Text => (
            quote!(
                <::std::string::String as ::runtime_core::support::TsType<
                    ::runtime_core::support::In,
                >>::TS
            ),
            quote!(false),
            quote!(false),
        ),
        Kind::Bytes { .. } => (
            quote!(::runtime_core::support::BYTES),
            quote!(false),
            quote!(false),
        ),
        Kind::State { .. } => (
            quote!(::runtime_core::support::Taken::<#ty>::TS),
            quote!(false),
            quote!(false),
        ),
        Kind::Owned | Kind::Token | Kind::This => (
            quote!(::runtime_core::support::Taken::<#ty>::TS),
            quote!(::runtime_core::support::Taken::<#ty>::OPTIONAL),
            quote!(::runtime_core::support::Taken::<#ty>::REST),
        ),
    };
    let optional = match param.absent {
        Some(_) => quote!(true),
        None => optional,
    };
    quote! {
        ::runtime_core::support::ParamDecl {
            name: #name,
            ty: #ts,
            optional: #optional,
            rest: #rest,
        }
    }
}

fn returns(function: &Function, owner: Owner<'_>) -> TokenStream {
    let unit: Type = parse_quote!(());
    let ty = fixed(function.output.ty.as_ref().unwrap_or(&unit));
    let generic = |name: &str, item: TokenStream| quote!(::runtime_core::support::Ts::Generic(#name, &[#item]));
    match owner {
        Owner::Class(_, Role::Iterator) => generic("IterableIterator", item(function)),
        Owner::Class(_, Role::Next) => generic("IteratorResult", item(function)),
        _ => quote!(::runtime_core::support::Given::<#ty>::TS),
    }
}

/// The TypeScript type of what an iteration yields.
pub(super) fn item(function: &Function) -> TokenStream {
    let unit: Type = parse_quote!(());
    let ty = fixed(function.output.ty.as_ref().unwrap_or(&unit));
    let inner = match function.output.fallible {
        true => arguments(&ty)
            .first()
            .map_or_else(|| ty.clone(), |ok| (*ok).clone()),
        false => ty.clone(),
    };
    let item = match impl_item(&inner) {
        Some(item) => quote!(#item),
        None => quote!(<#inner as ::core::iter::IntoIterator>::Item),
    };
    quote!(::runtime_core::support::Given::<#item>::TS)
}

/// The body of a thunk whose function runs to its end.
fn called(function: &Function, owner: Owner<'_>) -> TokenStream {
    let start = start(function, owner);
    let call = call(function, owner);
    let span = output_span(function);
    let finish = match owner {
        Owner::Class(class, Role::Constructor) => quote_spanned! {span=>
            ::runtime_core::support::construct::<#class>(cx, &target, result)
        },
        Owner::Class(_, Role::Iterator) => quote_spanned! {span=>
            ::runtime_core::support::iterate(cx, result)
        },
        Owner::Class(_, Role::Next) => quote_spanned! {span=>
            ::runtime_core::support::returned(cx, ::runtime_core::support::Step(result))
        },
        _ => quote_spanned! {span=> ::runtime_core::support::returned(cx, result) },
    };
    if function.output.ty.is_none() {
        return quote_spanned! {Span::mixed_site()=>
            #start
            #call;
            ::core::result::Result::Ok(::runtime_core::support::Value::undefined())
        };
    }
    let call = match (function.output.fallible, function.output.borrowed) {
        (true, _) => {
            let thrown = thrown(function);
            quote_spanned! {Span::mixed_site()=>
                match #call {
                    ::core::result::Result::Ok(result) => result,
                    ::core::result::Result::Err(error) => {
                        return ::core::result::Result::Err(#thrown.into());
                    }
                }
            }
        }
        (false, true) => quote!(#call.to_owned()),
        (false, false) => call,
    };
    quote_spanned! {Span::mixed_site()=>
        #start
        let result = #call;
        #finish
    }
}

/// The body of a thunk whose function is a future: what goes wrong before it starts rejects the promise too.
fn promised(function: &Function, owner: Owner<'_>) -> TokenStream {
    let start = start(function, owner);
    let call = call(function, owner);
    let wrapped = |result: TokenStream| match owner {
        Owner::Class(_, Role::Next) => quote!(::runtime_core::support::Step(#result)),
        _ => result,
    };
    let result = Ident::new("result", Span::mixed_site());
    let future = if function.output.fallible {
        let thrown = thrown(function);
        let ok = wrapped(quote!(#result));
        quote_spanned! {Span::mixed_site()=>
            match #call.await {
                ::core::result::Result::Ok(#result) => ::core::result::Result::Ok(#ok),
                ::core::result::Result::Err(error) => ::core::result::Result::Err(#thrown),
            }
        }
    } else {
        let ok = wrapped(quote!(#call.await));
        quote!(::core::result::Result::Ok(#ok))
    };
    quote_spanned! {Span::mixed_site()=>
        ::runtime_core::support::promise(cx, &Self::DECL, |cx| {
            #start
            ::core::result::Result::Ok(async move { #future })
        })
    }
}

/// What comes before the call: `new`, the permission, the arguments; and last what is borrowed from the engine.
fn start(function: &Function, owner: Owner<'_>) -> TokenStream {
    let mut start = TokenStream::new();
    if let Owner::Class(class, Role::Constructor) = owner {
        start.extend(quote_spanned! {Span::mixed_site()=>
            let target = ::runtime_core::support::new_target::<#class>(args)?;
        });
    }
    if let Owner::Class(class, _) = owner
        && function.receiver.is_some()
        && function.receiver != Some(Receiver::Handle)
    {
        start.extend(quote_spanned! {Span::mixed_site()=>
            let this = ::runtime_core::support::this::<#class>(args, &Self::DECL)?;
        });
    }
    if let Some(permission) = &function.permission {
        start.extend(quote_spanned! {Span::mixed_site()=>
            ::runtime_core::support::require(cx, #permission)?;
        });
    }
    for param in &function.params {
        if let (Kind::This, Owner::Class(class, _)) = (param.kind, owner) {
            let name = local(param);
            start.extend(quote_spanned! {Span::mixed_site()=>
                let #name = ::runtime_core::support::this::<#class>(args, &Self::DECL)?;
            });
        }
    }
    for (index, param) in function.arguments() {
        start.extend(argument(index, param));
    }
    for (_, param) in function.arguments() {
        start.extend(borrow(param));
    }
    if let Owner::Class(class, _) = owner {
        start.extend(match function.receiver {
            Some(Receiver::Shared) => quote_spanned! {Span::mixed_site()=>
                let this = ::runtime_core::support::state::<#class>(&this, cx);
            },
            Some(Receiver::Exclusive) => quote_spanned! {Span::mixed_site()=>
                let this = ::runtime_core::support::state_mut::<#class>(&this, cx);
            },
            Some(Receiver::Owned) => quote_spanned! {Span::mixed_site()=>
                let this = <#class as ::core::clone::Clone>::clone(
                    ::runtime_core::support::state::<#class>(&this, cx),
                );
            },
            Some(Receiver::Handle) | None => TokenStream::new(),
        });
    }
    start
}

fn argument(index: usize, param: &Param) -> TokenStream {
    let name = local(param);
    // The conversion is where a wrong type is found, so it takes the place of that type.
    let span = Span::mixed_site().located_at(param.written.span());
    let ty = match param.kind {
        Kind::Text => quote!(::std::string::String),
        _ => {
            let ty = with_lifetimes(&param.ty, &parse_quote!('_));
            quote!(#ty)
        }
    };
    match (param.kind, &param.absent) {
        (Kind::Token | Kind::This, _) => TokenStream::new(),
        (Kind::Bytes { .. }, _) => quote_spanned! {span=>
            let #name = ::runtime_core::support::view(cx, args, #index, &Self::DECL)?;
        },
        (Kind::State { .. }, _) => quote_spanned! {span=>
            let #name = ::runtime_core::support::instance::<#ty>(args, #index, &Self::DECL)?;
        },
        (Kind::Owned | Kind::Text, None) => quote_spanned! {span=>
            let #name: #ty = ::runtime_core::support::arg(cx, args, #index, &Self::DECL)?;
        },
        (Kind::Owned | Kind::Text, Some(absent)) => {
            let default = match absent {
                Absent::Default => quote!(::core::default::Default::default),
                Absent::Expr(expr) if param.kind == Kind::Text => {
                    quote!(|| ::std::string::String::from(#expr))
                }
                Absent::Expr(expr) => quote!(|| #expr),
            };
            quote_spanned! {span=>
                let #name =
                    ::runtime_core::support::arg_or::<#ty>(cx, args, #index, &Self::DECL, #default)?;
            }
        }
    }
}

fn borrow(param: &Param) -> TokenStream {
    let name = local(param);
    let span = Span::mixed_site().located_at(param.written.span());
    let ty = &param.ty;
    match param.kind {
        Kind::Bytes { exclusive: false } => quote_spanned! {span=>
            let #name = #name.bytes(cx);
        },
        Kind::Bytes { exclusive: true } => quote_spanned! {span=>
            let #name = #name.bytes_mut(cx);
        },
        Kind::State { exclusive: false } => quote_spanned! {span=>
            let #name = ::runtime_core::support::state::<#ty>(&#name, cx);
        },
        Kind::State { exclusive: true } => quote_spanned! {span=>
            let #name = ::runtime_core::support::state_mut::<#ty>(&#name, cx);
        },
        Kind::Owned | Kind::Text | Kind::Token | Kind::This => TokenStream::new(),
    }
}

fn call(function: &Function, owner: Owner<'_>) -> TokenStream {
    let ident = &function.ident;
    let callee = match owner {
        Owner::Free => quote!(#ident),
        Owner::Class(class, _) => quote!(<#class>::#ident),
    };
    let this = match function.receiver {
        Some(Receiver::Handle) | None => None,
        Some(_) => Some(Ident::new("this", Span::mixed_site())),
    };
    let this = this.map(|this| quote!(#this,));
    let cx = Ident::new("cx", Span::mixed_site());
    let params = function.params.iter().map(|param| {
        let name = local(param);
        match param.kind {
            Kind::Token => quote!(#cx),
            Kind::Text => quote!(&#name),
            _ => quote!(#name),
        }
    });
    quote!(#callee(#this #(#params),*))
}

/// The error of the function as what is thrown, on the span of its type.
fn thrown(function: &Function) -> TokenStream {
    let ty = function.output.ty.as_ref();
    let error = ty.and_then(|ty| arguments(ty).get(1).copied().or(Some(ty)));
    let span = error.map_or_else(Span::mixed_site, |ty| {
        Span::mixed_site().located_at(ty.span())
    });
    let error = Ident::new("error", Span::mixed_site());
    quote_spanned!(span=> ::runtime_core::support::raise!(#error))
}

fn output_span(function: &Function) -> Span {
    match &function.output.ty {
        Some(ty) => Span::mixed_site().located_at(ty.span()),
        None => Span::mixed_site(),
    }
}

/// The thunk's own names.
const OWN: &[&str] = &["args", "cx", "error", "result", "target", "this"];

/// The parameter's name with the macro's hygiene: it hides nothing of the user's, the function itself least of all.
fn local(param: &Param) -> Ident {
    let mut ident = match OWN.iter().any(|own| param.ident == own) {
        true => format_ident!("{}_", param.ident),
        false => param.ident.clone(),
    };
    ident.set_span(Span::mixed_site());
    ident
}

/// A type in a constant, where the only lifetime is `'static`.
fn fixed(ty: &Type) -> Type {
    with_lifetimes(ty, &parse_quote!('static))
}
