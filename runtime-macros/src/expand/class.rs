//! A class: what the struct says of it, and the table of its members.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::function::{self, Owner};
use crate::model::{Base, Class, Constant, Function, Member, Members, Role, Slot};

/// What the struct says: its name, its base, and that an instance of it can be returned.
pub(crate) fn class(class: &Class) -> TokenStream {
    let ident = &class.ident;
    let name = &class.name.text;
    let doc = &class.doc;
    let base = class.base.as_ref().map(base);
    let enumerable = class.enumerable.then(|| {
        quote!(
            const ENUMERABLE: bool = true;
        )
    });
    let error = class.error.as_ref().map(|error| {
        let span = Span::mixed_site().located_at(error.span());
        quote_spanned! {span=>
            const ERROR: ::core::option::Option<&'static ::runtime_core::support::ErrorDef> =
                ::core::option::Option::Some(&::runtime_core::support::ErrorDef::of::<Self>());
        }
    });
    let trace = trace(ident, &class.slots, class.base.as_ref());
    quote_spanned! {Span::mixed_site()=>
        #trace

        impl ::runtime_core::support::ClassType for #ident {
            const NAME: &'static str = #name;
            const DOC: &'static str = #doc;
            #base
            #enumerable
            #error
        }

        impl<Direction> ::runtime_core::support::TsType<Direction> for #ident {
            const TS: ::runtime_core::support::Ts = ::runtime_core::support::Ts::Name(#name);
        }

        impl<'js> ::runtime_core::support::IntoJs<'js> for #ident {
            fn into_js(
                self,
                cx: &mut ::runtime_core::support::Cx<'js>,
            ) -> ::runtime_core::support::Result<'js> {
                ::runtime_core::support::new_instance(cx, self)
            }
        }
    }
}

