//! What a runtime is declared to be, as plain constants: signatures, grants, mounts, the app
//! inside.
//!
//! The boundary: data that no engine is needed for. The tables of functions and classes are
//! `engine/natives.rs`; `definition` offers both to macros and generated crates.

use crate::ts::Ts;

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
    /// What it may change in place while it runs: bit 0 is `this`, bit 1 the first argument. A
    /// panic leaves that in doubt.
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

    /// The same declaration with the `length` that its parameters give it. In a page it has no
    /// documentation: nobody can ask a module for its declarations, which the package has from a
    /// binary.
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

    /// The function as messages name it: `greet`, `Counter.add`, `new Counter`.
    pub(crate) fn label(&self) -> String {
        match self.class {
            Some(class) if self.name == "constructor" => format!("new {class}"),
            Some(class) => format!("{class}.{}", self.name),
            None => self.name.to_owned(),
        }
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

/// The grants of `[permissions]`, as written: relative paths are taken from the working directory
/// at run time.
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

/// A module that exists and is not part of the runtime, so that an error about one of its names can
/// say what to do.
#[derive(Clone, Copy, Debug)]
pub struct MissingModule {
    /// Its specifier and the globals that it would define, with a blank between them. One text
    /// takes fewer bytes in the program than a list of texts.
    pub names: &'static str,
    /// What to do about it.
    pub way: MissingWay,
}

/// What to do about a module that is not part of the runtime.
#[derive(Clone, Copy, Debug)]
pub enum MissingWay {
    /// This line of `[modules]` adds it.
    Line(&'static str),
    /// Nothing adds it to a program of this kind. The text says why, and what to use.
    Unsupported(&'static str),
}
