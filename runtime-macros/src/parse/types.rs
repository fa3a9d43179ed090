//! Looking at types: what is inside, what it is called, how a message writes it.

use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{
    GenericArgument, Ident, Lifetime, Path, PathArguments, PathSegment, Type, TypeParamBound,
    TypePath, TypeReference, parse_quote, parse_quote_spanned, spanned::Spanned,
};

/// The type without parentheses and invisible groups around it.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}

/// The last segment of a path: `Result<T>` of `io::Result<T>`.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match bare(ty) {
        Type::Path(TypePath { qself: None, path }) => path.segments.last(),
        _ => None,
    }
}

/// Whether the last segment of a path is `name`.
pub(crate) fn is_called(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == name)
}

/// The types between the angle brackets of a path.
pub(crate) fn arguments(ty: &Type) -> Vec<&Type> {
    let Some(PathArguments::AngleBracketed(list)) =
        last_segment(ty).map(|segment| &segment.arguments)
    else {
        return Vec::new();
    };
    list.args
        .iter()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
        .collect()
}

/// Whether a reference says `'static`.
pub(crate) fn is_static(reference: &TypeReference) -> bool {
    reference
        .lifetime
        .as_ref()
        .is_some_and(|lifetime| lifetime.ident == "static")
}

/// What `impl Iterator<Item = T>` yields.
pub(crate) fn impl_item(ty: &Type) -> Option<&Type> {
    let Type::ImplTrait(written) = bare(ty) else {
        return None;
    };
    written.bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let PathArguments::AngleBracketed(list) = &bound.path.segments.last()?.arguments else {
                return None;
            };
            list.args.iter().find_map(|argument| match argument {
                GenericArgument::AssocType(assoc) if assoc.ident == "Item" => Some(&assoc.ty),
                _ => None,
            })
        }
        _ => None,
    })
}

/// Puts `class` in the place of `Self`.
pub(crate) fn replace_self(ty: &mut Type, class: &Type) {
    struct Replace<'a>(&'a Type);
    impl VisitMut for Replace<'_> {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            match ty {
                Type::Path(TypePath { qself: None, path }) if path.is_ident("Self") => {
                    *ty = self.0.clone();
                }
                _ => visit_mut::visit_type_mut(self, ty),
            }
        }
    }
    Replace(class).visit_type_mut(ty);
}

/// The type with `lifetime` in the place of each lifetime that it names.
pub(crate) fn with_lifetimes(ty: &Type, lifetime: &Lifetime) -> Type {
    struct Replace<'a>(&'a Lifetime);
    impl VisitMut for Replace<'_> {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident != "static" {
                lifetime.ident = Ident::new(&self.0.ident.to_string(), lifetime.span());
            }
        }
        // The lifetimes of `for<'a>` are the type's own.
        fn visit_bound_lifetimes_mut(&mut self, _: &mut syn::BoundLifetimes) {}
        fn visit_type_bare_fn_mut(&mut self, _: &mut syn::TypeBareFn) {}
    }
    let mut ty = ty.clone();
    Replace(lifetime).visit_type_mut(&mut ty);
    ty
}

/// The type as its owner has it: `String` for `&str`, `Vec<T>` for `&[T]`, `T` for `&T`, inside too.
pub(crate) fn owned(ty: &Type) -> Type {
    struct Own;
    impl VisitMut for Own {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if let Type::Reference(reference) = ty {
                *ty = match bare(&reference.elem) {
                    Type::Path(path) if path.path.is_ident("str") => {
                        parse_quote_spanned!(reference.span()=> String)
                    }
                    Type::Slice(slice) => {
                        let elem = &slice.elem;
                        parse_quote!(Vec<#elem>)
                    }
                    other => other.clone(),
                };
            }
            visit_mut::visit_type_mut(self, ty);
        }
    }
    let mut ty = ty.clone();
    Own.visit_type_mut(&mut ty);
    ty
}

