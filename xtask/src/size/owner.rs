//! From the name of a symbol to whose bytes it covers.
//!
//! The boundary: names only. A generic function belongs to whom it was compiled for, as far as its name tells: to the first
//! module that the name mentions, else to the first crate other than the standard library, else to the standard library.

use runtime_core::engine::capabilities::CCode;

use super::Group;

/// Where a piece of a binary comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origin {
    /// A symbol, as the linker knows it.
    Symbol(String),
    /// A symbol that only its own file sees, and that file: `engine.c`.
    Local(String, String),
    /// The rest of a section.
    Section(String),
    /// What is in no section.
    File,
}

/// What is known of the runtime whose binary it is.
#[derive(Clone, Debug)]
pub(crate) struct Subject<'a> {
    /// The generated crate, as Rust names it.
    pub(crate) krate: String,
    /// The kind of engine; its crates are those whose names begin with it.
    pub(crate) engine: &'a str,
    /// The engine's C, if it has any.
    pub(crate) engine_c: Option<&'static CCode>,
    /// The names of the selected modules.
    pub(crate) modules: Vec<&'a str>,
    /// How the path of a module's code begins, for each module: `module_fs`.
    pub(crate) prefixes: Vec<(String, &'a str)>,
}

/// A group, and the way to the piece within it.
#[derive(Debug, PartialEq)]
pub(super) struct Owned {
    pub(super) group: Group,
    pub(super) path: Vec<String>,
}

/// Crates of the standard library, and those that it is linked with for its backtraces.
const STD_CRATES: &[&str] = &[
    "std",
    "core",
    "alloc",
    "compiler_builtins",
    "panic_abort",
    "panic_unwind",
    "unwind",
    "std_detect",
    "rustc_std_workspace_core",
    "addr2line",
    "gimli",
    "miniz_oxide",
    "adler2",
    "object",
    "rustc_demangle",
    "__rustc",
];

/// How deep the page can be zoomed into a crate.
const DEPTH: usize = 4;

/// Says whose bytes these are.
pub(super) fn owner(origin: &Origin, subject: &Subject<'_>) -> Owned {
    match origin {
        Origin::Symbol(name) => symbol(name, None, subject),
        Origin::Local(name, file) => symbol(name, Some(file), subject),
        Origin::Section(name) => Owned {
            group: Group::Data,
            path: vec![name.clone()],
        },
        Origin::File => Owned {
            group: Group::File,
            path: vec!["file".to_owned()],
        },
    }
}

fn symbol(mangled: &str, file: Option<&str>, subject: &Subject<'_>) -> Owned {
    let Ok(demangled) = rustc_demangle::try_demangle(mangled) else {
        return engines_c(mangled, file, subject).unwrap_or_else(|| foreign(mangled));
    };
    let name = format!("{demangled:#}");
    let paths = paths(&name);
    let module = paths
        .iter()
        .find_map(|path| module_of(path, subject).map(|module| (path, module)));
    if let Some((path, (module, depth))) = module {
        return Owned {
            group: Group::Modules,
            path: way(module, &path[depth..]),
        };
    }
    let is_std = |path: &&Vec<&str>| STD_CRATES.contains(&path[0]);
    let Some(path) = paths.iter().find(|path| !is_std(path)).or(paths.first()) else {
        // Methods of types without a path, `<str>::trim`, are the standard library's.
        return Owned {
            group: Group::Std,
            path: way("core", &["primitive types"]),
        };
    };
    let krate = path[0];
    let group = if STD_CRATES.contains(&krate) {
        Group::Std
    } else if krate == subject.krate || krate.starts_with("runtime_core") {
        Group::Core
    } else if is_of_engine(krate, subject) {
        Group::Engine
    } else {
        Group::Dependencies
    };
    Owned {
        group,
        path: way(krate, &path[1..]),
    }
}

fn is_of_engine(krate: &str, subject: &Subject<'_>) -> bool {
    let named = krate
        .strip_prefix(subject.engine)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    named || subject.engine_c.is_some_and(|code| code.krate == krate)
}

fn way(first: &str, rest: &[&str]) -> Vec<String> {
    let parts = std::iter::once(first).chain(rest.iter().copied());
    parts.take(DEPTH).map(str::to_owned).collect()
}

/// The module whose code a path names, and how many parts of the path that took.
fn module_of<'a>(path: &[&str], subject: &Subject<'a>) -> Option<(&'a str, usize)> {
    subject.prefixes.iter().find_map(|(prefix, module)| {
        let prefix: Vec<&str> = prefix.split("::").collect();
        path.starts_with(&prefix).then_some((*module, prefix.len()))
    })
}

/// The engine's C: by the file, or for what every file sees by the beginning of the name.
fn engines_c(name: &str, file: Option<&str>, subject: &Subject<'_>) -> Option<Owned> {
    let code = subject.engine_c?;
    let is_its = match file {
        Some(file) => code.files.contains(&file),
        None => code.prefixes.iter().any(|prefix| name.starts_with(prefix)),
    };
    let file = file.unwrap_or("seen by every file");
    is_its.then(|| Owned {
        group: Group::Engine,
        path: way(subject.engine, &[file, name]),
    })
}

