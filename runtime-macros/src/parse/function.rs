//! Functions: from a signature to the model.

use syn::spanned::Spanned;
use syn::{
    Attribute, FnArg, GenericParam, Ident, Pat, ReturnType, Signature, Type, TypePath,
    TypeReference, parse_quote,
};

use super::types::{bare, is_called, is_scalar, is_static, replace_self};
use crate::attrs::{Attrs, Place, Word};
use crate::model::names::{self, Name};
use crate::model::{Absent, Function, Kind, Output, Param, Receiver};
use crate::report::Report;

/// Reads a signature, and takes the `#[js(…)]` attributes of its parameters out of it. `class` is what `Self` is.
pub(crate) fn function(
    signature: &mut Signature,
    doc_and_cfg: &[Attribute],
    attrs: &Attrs,
    class: Option<&Type>,
    report: &mut Report,
) -> Function {
    shape(signature, report);
    let mut receiver = None;
    let mut params = Vec::new();
    for input in &mut signature.inputs {
        match input {
            FnArg::Receiver(this) => {
                if class.is_none() {
                    report.help(
                        this.self_token,
                        "a `#[js_fn]` takes no `self`",
                        "for methods, put `#[js_class]` on the struct and on its `impl` block",
                    );
                } else if let Some(colon) = this.colon_token {
                    report.help(
                        colon,
                        "a method takes `self` without a type",
                        "take `&self`, `&mut self` or, when it is async, `self`",
                    );
                }
                receiver = Some(match (&this.reference, this.mutability, this.colon_token) {
                    (None, _, None) => Receiver::Owned,
                    (Some(_), Some(_), None) => Receiver::Exclusive,
                    // One with a type was refused; what else it may be is no mistake any more.
                    (Some(_), None, None) | (.., Some(_)) => Receiver::Shared,
                });
            }
            FnArg::Typed(typed) => {
                let given = Attrs::take(Place::Param, &mut typed.attrs, report);
                let Some(ident) = ident(&typed.pat, report) else {
                    continue;
                };
                let mut ty = (*typed.ty).clone();
                if let Some(class) = class {
                    replace_self(&mut ty, class);
                }
                let param = param(ident, ty, class.is_some(), absent(&given));
                if param.kind == Kind::This {
                    receiver = Some(Receiver::Handle);
                }
                params.push(param);
            }
        }
    }
    Function {
        name: Name::camel(attrs, &signature.ident),
        ident: signature.ident.clone(),
        doc: names::doc(doc_and_cfg),
        cfgs: cfgs(doc_and_cfg),
        asyncness: signature.asyncness.as_ref().map(Spanned::span),
        receiver,
        params,
        output: output(&signature.output, class),
        permission: attrs.text(Word::Permission).cloned(),
    }
}

/// The `#[cfg]`s among `attrs`.
pub(crate) fn cfgs(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .cloned()
        .collect()
}

/// What `#[js(default)]` says.
pub(crate) fn absent(attrs: &Attrs) -> Option<Absent> {
    attrs.get(Word::Default)?;
    Some(match attrs.expr(Word::Default) {
        Some(expr) => Absent::Expr(expr.clone()),
        None => Absent::Default,
    })
}

/// Refuses what no call from JavaScript could give meaning to.
fn shape(signature: &Signature, report: &mut Report) {
    if let Some(token) = &signature.unsafety {
        report.help(
            token,
            "a native function cannot be `unsafe`: nobody could keep its conditions",
            "check them inside, and throw with `Result`",
        );
    }
    if let Some(abi) = &signature.abi {
        report.help(
            abi,
            "a native function cannot be `extern`: the expansion makes the engine's own",
            "remove the ABI",
        );
    }
    if let Some(variadic) = &signature.variadic {
        report.help(
            variadic,
            "a native function cannot be variadic",
            "take `Rest<T>` as the last parameter",
        );
    }
    for param in &signature.generics.params {
        match param {
            GenericParam::Lifetime(_) => {}
            GenericParam::Type(ty) => report.help(
                ty,
                format_args!(
                    "a native function cannot be generic: nobody says what `{}` is",
                    ty.ident
                ),
                "take a concrete type, or `Value<'_>` for any",
            ),
            GenericParam::Const(constant) => report.help(
                constant,
                format_args!(
                    "a native function cannot be generic: nobody says what `{}` is",
                    constant.ident
                ),
                "take a concrete type",
            ),
        }
    }
}

fn ident(pat: &Pat, report: &mut Report) -> Option<Ident> {
    match pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => Some(pat.ident.clone()),
        Pat::Wild(_) => {
            report.help(
                pat,
                "a parameter needs a name: argument errors and declarations say it",
                "write `_name`",
            );
            None
        }
        _ => {
            report.help(
                pat,
                "a parameter cannot be a pattern: argument errors and declarations need its name",
                "give it a name, and take it apart in the body",
            );
            None
        }
    }
}

fn param(ident: Ident, written: Type, in_class: bool, absent: Option<Absent>) -> Param {
    let (kind, ty) = match bare(&written) {
        Type::Reference(reference) => by_reference(reference),
        other if in_class && ident == "this" && is_called(other, "Instance") => {
            (Kind::This, other.clone())
        }
        other => (Kind::Owned, other.clone()),
    };
    Param {
        name: names::camel_case(&names::plain(&ident)),
        ident,
        ty,
        written,
        kind,
        absent,
    }
}

/// How `&T` takes its argument. What cannot be taken so stays a reference; the checks say why.
fn by_reference(reference: &TypeReference) -> (Kind, Type) {
    let exclusive = reference.mutability.is_some();
    let inner = bare(&reference.elem);
    let kind = match inner {
        Type::Slice(slice) if is_ident(&slice.elem, "u8") => Kind::Bytes { exclusive },
        Type::Path(_) if is_ident(inner, "str") && !exclusive => Kind::Text,
        Type::Path(_) if is_called(inner, "Cx") && exclusive => Kind::Token,
        Type::Path(path)
            if !is_scalar(&path.path) && !is_ident(inner, "String") && is_plain(path) =>
        {
            Kind::State { exclusive }
        }
        _ => return (Kind::Owned, Type::Reference(reference.clone())),
    };
    (kind, inner.clone())
}

/// Whether a path has nothing between angle brackets, as the path of a class has not.
fn is_plain(path: &TypePath) -> bool {
    let mut segments = path.path.segments.iter();
    segments.all(|segment| segment.arguments.is_none())
}

fn is_ident(ty: &Type, name: &str) -> bool {
    matches!(bare(ty), Type::Path(path) if path.qself.is_none() && path.path.is_ident(name))
}

fn output(written: &ReturnType, class: Option<&Type>) -> Output {
    let ReturnType::Type(_, ty) = written else {
        return Output {
            ty: None,
            fallible: false,
            borrowed: false,
        };
    };
    let mut ty = bare(ty).clone();
    if let Some(class) = class {
        replace_self(&mut ty, class);
    }
    if let Type::Reference(reference) = &ty
        && !is_static(reference)
    {
        let owned: Option<Type> = match bare(&reference.elem) {
            inner if is_ident(inner, "str") => Some(parse_quote!(::std::string::String)),
            Type::Slice(slice) if is_ident(&slice.elem, "u8") => {
                Some(parse_quote!(::std::vec::Vec<u8>))
            }
            _ => None,
        };
        if let Some(owned) = owned {
            return Output {
                ty: Some(owned),
                fallible: false,
                borrowed: true,
            };
        }
    }
    Output {
        fallible: is_called(&ty, "Result"),
        ty: Some(ty),
        borrowed: false,
    }
}