/// The first part of a type for which `wanted` holds, the type itself included.
pub(crate) fn find(ty: &Type, wanted: impl Fn(&Type) -> bool) -> Option<Type> {
    struct Find<F> {
        wanted: F,
        found: Option<Type>,
    }
    impl<F: Fn(&Type) -> bool> VisitMut for Find<F> {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if self.found.is_some() {
                return;
            }
            if (self.wanted)(ty) {
                self.found = Some(ty.clone());
                return;
            }
            visit_mut::visit_type_mut(self, ty);
        }
    }
    let mut find = Find {
        wanted,
        found: None,
    };
    find.visit_type_mut(&mut ty.clone());
    find.found
}

/// The first lifetime that a type names and that is not `'static`.
pub(crate) fn find_lifetime(ty: &Type) -> Option<Lifetime> {
    struct Find(Option<Lifetime>);
    impl VisitMut for Find {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident != "static" {
                self.0.get_or_insert_with(|| lifetime.clone());
            }
        }
        fn visit_bound_lifetimes_mut(&mut self, _: &mut syn::BoundLifetimes) {}
        fn visit_type_bare_fn_mut(&mut self, _: &mut syn::TypeBareFn) {}
    }
    let mut find = Find(None);
    find.visit_type_mut(&mut ty.clone());
    find.0
}

/// Whether a path names one of the scalars and so never a class.
pub(crate) fn is_scalar(path: &Path) -> bool {
    path.get_ident()
        .is_some_and(|ident| SCALARS.iter().any(|scalar| ident == scalar))
}

/// The types of the language itself that have a name.
pub(crate) const SCALARS: &[&str] = &[
    "bool", "char", "str", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// Tokens as rustfmt would write a type.
pub(crate) fn written(tokens: impl ToTokens) -> String {
    let mut text = quote!(#tokens).to_string();
    for (from, to) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        ("* ", "*"),
        ("[ ", "["),
        (" ]", "]"),
        ("( ", "("),
        (" )", ")"),
        (" ;", ";"),
        ("- >", "->"),
    ] {
        text = text.replace(from, to);
    }
    text.replace("->", " -> ").replace("  ", " ")
}

#[cfg(test)]
mod tests {
    use syn::{Type, parse_quote};

    use super::{find_lifetime, owned, with_lifetimes, written};

    #[test]
    fn a_type_is_written_as_rustfmt_writes_it() {
        let types: [(Type, &str); 5] = [
            (parse_quote!(Option<&'a str>), "Option<&'a str>"),
            (
                parse_quote!(std::io::Result<Vec<u8>>),
                "std::io::Result<Vec<u8>>",
            ),
            (parse_quote!(&mut [u8]), "&mut [u8]"),
            (
                parse_quote!(Callback<(f64, String), bool>),
                "Callback<(f64, String), bool>",
            ),
            (parse_quote!([u8; 4]), "[u8; 4]"),
        ];
        for (ty, text) in types {
            assert_eq!(written(ty), text);
        }
    }

    #[test]
    fn what_is_borrowed_has_an_owned_form() {
        let types: [(Type, &str); 3] = [
            (parse_quote!(Option<&str>), "Option<String>"),
            (parse_quote!(&[&str]), "Vec<String>"),
            (parse_quote!((&u8, &'a Counter)), "(u8, Counter)"),
        ];
        for (ty, text) in types {
            assert_eq!(written(owned(&ty)), text);
        }
    }

    #[test]
    fn lifetimes_of_higher_rank_are_the_types_own() {
        assert!(find_lifetime(&parse_quote!(fn(&'a str))).is_none());
        assert!(find_lifetime(&parse_quote!(Value<'js>)).is_some());
        let fixed = with_lifetimes(&parse_quote!(Value<'js>), &parse_quote!('_));
        assert_eq!(written(fixed), "Value<'_>");
    }
}
