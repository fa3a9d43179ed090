//! A module: what it is called, and what of its items it exports.

use syn::{Attribute, Ident, LitStr, Path};

use super::names::Name;

/// A module.
pub(crate) struct Module {
    /// The Rust name.
    pub(crate) ident: Ident,
    /// Its name in `runtime.toml`.
    pub(crate) name: Name,
    /// What `import` calls it, when that was said.
    pub(crate) specifier: Option<LitStr>,
    /// Where its exports are seen.
    pub(crate) surface: Surface,
    /// The doc comment.
    pub(crate) doc: String,
    /// Its functions, in order.
    pub(crate) functions: Vec<Entry>,
    /// Its classes, in order.
    pub(crate) classes: Vec<Entry>,
    /// The function that adds to its exports.
    pub(crate) setup: Option<Path>,
    /// The names that it adds.
    pub(crate) more: Vec<LitStr>,
}

/// Where a module's exports are seen.
pub(crate) enum Surface {
    /// By `import`.
    Import,
    /// On the global object.
    Globals,
    /// On one global object.
    Namespace(LitStr),
}

/// A function or class that a module exports.
pub(crate) struct Entry {
    /// The Rust name.
    pub(crate) ident: Ident,
    /// The JavaScript name.
    pub(crate) name: Name,
    /// The `#[cfg]`s under which it exists.
    pub(crate) cfgs: Vec<Attribute>,
}
