//! What a runtime is made of, as constants: modules, functions, classes. Macros and generated crates write these tables;
//! nothing here runs.

use std::any::{Any, TypeId};

use crate::engine::{Args, Cx, Object, RawFn, Tracer, Value, raw_fn};
use crate::error::{Error, JsError};
pub use crate::limits::Limits;
use crate::ts::Ts;

/// A native function as the macro emits it: an uninhabited-by-convention type with one associated function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a native function",
    label = "not marked with `#[js_fn]`",
    note = "put `#[js_fn]` on the function and name it as a type: `function::<greet>()`",
    note = "a closure takes a name: `register_global_function(name, closure)` on a `JsRuntime`, `register(name, closure)` on a `JsHandle`"
)]
pub trait NativeFn: 'static {
    /// Its declaration: name, arity, documentation, TypeScript signature, permission.
    const DECL: FnDecl;

    /// The call itself.
    fn call<'js>(cx: &mut Cx<'js>, args: &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>>;
}

/// What is known of a function without running it.
#[derive(Clone, Copy, Debug)]
pub struct FnDecl {
    /// The JavaScript name.
    pub name: &'static str,
    /// `length`: how many leading parameters are required.
    pub len: u8,
    /// The doc comment, as markdown.
    pub doc: &'static str,
    /// Its parameters, in order.
    pub params: &'static [ParamDecl],
    /// What it returns; of an async function, what its promise resolves to.
    pub returns: Ts,
    /// Whether it returns a promise.
    pub is_async: bool,
    /// The permission that a call needs: `sys:sensor`.
    pub permission: Option<&'static str>,
    /// The class that it is a member of.
    pub class: Option<&'static str>,
    /// What it may change in place while it runs: bit 0 is `this`, bit 1 the first argument. A panic leaves that in doubt.
    pub exclusive: u32,
}

impl FnDecl {
    /// The declaration that the macro's struct update starts from.
    pub const EMPTY: Self = Self {
        name: "",
        len: 0,
        doc: "",
        params: &[],
        returns: Ts::Name("void"),
        is_async: false,
        permission: None,
        class: None,
        exclusive: 0,
    };

    /// The same declaration with the `length` that its parameters give it. In a page it has no documentation: nobody can ask a module for
    /// its declarations, which the package has from a binary.
    #[must_use]
    pub const fn measured(mut self) -> Self {
        let mut len = 0;
        while len < self.params.len() && !self.params[len].optional && !self.params[len].rest {
            len += 1;
        }
        self.len = if len > u8::MAX as usize {
            u8::MAX
        } else {
            len as u8
        };
        if cfg!(all(target_arch = "wasm32", target_os = "unknown")) {
            self.doc = "";
        }
        self
    }
}

/// One parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct ParamDecl {
    /// The JavaScript name.
    pub name: &'static str,
    /// Its type.
    pub ty: Ts,
    /// Whether a caller may leave it out.
    pub optional: bool,
    /// Whether it takes all remaining arguments.
    pub rest: bool,
}

/// A row of a function table: the declaration, and the engine's own function pointer.
#[derive(Clone, Copy, Debug)]
pub struct FnDef {
    /// What is known of it.
    pub decl: &'static FnDecl,
    pub(crate) raw: RawFn,
}

impl FnDef {
    /// The row of `F`, monomorphised for the engine, so that a call costs what the engine's own costs.
    pub const fn of<F: NativeFn>() -> Self {
        Self {
            decl: &F::DECL,
            raw: raw_fn::<F>(),
        }
    }
}

/// A Rust type that is a JavaScript class, as the macro emits it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a JavaScript class",
    label = "not a class",
    note = "put `#[js_class]` on the struct and on its `impl` block"
)]
pub trait NativeClass: Any + Sized {
    /// Its table.
    const DEF: &'static ClassDef;
}

/// A class: its constructor, members and ancestors.
#[derive(Debug)]
pub struct ClassDef {
    /// The JavaScript name.
    pub name: &'static str,
    /// The doc comment, as markdown.
    pub doc: &'static str,
    /// The Rust type of the state behind an instance.
    pub state: fn() -> TypeId,
    /// Shows the collector the slots of a state.
    pub trace: fn(&dyn Any, &mut Tracer<'_>),
    /// The native class that it extends.
    pub parent: Option<&'static ClassDef>,
    /// From this class's state to its parent's.
    pub up: Option<Upcast>,
    /// The constructor; without one, `new` throws.
    pub constructor: Option<FnDef>,
    /// Methods on the prototype.
    pub methods: &'static [FnDef],
    /// Accessors on the prototype.
    pub accessors: &'static [AccessorDef],
    /// Functions on the class itself.
    pub statics: &'static [FnDef],
    /// Numbers that stand on the class and on the prototype: `Event.AT_TARGET`.
    pub constants: &'static [ConstantDef],
    /// The method that is `[Symbol.iterator]` or `[Symbol.asyncIterator]`.
    pub iterator: Option<IteratorDef>,
    /// Whether enumeration shows the members, as Web IDL asks for. Those of a class of the language
    /// are not shown.
    pub enumerable: bool,
    /// What makes its instances errors: they are `instanceof Error`, and have a stack.
    pub error: Option<&'static ErrorDef>,
}

/// A class whose instances are errors: between the state behind one and the plain form of an error.
#[derive(Debug)]
pub struct ErrorDef {
    /// The name and the message that a state says.
    pub text: fn(&dyn Any) -> (&str, &str),
    /// The instance that a plain error becomes.
    pub make: for<'js> fn(&mut Cx<'js>, &JsError) -> Result<Value<'js>, Error<'js>>,
}

