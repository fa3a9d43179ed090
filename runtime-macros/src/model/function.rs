//! A function that JavaScript calls.

use proc_macro2::Span;
use syn::{Attribute, Expr, Ident, LitStr, Type};

use super::names::Name;

/// A function, free or of a class.
pub(crate) struct Function {
    /// The Rust name.
    pub(crate) ident: Ident,
    /// The JavaScript name.
    pub(crate) name: Name,
    /// The doc comment.
    pub(crate) doc: String,
    /// The `#[cfg]`s under which it exists.
    pub(crate) cfgs: Vec<Attribute>,
    /// `async`, when it is.
    pub(crate) asyncness: Option<Span>,
    /// `self`, when it has one.
    pub(crate) receiver: Option<Receiver>,
    /// Its parameters without `self`, in order.
    pub(crate) params: Vec<Param>,
    /// What it returns.
    pub(crate) output: Output,
    /// The permission that a call needs.
    pub(crate) permission: Option<LitStr>,
}

/// How a method takes its object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receiver {
    /// `&self`
    Shared,
    /// `&mut self`
    Exclusive,
    /// `self`: a clone of it
    Owned,
    /// `this: Instance<'_, Self>`: a handle to it
    Handle,
}

/// A parameter.
pub(crate) struct Param {
    /// The Rust name.
    pub(crate) ident: Ident,
    /// The JavaScript name.
    pub(crate) name: String,
    /// Its type; of a reference, what is referred to.
    pub(crate) ty: Type,
    /// The type as it was written, for messages.
    pub(crate) written: Type,
    /// How the argument reaches the function.
    pub(crate) kind: Kind,
    /// What an absent argument is, when that was said.
    pub(crate) absent: Option<Absent>,
}

/// How an argument reaches the function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `cx: &mut Cx<'_>`: no argument, the token itself.
    Token,
    /// `this: Instance<'_, Self>`: no argument, the object itself.
    This,
    /// Converted, and the function's own.
    Owned,
    /// `&str`: converted to a `String`, and lent.
    Text,
    /// `&[u8]` or `&mut [u8]`: the bytes in place.
    Bytes {
        /// Whether they may be written.
        exclusive: bool,
    },
    /// `&T` or `&mut T`: the state of a class in place.
    State {
        /// Whether it may be changed.
        exclusive: bool,
    },
}

impl Kind {
    /// Whether it is an argument at all.
    pub(crate) fn is_argument(self) -> bool {
        !matches!(self, Self::Token | Self::This)
    }

    /// Whether the argument is borrowed from the engine, exclusively or not.
    pub(crate) fn borrows(self) -> Option<bool> {
        match self {
            Self::Bytes { exclusive } | Self::State { exclusive } => Some(exclusive),
            Self::Token | Self::This | Self::Owned | Self::Text => None,
        }
    }
}

/// What an absent argument or property is.
pub(crate) enum Absent {
    /// `Default::default()`
    Default,
    /// A value.
    Expr(Expr),
}

/// What a function returns.
pub(crate) struct Output {
    /// Its type; none for `()`. Of a reference, what is referred to.
    pub(crate) ty: Option<Type>,
    /// Whether it is a `Result`, whose error is thrown.
    pub(crate) fallible: bool,
    /// Whether it is a reference, of which a copy is made.
    pub(crate) borrowed: bool,
}

impl Function {
    /// Its arguments, with their indices.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = (usize, &Param)> {
        self.params
            .iter()
            .filter(|param| param.kind.is_argument())
            .enumerate()
    }

    /// The parameter that is the token.
    pub(crate) fn token(&self) -> Option<&Param> {
        self.params.iter().find(|param| param.kind == Kind::Token)
    }
}