/// C code: the part of the name before the first `_` tells libraries apart.
fn foreign(name: &str) -> Owned {
    let library = match name.trim_start_matches('_').split_once('_') {
        Some(("mi", _)) => "mimalloc",
        _ => "start-up and C",
    };
    Owned {
        group: Group::Foreign,
        path: vec![library.to_owned(), name.to_owned()],
    }
}

/// Every path in a demangled name, in order, at least two parts long: `<a::B as c::D<e::F>>::g` has `a::B`, `c::D` and `e::F`.
/// What follows a `>` goes on with a path that began before it.
fn paths(name: &str) -> Vec<Vec<&str>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '{' | '}' | '#');
    name.split(|c| !is_part(c))
        .filter(|run| !run.starts_with(':'))
        .map(|run| {
            run.split("::")
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
        })
        .filter(|path| {
            path.len() > 1 && path[0].starts_with(|c: char| c.is_alphabetic() || c == '_')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject() -> Subject<'static> {
        Subject {
            krate: "acme_js".to_owned(),
            engine: "boa",
            engine_c: Some(&CCode {
                krate: "engine_sys",
                files: &["engine.c"],
                prefixes: &["JS_"],
            }),
            modules: vec!["fs", "greet"],
            prefixes: vec![
                ("module_fs".to_owned(), "fs"),
                ("acme_js::native::greet".to_owned(), "greet"),
            ],
        }
    }

    /// Mangles a path the old way, as the compiler does on its stable channel.
    fn mangle(path: &str) -> String {
        let parts: String = path
            .split("::")
            .map(|part| {
                let part = part
                    .replace('<', "$LT$")
                    .replace('>', "$GT$")
                    .replace(' ', "$u20$")
                    .replace('[', "$u5b$")
                    .replace(']', "$u5d$");
                let part = if part.starts_with('$') {
                    format!("_{part}")
                } else {
                    part
                };
                format!("{}{part}", part.len())
            })
            .collect();
        format!("_ZN{parts}17h0123456789abcdefE")
    }

    #[track_caller]
    fn check(symbol: &str, group: Group, path: &[&str]) {
        let owned = owner(&Origin::Symbol(symbol.to_owned()), &subject());
        assert_eq!(
            (owned.group, owned.path),
            (group, path.iter().map(|part| (*part).to_owned()).collect()),
            "{symbol}"
        );
    }

    #[test]
    fn a_symbol_belongs_to_the_crate_of_its_path() {
        check(&mangle("module_fs::read"), Group::Modules, &["fs", "read"]);
        check(
            &mangle("acme_js::native::greet::greet"),
            Group::Modules,
            &["greet", "greet"],
        );
        check(&mangle("acme_js::main"), Group::Core, &["acme_js", "main"]);
        check(
            &mangle("runtime_core::event_loop::turn"),
            Group::Core,
            &["runtime_core", "event_loop", "turn"],
        );
        check(
            &mangle("boa_parser::lexer::next"),
            Group::Engine,
            &["boa_parser", "lexer", "next"],
        );
        check(
            &mangle("engine_sys::call"),
            Group::Engine,
            &["engine_sys", "call"],
        );
        check(
            &mangle("boar::grunt"),
            Group::Dependencies,
            &["boar", "grunt"],
        );
        check(
            &mangle("std::io::stdout"),
            Group::Std,
            &["std", "io", "stdout"],
        );
    }

    #[test]
    fn an_instance_belongs_to_whom_it_was_compiled_for() {
        check(
            &mangle("core::ptr::drop_in_place<boa_engine..vm..Vm>"),
            Group::Engine,
            &["boa_engine", "vm", "Vm"],
        );
        check(
            &mangle("core::ptr::drop_in_place<module_fs..File>"),
            Group::Modules,
            &["fs", "File"],
        );
        check(
            "_RNvYNtCs1234_9module_fs4FileNtNtCs5678_4core3fmt5Debug3fmtCs9_7acme_js",
            Group::Modules,
            &["fs", "File"],
        );
    }

    #[test]
    fn what_follows_a_type_is_no_crate() {
        check(
            &mangle("<boa_parser..Lexer as core..ops..FnOnce>::parse::next"),
            Group::Engine,
            &["boa_parser", "Lexer"],
        );
        check(
            &mangle("core::slice::<impl [T]>::sort_by::merge"),
            Group::Std,
            &["core", "slice"],
        );
    }

    #[test]
    fn a_method_of_a_primitive_type_is_the_standard_librarys() {
        check(
            "_RNvMNtCs1234_4core3stre4trimCs9_7acme_js",
            Group::Std,
            &["core", "primitive types"],
        );
    }

    #[test]
    fn c_code_is_told_apart() {
        check("_start", Group::Foreign, &["start-up and C", "_start"]);
        check("mi_malloc", Group::Foreign, &["mimalloc", "mi_malloc"]);
        check(
            "JS_Call",
            Group::Engine,
            &["boa", "seen by every file", "JS_Call"],
        );
        let local = |file: &str| {
            let owned = owner(
                &Origin::Local("emit".to_owned(), file.to_owned()),
                &subject(),
            );
            (owned.group, owned.path)
        };
        let path = ["boa", "engine.c", "emit"].map(str::to_owned).to_vec();
        assert_eq!(local("engine.c"), (Group::Engine, path));
        let path = ["start-up and C", "emit"].map(str::to_owned).to_vec();
        assert_eq!(local("crtstuff.c"), (Group::Foreign, path));
    }
}