impl ClassDef {
    /// A class without members, for struct updates.
    pub const fn bare(name: &'static str, state: fn() -> TypeId) -> Self {
        Self {
            name,
            doc: "",
            state,
            trace: |_, _| {},
            parent: None,
            up: None,
            constructor: None,
            methods: &[],
            accessors: &[],
            statics: &[],
            constants: &[],
            iterator: None,
            enumerable: false,
            error: None,
        }
    }

    /// Whether its instances are errors, by itself or by a class that it extends.
    pub(crate) fn is_error(&self) -> bool {
        self.error.is_some() || self.parent.is_some_and(Self::is_error)
    }

    /// The table of `C`.
    pub const fn of<C: NativeClass>() -> &'static Self {
        C::DEF
    }
}

/// From a class's state to its parent's, shared and exclusive.
#[derive(Clone, Copy, Debug)]
pub struct Upcast {
    /// Shared.
    pub shared: fn(&dyn Any) -> &dyn Any,
    /// Exclusive.
    pub exclusive: fn(&mut dyn Any) -> &mut dyn Any,
}

/// A getter, a setter or both under one name.
#[derive(Clone, Copy, Debug)]
pub struct AccessorDef {
    /// The property's name.
    pub name: &'static str,
    /// The getter.
    pub get: Option<FnDef>,
    /// The setter.
    pub set: Option<FnDef>,
    /// Whether it stands on the class itself.
    pub is_static: bool,
}

/// A number that stands on a class and on its prototype. No script can change it.
#[derive(Clone, Copy, Debug)]
pub struct ConstantDef {
    /// The property's name.
    pub name: &'static str,
    /// The doc comment, as markdown.
    pub doc: &'static str,
    /// The number.
    pub value: f64,
}

/// How a class is iterated: the type of an item, and the function that gives the next one.
#[derive(Clone, Copy, Debug)]
pub struct IteratorDef {
    /// The function behind `[Symbol.iterator]`: it returns an iterator object.
    pub function: FnDef,
    /// A name under which the prototype has the same function: `entries`.
    pub alias: Option<&'static str>,
    /// What an iteration yields.
    pub item: Ts,
    /// Whether it is `[Symbol.asyncIterator]`.
    pub is_async: bool,
}

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

/// The grants of `[permissions]`, as written: relative paths are taken from the working directory at run time.
#[derive(Clone, Copy, Debug)]
pub struct GrantsDef {
    /// Files and folders that may be read.
    pub read: &'static [&'static str],
    /// Files and folders that may be written.
    pub write: &'static [&'static str],
    /// Environment variables, `*` at the end allowed.
    pub env: &'static [&'static str],
    /// Origins and hosts.
    pub net: &'static [&'static str],
    /// Names that native functions ask for.
    pub sys: &'static [&'static str],
    /// Parts of the page.
    pub dom: &'static [&'static str],
}

impl GrantsDef {
    /// Nothing at all.
    pub const NONE: Self = Self {
        read: &[],
        write: &[],
        env: &[],
        net: &[],
        sys: &[],
        dom: &[],
    };
}

/// One entry of `fs.mounts`.
#[derive(Clone, Copy, Debug)]
pub struct Mount {
    /// The path that a script sees.
    pub at: &'static str,
    /// Where it comes from.
    pub from: MountSource,
    /// Whether it may be written.
    pub writable: bool,
}

/// What is mounted.
#[derive(Clone, Copy, Debug)]
pub enum MountSource {
    /// A folder of the machine; a relative one is taken from the working directory.
    Host(&'static str),
    /// A folder that is empty at first and kept in memory.
    Memory {
        /// The most bytes that it holds.
        quota: u64,
    },
    /// Files that ship in the program.
    Embed(&'static [EmbeddedFile]),
    /// A folder of the machine that is never changed: what is written over it is kept in memory.
    OverHost {
        /// The folder.
        folder: &'static str,
        /// The most bytes that are kept.
        quota: u64,
    },
    /// Files that ship in the program, with what is written over them kept in memory.
    OverEmbed {
        /// The files.
        files: &'static [EmbeddedFile],
        /// The most bytes that are kept.
        quota: u64,
    },
}

/// A file that ships in the program for scripts to read.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedFile {
    /// Its path below the mount: `icons/logo.svg`.
    pub path: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
}

/// An app that ships inside a runtime: its files, and the one that runs.
#[derive(Clone, Copy, Debug)]
pub struct App {
    /// The path of the file that runs.
    pub entry: &'static str,
    /// Every file, by its path below the app's folder: `lib/greet.js`.
    pub files: &'static [AppFile],
}

/// A file of an app.
#[derive(Clone, Copy, Debug)]
pub struct AppFile {
    /// Its path below the app's folder.
    pub path: &'static str,
    /// What it holds.
    pub code: Code,
}

/// What ships of a file.
#[derive(Clone, Copy, Debug)]
pub enum Code {
    /// Its text.
    Text(&'static str),
    /// What the engine compiled it to when the runtime was built.
    Bytecode(&'static [u8]),
}

/// A module that exists but was not selected, so that an import of it can say which line adds it.
#[derive(Clone, Copy, Debug)]
pub struct MissingModule {
    /// Its specifier or the global that it would define.
    pub specifier: &'static str,
    /// The line of `[modules]` that adds it.
    pub line: &'static str,
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
