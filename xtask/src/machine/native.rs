//! What links and compiles C for a triple of the target `native`.
//!
//! The boundary: the environment and the path. What of it a build needs is judged elsewhere.

use std::path::{Path, PathBuf};

use super::toolchain::in_path;

/// What compiles C for a triple.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Compiler {
    /// This program.
    Found(PathBuf),
    /// This program, which is not there.
    Missing(String),
    /// None of the usual names is there, for a triple that is not this machine's.
    Unusual(String),
    /// It is looked for in the installation of Visual Studio.
    OfVisualStudio,
}

/// What links for a triple.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Linker {
    /// This program.
    Found(PathBuf),
    /// This program, which is not there.
    Missing(String),
    /// rustc finds it by itself, in the installation of Visual Studio.
    RustcFinds,
    /// The one of this machine, for a triple that is not this machine's.
    HostsOwn,
}

/// What links for `triple`, as cargo and rustc choose it when no configuration file says otherwise.
pub(crate) fn linker(triple: &str, host: &str) -> Linker {
    let key = format!(
        "CARGO_TARGET_{}_LINKER",
        triple.to_uppercase().replace(['-', '.'], "_")
    );
    let said = std::env::var(key).ok().filter(|linker| !linker.is_empty());
    match said {
        Some(program) if Path::new(&program).is_file() => Linker::Found(program.into()),
        Some(program) => in_path(&program).map_or(Linker::Missing(program), Linker::Found),
        None if triple.ends_with("-msvc") => Linker::RustcFinds,
        None if triple != host => Linker::HostsOwn,
        None => in_path("cc").map_or_else(|| Linker::Missing("cc".to_owned()), Linker::Found),
    }
}

/// What compiles C for `triple`, as the crate `cc` chooses it: what the environment names, else the usual names.
pub(crate) fn compiler(triple: &str, host: &str) -> Compiler {
    let plain = triple.replace('-', "_");
    let mut keys = vec![format!("CC_{triple}"), format!("CC_{plain}")];
    keys.push(
        if triple == host {
            "HOST_CC"
        } else {
            "TARGET_CC"
        }
        .to_owned(),
    );
    keys.push("CC".to_owned());
    let said = keys
        .iter()
        .find_map(|key| std::env::var(key).ok().filter(|said| !said.is_empty()));
    let find = |name: &str| match Path::new(name).is_file() {
        true => Some(PathBuf::from(name)),
        false => in_path(name),
    };
    match said {
        // Arguments may follow.
        Some(said) => {
            let name = said.split_whitespace().next().unwrap_or_default();
            find(name).map_or_else(|| Compiler::Missing(name.to_owned()), Compiler::Found)
        }
        None if triple.ends_with("-msvc") => Compiler::OfVisualStudio,
        None if triple == host => {
            find("cc").map_or_else(|| Compiler::Missing("cc".to_owned()), Compiler::Found)
        }
        None => {
            let usual = usual_name(triple);
            find(&usual).map_or(Compiler::Unusual(usual), Compiler::Found)
        }
    }
}

/// What a compiler for another machine is usually called: `aarch64-linux-gnu-gcc`.
fn usual_name(triple: &str) -> String {
    let parts: Vec<&str> = triple.split('-').collect();
    match parts.as_slice() {
        [arch, _, "windows", ..] => format!("{arch}-w64-mingw32-gcc"),
        [arch, _, system, abi] => {
            let arch = match arch.trim_end_matches("gc") {
                arm if arm.starts_with("arm") => "arm",
                arch => arch,
            };
            format!("{arch}-{system}-{abi}-gcc")
        }
        _ => format!("{triple}-gcc"),
    }
}

/// What gets a linker, and the C compiler that comes with it.
pub(crate) fn get_linker(triple: &str) -> &'static str {
    if triple.contains("-apple-") {
        "xcode-select --install"
    } else if triple.contains("-windows-") {
        "install MinGW-w64, https://www.mingw-w64.org"
    } else {
        "apt-get install gcc, dnf install gcc, or what your system calls it"
    }
}
