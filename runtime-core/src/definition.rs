//! What a runtime is made of, as constants: modules, functions, classes. Macros and generated crates write these tables;
//! nothing here runs.

pub use crate::declaration::{
    App, AppFile, Code, EmbeddedFile, FnDecl, GrantsDef, MissingModule, MissingWay, Mount,
    MountSource, ParamDecl,
};
pub use crate::engine::natives::{
    AccessorDef, ClassDef, ConstantDef, ErrorDef, FnDef, IteratorDef, NativeClass, NativeFn, Upcast,
};
use crate::engine::{Cx, Error, Object};
pub use crate::limits::Limits;

/// Where a module's exports are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// Only by `import` of its specifier.
    Import,
    /// Each export is a property of the global object.
    Globals,
    /// All exports are one global object of this name.
    Namespace(&'static str),
}

/// What a module does when it is set up, beside exporting its functions and classes.
pub type Setup = for<'js> fn(&mut Cx<'js>, &Object<'js>) -> Result<(), Error<'js>>;

/// A module: what a folder of runtime-std, a native file or a crate adds to a runtime.
#[derive(Clone, Copy, Debug)]
pub struct ModuleDef {
    /// Its name in `runtime.toml`.
    pub name: &'static str,
    /// What `import` calls it.
    pub specifier: &'static str,
    /// One paragraph of documentation.
    pub doc: &'static str,
    /// Where its exports are seen.
    pub surface: Surface,
    /// Exports that stand on the global object, too, of a module that is seen by import.
    pub globals: &'static [&'static str],
    /// Its functions.
    pub functions: &'static [FnDef],
    /// Its classes.
    pub classes: &'static [&'static ClassDef],
    /// Names that `setup` adds to the exports; an import needs to know them before `setup` runs.
    pub more: &'static [&'static str],
    /// TypeScript declarations of what `setup` adds, each written with `export` as in a module of its own.
    pub types: &'static str,
    /// Runs once, with the exports, when the module is first used (at start for one that is seen globally).
    pub setup: Option<Setup>,
}

impl ModuleDef {
    /// The definition that struct updates start from.
    pub const EMPTY: Self = Self {
        name: "",
        specifier: "",
        doc: "",
        surface: Surface::Import,
        globals: &[],
        functions: &[],
        classes: &[],
        more: &[],
        types: "",
        setup: None,
    };

    /// The same module under another specifier: `expose = "acme:sensor"`.
    #[must_use]
    pub const fn expose(mut self, specifier: &'static str) -> Self {
        self.specifier = specifier;
        self.surface = Surface::Import;
        self
    }

    /// The same module with its exports on the global object: `expose = "global"`.
    #[must_use]
    pub const fn expose_global(mut self) -> Self {
        self.surface = Surface::Globals;
        self
    }
}

/// A whole runtime, as the generated crate states it.
#[derive(Clone, Copy, Debug)]
pub struct RuntimeDef {
    /// The name of the runtime and of its binary.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// One line about it.
    pub description: &'static str,
    /// What was selected, in the order of the spec.
    pub modules: &'static [ModuleDef],
    /// What it may do: a ceiling.
    pub permissions: GrantsDef,
    /// The file system that a script sees; empty: the host's.
    pub mounts: &'static [Mount],
    /// What it may use.
    pub limits: Limits,
    /// What it runs; none: a general interpreter, which is told what to run.
    pub app: Option<App>,
    /// What was not selected.
    pub missing: &'static [MissingModule],
}
