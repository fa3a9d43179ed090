//! A class: the struct behind its instances, and the members of its `impl` block.

use syn::{Ident, Member as FieldName, Path, Type};

use super::function::Function;
use super::names::Name;

/// The struct.
pub(crate) struct Class {
    /// The Rust name.
    pub(crate) ident: Ident,
    /// The JavaScript name.
    pub(crate) name: Name,
    /// The doc comment.
    pub(crate) doc: String,
    /// The class that it extends.
    pub(crate) base: Option<Base>,
    /// Whether enumeration shows the members.
    pub(crate) enumerable: bool,
    /// Whether its instances are errors.
    pub(crate) error: Option<Ident>,
    /// The fields that hold JavaScript values.
    pub(crate) slots: Vec<Slot>,
}

/// A field that holds JavaScript values.
pub(crate) struct Slot {
    /// Its name.
    pub(crate) field: FieldName,
    /// Its type.
    pub(crate) ty: Type,
}

/// What a class extends.
pub(crate) struct Base {
    /// The Rust type of the extended class.
    pub(crate) class: Path,
    /// The field that is its state.
    pub(crate) field: FieldName,
}

/// The `impl` block.
pub(crate) struct Members {
    /// The type that it is of.
    pub(crate) class: Type,
    /// Its functions, in order.
    pub(crate) all: Vec<Member>,
    /// Its constants, in order.
    pub(crate) constants: Vec<Constant>,
}

/// A number that stands on the class and on the prototype.
pub(crate) struct Constant {
    /// The Rust name.
    pub(crate) ident: Ident,
    /// The JavaScript name.
    pub(crate) name: Name,
    /// The doc comment.
    pub(crate) doc: String,
}

/// A function of a class.
pub(crate) struct Member {
    /// What it is to JavaScript.
    pub(crate) role: Role,
    /// The function.
    pub(crate) function: Function,
    /// The name that an iterator was given: the prototype has it under that name too.
    pub(crate) alias: Option<Name>,
}

/// What a function of a class is to JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// What `new` calls.
    Constructor,
    /// On the prototype.
    Method,
    /// On the class.
    Static,
    /// The getter of an accessor.
    Get,
    /// The setter of an accessor.
    Set,
    /// `[Symbol.iterator]`
    Iterator,
    /// `next`, of a class that is its own iterator.
    Next,
}

impl Members {
    /// The members of a role, in order.
    pub(crate) fn of(&self, role: Role) -> impl Iterator<Item = &Function> {
        self.all
            .iter()
            .filter(move |member| member.role == role)
            .map(|member| &member.function)
    }
}

impl Member {
    /// Whether it stands on the class itself.
    pub(crate) fn is_static(&self) -> bool {
        self.function.receiver.is_none()
    }
}
