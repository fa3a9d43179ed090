//! A struct or enum that crosses by value.

use syn::{Ident, Lifetime, Member, Type};

use super::function::Absent;
use super::names::Name;

/// A struct or enum.
pub(crate) struct Data {
    /// The Rust name.
    pub(crate) ident: Ident,
    /// The lifetime of the handles in it.
    pub(crate) lifetime: Option<Lifetime>,
    /// The TypeScript name.
    pub(crate) name: Name,
    /// The doc comment.
    pub(crate) doc: String,
    /// What it is.
    pub(crate) body: Body,
}

/// What a struct or enum is to JavaScript.
pub(crate) enum Body {
    /// An object.
    Object(Vec<Field>),
    /// What the only field is.
    Newtype {
        /// The field: a name, or `0`.
        field: Member,
        /// Its type.
        ty: Type,
    },
    /// One of some strings.
    Literals(Vec<Variant>),
    /// An object with a tag.
    Tagged {
        /// The property that is the tag.
        tag: Name,
        /// The variants.
        variants: Vec<Variant>,
    },
}

/// A field.
pub(crate) struct Field {
    /// The Rust name; of a variant's only field without one, `0`.
    pub(crate) member: Member,
    /// The JavaScript name.
    pub(crate) name: Name,
    /// The doc comment.
    pub(crate) doc: String,
    /// Its type.
    pub(crate) ty: Type,
    /// What an absent property is, when that was said.
    pub(crate) absent: Option<Absent>,
}

/// A variant.
pub(crate) struct Variant {
    /// The Rust name.
    pub(crate) ident: Ident,
    /// The JavaScript string.
    pub(crate) name: Name,
    /// The doc comment.
    pub(crate) doc: String,
    /// Its fields: properties beside the tag.
    pub(crate) fields: Vec<Field>,
}
