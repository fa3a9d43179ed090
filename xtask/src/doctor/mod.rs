//! What a build needs of this machine, what is there, and the command that gets what is not.
//!
//! The boundary: `facts` finds facts; here each becomes a row by a pure function, so that every answer is tested without the
//! machine that would give it.

mod android;
mod facts;

#[cfg(test)]
mod tests;

use facts::Triple;
#[cfg(test)]
use facts::Wasm;

use crate::machine::native::{Compiler, Linker, get_linker};

pub(crate) use android::Android;
pub(crate) use facts::Machine;

/// One thing that is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// What needs it.
    pub(crate) part: Part,
    /// What it is.
    pub(crate) name: String,
    /// Whether it is there.
    pub(crate) state: State,
}

/// What needs a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Every build.
    Build,
    /// The target `native`, for one triple.
    Native,
    /// The target `wasm`.
    Wasm,
    /// The target `android`.
    Android,
    /// Changing Tailor itself.
    Tailor,
}

/// Whether a thing is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It is: which, or where.
    Found(String),
    /// It is not, and it can be done without: what is lost, and what gets it.
    Missed(String, String),
    /// It is not, and nothing can be built: what is wrong, and what gets it.
    Missing(String, String),
}

/// A spec as the doctor sees it: what it is called, or how many errors it has.
pub(crate) type Spec = Result<String, usize>;

/// What a build takes at least, on a disk that has nothing of it yet.
const ROOM: u64 = 2 << 30;

/// The oldest compiler that compiles Tailor.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

impl Part {
    /// What it is called.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Build => "every build",
            Self::Native => "target native",
            Self::Wasm => "target wasm",
            Self::Android => "target android",
            Self::Tailor => "work on Tailor",
        }
    }
}

/// Judges what was found.
pub(crate) fn examine(machine: &Machine, spec: &Spec) -> Vec<Row> {
    let row = |part, name: &str, state| Row {
        part,
        name: name.to_owned(),
        state,
    };
    let mut rows = vec![
        row(Part::Build, "rustc", release(machine.rustc.as_deref())),
        row(Part::Build, "cargo", release(machine.cargo.as_deref())),
        row(Part::Build, "lock file", lock(machine)),
        row(Part::Build, "disk", disk(machine)),
        row(Part::Build, "spec", judge_spec(spec)),
    ];
    for triple in &machine.triples {
        rows.push(row(
            Part::Native,
            &format!("std for {}", triple.name),
            std(triple),
        ));
        rows.push(row(
            Part::Native,
            &format!("linker for {}", triple.name),
            linker(triple),
        ));
        if let Some(found) = &triple.compiler {
            let name = format!("C compiler for {}", triple.name);
            rows.push(row(Part::Native, &name, compiler(triple, found)));
        }
    }
    match (&machine.wasm, &machine.android) {
        (Some(found), _) => {
            let toolchain = wasm_toolchain(&found.toolchain);
            rows.push(row(Part::Wasm, "toolchain for wasm32", toolchain));
            if let Some(compiler) = &found.compiler {
                let compiler = wasm_toolchain(compiler);
                rows.push(row(Part::Wasm, "C compiler for wasm32", compiler));
            }
            if let Some(command) = &found.command {
                let command = wasm_toolchain(command);
                rows.push(row(Part::Wasm, "toolchain for wasi", command));
            }
            rows.push(row(Part::Wasm, "node", node(found.node.as_deref())));
            rows.push(row(Part::Wasm, "wasm-opt", optimiser(&found.optimiser)));
        }
        (None, Some(android)) => {
            rows.extend(android::rows(android));
            rows.push(row(Part::Android, "strip", strip(machine)));
        }
        (None, None) => rows.push(row(Part::Native, "strip", strip(machine))),
    }
    rows.push(row(
        Part::Tailor,
        "rustfmt",
        component("rustfmt", machine.rustfmt.as_deref()),
    ));
    rows.push(row(
        Part::Tailor,
        "clippy",
        component("clippy", machine.clippy.as_deref()),
    ));
    rows
}

fn release(found: Option<&str>) -> State {
    let Some(found) = found else {
        return State::Missing(
            "it does not run".to_owned(),
            "install Rust with rustup, https://rustup.rs".to_owned(),
        );
    };
    let is_old =
        semver::Version::parse(found).is_ok_and(|found| (found.major, found.minor) < oldest());
    if is_old {
        return State::Missing(
            format!("{found} is older than {OLDEST}"),
            "rustup update stable".to_owned(),
        );
    }
    State::Found(found.to_owned())
}

