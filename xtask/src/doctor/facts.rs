//! What this machine has.
//!
//! The boundary: facts. It asks programs and the disk; what of it is needed is judged elsewhere.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Android;
use crate::diagnostics::Report;
use crate::machine::backend::Backend;
use crate::machine::clang::CCompiler;
use crate::machine::native::{Compiler, Linker, compiler, linker};
use crate::machine::optimiser::Optimiser;
use crate::machine::toolchain::{Toolchain, cargo, in_path};
use crate::machine::{target_dir, wasi, wasm};
use crate::spec::Profile;
use crate::spec::wasm::{TRIPLE, WASI_TRIPLE};

/// What was found. `None` is what is not there, or does not run.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    /// The release of rustc: `1.95.0`.
    pub(super) rustc: Option<String>,
    /// The release of cargo.
    pub(super) cargo: Option<String>,
    /// What takes the symbols out of a binary.
    pub(super) stripper: Option<PathBuf>,
    /// The bytes that are free where cargo writes, and where that is.
    pub(super) free: Option<(u64, PathBuf)>,
    /// Where the lock file of the workspace is.
    pub(super) lock: Option<PathBuf>,
    /// What formats the code.
    pub(super) rustfmt: Option<String>,
    /// What lints the code.
    pub(super) clippy: Option<String>,
    /// The triples that the spec builds for, but for that of WebAssembly.
    pub(super) triples: Vec<Triple>,
    /// What there is for WebAssembly, when the spec is built for it.
    pub(super) wasm: Option<Wasm>,
    /// What there is for Android, when the spec builds for it.
    pub(super) android: Option<Android>,
}

/// What there is for WebAssembly. An error says why something is not there, and what gets it.
#[derive(Clone, Debug)]
pub(crate) struct Wasm {
    /// What compiles Rust for it.
    pub(super) toolchain: Result<String, (String, String)>,
    /// What compiles C for it, when the engine needs that.
    pub(super) compiler: Option<Result<String, (String, String)>>,
    /// What compiles the command for hosts of WASI, when the spec asks for it.
    pub(super) command: Option<Result<String, (String, String)>>,
    /// The version of Node.
    pub(super) node: Option<String>,
    /// What makes modules smaller; or why it is not used.
    pub(super) optimiser: Option<Result<String, String>>,
}

impl Wasm {
    fn look(toolchain: Option<&Toolchain>, needs_c: bool, has_command: bool) -> Self {
        let why = |report: Report| {
            let found = report.diagnostics.into_iter().next();
            found.map_or_else(Default::default, |found| {
                (found.message, found.help.join("; "))
            })
        };
        let none = || {
            (
                "rustc does not run".to_owned(),
                "rustup default stable".to_owned(),
            )
        };
        let said = |found: Result<Backend, Report>| found.map(|found| found.said).map_err(why);
        let ask = |find: &dyn Fn(&Toolchain) -> Result<Backend, Report>| match toolchain {
            Some(toolchain) => said(find(toolchain)),
            None => Err(none()),
        };
        Self {
            toolchain: ask(&|toolchain| wasm::find(toolchain, false, Profile::Size)),
            command: has_command.then(|| {
                ask(&|toolchain| wasi::find(toolchain, needs_c, Profile::Size, Path::new("")))
            }),
            compiler: needs_c.then(|| {
                let found = CCompiler::find(TRIPLE);
                found.map(|compiler| compiler.said).map_err(why)
            }),
            node: version_of_node(),
            optimiser: Optimiser::find(Profile::Size).map(|found| found.map(|found| found.said)),
        }
    }
}

fn is_wasm(triple: &str) -> bool {
    [TRIPLE, WASI_TRIPLE].contains(&triple)
}

fn version_of_node() -> Option<String> {
    let output = Command::new(in_path("node")?)
        .arg("--version")
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What there is for one triple.
#[derive(Clone, Debug)]
pub(crate) struct Triple {
    /// Its name.
    pub(super) name: String,
    /// Whether Rust's standard library is installed for it.
    pub(super) std: bool,
    /// What links for it.
    pub(super) linker: Linker,
    /// What compiles C for it, when the engine needs that.
    pub(super) compiler: Option<Compiler>,
}

impl Machine {
    /// Looks for everything that a build of these triples could need.
    pub(crate) fn look(
        workspace: &Path,
        triples: &[String],
        needs_c: bool,
        android: Option<Android>,
    ) -> Self {
        let toolchain = Toolchain::find().ok();
        let triple = |said: &String| {
            let toolchain = toolchain.as_ref()?;
            let name = toolchain.triple(said).to_owned();
            Some(Triple {
                std: toolchain.has_target(&name),
                linker: linker(&name, &toolchain.host),
                compiler: needs_c.then(|| compiler(&name, &toolchain.host)),
                name,
            })
        };
        let target = target_dir(workspace);
        let lock = workspace.join("Cargo.lock");
        Self {
            wasm: triples.iter().any(|triple| is_wasm(triple)).then(|| {
                let has_command = triples.iter().any(|triple| triple == WASI_TRIPLE);
                Wasm::look(toolchain.as_ref(), needs_c, has_command)
            }),
            triples: triples
                .iter()
                .filter(|triple| !is_wasm(triple))
                .filter_map(triple)
                .collect(),
            android,
            rustc: toolchain
                .as_ref()
                .map(|toolchain| toolchain.release.clone()),
            cargo: version(&cargo(), &["--version"]),
            stripper: toolchain
                .and_then(|toolchain| toolchain.strippers().into_iter().next())
                .map(|(program, _)| program),
            free: free(&target).map(|bytes| (bytes, target)),
            lock: lock.is_file().then_some(lock),
            rustfmt: version("rustfmt".as_ref(), &["--version"]),
            clippy: version(&cargo(), &["clippy", "--version"]),
        }
    }
}

/// The second word of what a program says of itself: `cargo 1.95.0 (…)`.
fn version(program: &OsStr, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let word = text.split_whitespace().nth(1)?.to_owned();
    output.status.success().then_some(word)
}

/// The bytes that are free in the first folder above `path` that exists.
#[cfg(unix)]
fn free(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|folder| folder.is_dir())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Nothing tells: the standard library does not ask.
#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}