/// How the collector goes through the slots of a struct, and of the class that it extends.
pub(crate) fn trace(ident: &Ident, slots: &[Slot], base: Option<&Base>) -> TokenStream {
    let slots_of_base = base.map(|Base { class, field }| {
        quote_spanned! {Span::mixed_site()=>
            (<#class as ::runtime_core::support::NativeClass>::DEF.trace)(&self.#field, tracer);
        }
    });
    let own = slots.iter().map(|Slot { field, ty }| {
        // A type that cannot be traced is an error on that type.
        let span = Span::mixed_site().located_at(ty.span());
        quote_spanned!(span=> ::runtime_core::support::Trace::trace(&self.#field, tracer);)
    });
    let visits: Vec<TokenStream> = slots_of_base.into_iter().chain(own).collect();
    let tracer = match visits.is_empty() {
        true => Ident::new("_tracer", Span::mixed_site()),
        false => Ident::new("tracer", Span::mixed_site()),
    };
    quote_spanned! {Span::mixed_site()=>
        // SAFETY: each field is visited once, and a struct owns its fields.
        unsafe impl ::runtime_core::support::Trace for #ident {
            fn trace(&self, #tracer: &mut ::runtime_core::support::Tracer<'_>) {
                #(#visits)*
            }
        }
    }
}

fn base(base: &Base) -> TokenStream {
    let class = &base.class;
    let field = &base.field;
    quote_spanned! {Span::mixed_site()=>
        const PARENT: ::core::option::Option<&'static ::runtime_core::support::ClassDef> =
            ::core::option::Option::Some(<#class as ::runtime_core::support::NativeClass>::DEF);
        const UP: ::core::option::Option<::runtime_core::support::Upcast> =
            ::core::option::Option::Some(::runtime_core::support::Upcast {
                shared: |state| {
                    ::runtime_core::support::up::<Self, #class>(state, |this| &this.#field)
                },
                exclusive: |state| {
                    ::runtime_core::support::up_mut::<Self, #class>(state, |this| &mut this.#field)
                },
            });
    }
}

/// The table of the members, and a thunk for each.
pub(crate) fn members(members: &Members) -> TokenStream {
    let class = &members.class;
    let natives = members.all.iter().map(|member| native(members, member));
    let constructor = optional(members.of(Role::Constructor).next().map(def));
    let methods = rows(members, |member| {
        matches!(member.role, Role::Method | Role::Next)
    });
    let statics = rows(members, |member| member.role == Role::Static);
    let accessors = accessors(members);
    let iterator = iterator(members);
    let constants = members.constants.iter().map(constant);
    let lossless = (!members.constants.is_empty()).then(|| {
        quote!(#[allow(clippy::unnecessary_cast, reason = "a constant may be an `f64` already")])
    });
    quote! {
        const _: () = {
            #(#natives)*

            impl ::runtime_core::support::NativeClass for #class {
                #lossless
                const DEF: &'static ::runtime_core::support::ClassDef =
                    &::runtime_core::support::ClassDef {
                        name: <Self as ::runtime_core::support::ClassType>::NAME,
                        doc: <Self as ::runtime_core::support::ClassType>::DOC,
                        state: ::core::any::TypeId::of::<Self>,
                        trace: ::runtime_core::support::trace::<Self>,
                        parent: <Self as ::runtime_core::support::ClassType>::PARENT,
                        up: <Self as ::runtime_core::support::ClassType>::UP,
                        constructor: #constructor,
                        methods: &[#(#methods),*],
                        accessors: &[#(#accessors),*],
                        statics: &[#(#statics),*],
                        constants: &[#(#constants),*],
                        iterator: #iterator,
                        enumerable: <Self as ::runtime_core::support::ClassType>::ENUMERABLE,
                        error: <Self as ::runtime_core::support::ClassType>::ERROR,
                    };
            }
        };
    }
}

fn constant(constant: &Constant) -> TokenStream {
    let (ident, name, doc) = (&constant.ident, &constant.name.text, &constant.doc);
    // Widening: a type that is no number is an error on the constant.
    quote_spanned! {ident.span()=>
        ::runtime_core::support::ConstantDef {
            name: #name,
            doc: #doc,
            value: Self::#ident as f64,
        }
    }
}

fn native(members: &Members, member: &Member) -> TokenStream {
    let function = &member.function;
    let marker = marker(function);
    let cfgs = &function.cfgs;
    let native = function::native(function, &marker, Owner::Class(&members.class, member.role));
    quote! {
        #(#cfgs)*
        #[allow(non_camel_case_types, reason = "it names a function of the class in its table")]
        struct #marker {}
        #(#cfgs)*
        #native
    }
}

/// The type that stands for a member. It never has the name of another type: those do not begin so.
fn marker(function: &Function) -> Ident {
    format_ident!("js_{}", function.ident)
}

fn def(function: &Function) -> TokenStream {
    let marker = marker(function);
    quote!(::runtime_core::support::FnDef::of::<#marker>())
}

fn rows<'a>(
    members: &'a Members,
    wanted: impl Fn(&Member) -> bool + 'a,
) -> impl Iterator<Item = TokenStream> + 'a {
    members
        .all
        .iter()
        .filter(move |member| wanted(member))
        .map(|member| {
            let cfgs = &member.function.cfgs;
            let def = def(&member.function);
            quote!(#(#cfgs)* #def)
        })
}

/// A getter and a setter of one name are one accessor, in the order of whichever comes first.
fn accessors(members: &Members) -> Vec<TokenStream> {
    let all = || {
        members
            .all
            .iter()
            .filter(|member| matches!(member.role, Role::Get | Role::Set))
    };
    let same = |one: &Member, other: &Member| {
        one.function.name.text == other.function.name.text && one.is_static() == other.is_static()
    };
    all()
        .enumerate()
        .filter(|(index, member)| !all().take(*index).any(|earlier| same(earlier, member)))
        .map(|(_, member)| {
            let half = |role: Role| {
                let found = all().find(|other| other.role == role && same(other, member));
                optional(found.map(|found| def(&found.function)))
            };
            let name = &member.function.name.text;
            let (get, set) = (half(Role::Get), half(Role::Set));
            let is_static = member.is_static();
            quote! {
                ::runtime_core::support::AccessorDef {
                    name: #name,
                    get: #get,
                    set: #set,
                    is_static: #is_static,
                }
            }
        })
        .collect()
}

fn iterator(members: &Members) -> TokenStream {
    let iterator = members.of(Role::Iterator).next();
    let next = members.of(Role::Next).next();
    let Some(function) = iterator.or(next) else {
        return quote!(::core::option::Option::None);
    };
    let start = match iterator {
        Some(iterator) => def(iterator),
        // It is its own iterator.
        None => quote!(::runtime_core::support::FnDef::of::<
            ::runtime_core::support::ReturnThis,
        >()),
    };
    let unknown = function::unknown();
    let item = function::item(function);
    let alias = members.all.iter().find_map(|member| member.alias.as_ref());
    let alias = optional(alias.map(|name| name.text.to_token_stream()));
    let is_async = function.asyncness.is_some();
    quote! {
        ::core::option::Option::Some(::runtime_core::support::IteratorDef {
            function: #start,
            alias: #alias,
            item: {
                #unknown
                #item
            },
            is_async: #is_async,
        })
    }
}

fn optional(tokens: Option<TokenStream>) -> TokenStream {
    match tokens {
        Some(tokens) => quote!(::core::option::Option::Some(#tokens)),
        None => quote!(::core::option::Option::None),
    }
}