/// The first two numbers of [`OLDEST`].
fn oldest() -> (u64, u64) {
    let mut numbers = OLDEST.split('.').map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

fn lock(machine: &Machine) -> State {
    match &machine.lock {
        Some(path) => State::Found(path.display().to_string()),
        None => State::Missing(
            "the workspace has no `Cargo.lock`, which pins what every runtime is built from"
                .to_owned(),
            "git checkout Cargo.lock".to_owned(),
        ),
    }
}

fn disk(machine: &Machine) -> State {
    match &machine.free {
        Some((bytes, folder)) if *bytes < ROOM => State::Missing(
            format!(
                "{} are free for {}, and a build takes {}",
                gib(*bytes),
                folder.display(),
                gib(ROOM)
            ),
            "free some space, or set CARGO_TARGET_DIR to a folder on another disk".to_owned(),
        ),
        Some((bytes, folder)) => {
            State::Found(format!("{} free for {}", gib(*bytes), folder.display()))
        }
        None => State::Missed(
            "how much is free cannot be told here".to_owned(),
            format!("see to it that {} are free", gib(ROOM)),
        ),
    }
}

/// `1.9 GiB`, rounded down.
fn gib(bytes: u64) -> String {
    let tenths = (u128::from(bytes) * 10) >> 30;
    format!("{}.{} GiB", tenths / 10, tenths % 10)
}

/// What says more about a spec.
const CHECK: &str = "cargo xtask check, with the same options";

fn judge_spec(spec: &Spec) -> State {
    match spec {
        Ok(name) => State::Found(name.clone()),
        Err(1) => State::Missing("it has an error".to_owned(), CHECK.to_owned()),
        Err(errors) => State::Missing(format!("it has {errors} errors"), CHECK.to_owned()),
    }
}

fn std(triple: &Triple) -> State {
    match triple.std {
        true => State::Found("installed".to_owned()),
        false => State::Missing(
            "not installed".to_owned(),
            format!("rustup target add {}", triple.name),
        ),
    }
}

fn linker(triple: &Triple) -> State {
    match &triple.linker {
        Linker::Found(program) => State::Found(program.display().to_string()),
        Linker::RustcFinds => State::Found("rustc finds the one of Visual Studio".to_owned()),
        Linker::Missing(program) => State::Missing(
            format!("there is no `{program}`"),
            get_linker(&triple.name).to_owned(),
        ),
        Linker::HostsOwn => State::Missed(
            "no linker is named, so this machine's own is tried".to_owned(),
            format!(
                "name one in ~/.cargo/config.toml: [target.{}] linker = \"…\"; ignore this if it is there",
                triple.name
            ),
        ),
    }
}

fn compiler(triple: &Triple, found: &Compiler) -> State {
    match found {
        Compiler::Found(program) => State::Found(program.display().to_string()),
        Compiler::OfVisualStudio => State::Found("looked for in Visual Studio".to_owned()),
        Compiler::Missing(name) => State::Missing(
            format!("there is no `{name}`, and the engine is written in C"),
            get_linker(&triple.name).to_owned(),
        ),
        Compiler::Unusual(name) => State::Missed(
            format!("the engine is written in C, and there is no `{name}`"),
            name_compiler(&triple.name),
        ),
    }
}

/// What a C compiler that has another name needs.
fn name_compiler(triple: &str) -> String {
    let triple = triple.replace('-', "_");
    format!("install a C compiler for this target; one with another name is named by CC_{triple}=…")
}

fn strip(machine: &Machine) -> State {
    match &machine.stripper {
        Some(program) => State::Found(program.display().to_string()),
        None => State::Missed(
            "without it, symbols stay in the binary".to_owned(),
            "apt-get install binutils, dnf install binutils, or what your system calls it"
                .to_owned(),
        ),
    }
}

/// What compiles for WebAssembly, or why nothing does and what gets it.
fn wasm_toolchain(found: &Result<String, (String, String)>) -> State {
    match found {
        Ok(said) => State::Found(said.clone()),
        Err((why, help)) => State::Missing(why.clone(), help.clone()),
    }
}

fn node(found: Option<&str>) -> State {
    match found {
        Some(found) => State::Found(found.to_owned()),
        None => State::Missed(
            "without it, a package is not tried before it is put in place".to_owned(),
            "install Node, https://nodejs.org".to_owned(),
        ),
    }
}

fn optimiser(found: &Option<Result<String, String>>) -> State {
    let help = "npm install --global binaryen; ignore this if compressed bytes are what counts";
    match found {
        Some(Ok(said)) => State::Found(said.clone()),
        Some(Err(why)) => State::Missed(why.clone(), help.to_owned()),
        None => State::Missed(
            "without it, modules are some percent larger before a server compresses them"
                .to_owned(),
            help.to_owned(),
        ),
    }
}

fn component(name: &str, found: Option<&str>) -> State {
    match found {
        Some(found) => State::Found(found.to_owned()),
        None => State::Missed(
            "`.ci/run` runs it".to_owned(),
            format!("rustup component add {name}"),
        ),
    }
}
