//! A module of the npm package: put in place, tried in Node, made smaller, tried again.
//!
//! The boundary: what compiled it and how it is tried are handed in, as they are the flavour's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Drive;
use super::digest::{brotlied, gzipped, sha256};
use super::manifest::BinaryRow;
use crate::diagnostics::Report;
use crate::files::{failed, replace};
use crate::machine::backend::Backend;
use crate::machine::optimiser::Optimiser;
use crate::machine::toolchain::in_path;
use crate::plan::Plan;
use crate::size;
use crate::spec::Profile;

/// A module of the package: compiled, put there, and tried.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) triple: &'static str,
    /// Its path in the package.
    pub(super) file: String,
    /// The same with its names.
    pub(super) named: PathBuf,
    bytes: Vec<u8>,
    /// What compiled it, in words.
    pub(super) backend: String,
    /// Why it was not tried, if so.
    pub(super) untried: Option<String>,
    /// What makes modules smaller and could not be used, and why.
    pub(super) unused: Option<String>,
    /// The SHA-256 of the lock file.
    pub(super) lock: String,
    /// What is remembered of its size.
    pub(super) sizes: PathBuf,
}

/// Instantiates the module of the package in a folder, after the step that is named; says why it was not tried, if so.
type TryOut<'a> = dyn Fn(&Path, &str) -> Result<Option<String>, Report> + 'a;

impl Module {
    /// Puts what `step` gave into the package and tries it, then the same made smaller.
    pub(super) fn make(
        drive: &Drive<'_>,
        (triple, mut backend): (&'static str, Backend),
        (place, file): (&Path, String),
        (mut named, step): (PathBuf, &str),
        try_out: &TryOut<'_>,
    ) -> Result<Self, Report> {
        let plan = drive.plan;
        let mut bytes = ship(&place.join(&file), &named)?;
        let mut untried = try_out(place, step)?;
        let mut unused = None;
        match Optimiser::find(plan.profile.value) {
            Some(Ok(optimiser)) => {
                let to = drive.place.join(format!("{triple}.optimised.wasm"));
                named = optimiser.run(&named, &to)?;
                bytes = ship(&place.join(&file), &named)?;
                untried = try_out(place, &optimiser.said)?;
                backend.said.push_str(&format!("; {}", optimiser.said));
            }
            Some(Err(why)) => unused = Some(why),
            None => {}
        }
        let lock = drive.krate().join("Cargo.lock");
        let lock = fs::read(&lock).map_err(|error| failed("read the lock file", &lock, &error))?;
        Ok(Self {
            triple,
            file,
            named,
            bytes,
            backend: backend.said,
            untried,
            unused,
            lock: sha256(&lock),
            sizes: drive.place.join("sizes.json"),
        })
    }

    /// What the manifest says of it.
    pub(super) fn row(&self, plan: &Plan) -> BinaryRow {
        let bytes = &self.bytes;
        BinaryRow {
            file: self.file.clone(),
            bytes: bytes.len() as u64,
            gzipped: gzipped(bytes),
            brotli: Some(brotlied(bytes, plan.profile.value != Profile::Debug)),
            sha256: sha256(bytes),
            stripped: true,
        }
    }
}

/// Writes a file of the package.
pub(super) fn write(place: &Path, path: &str, contents: &[u8]) -> Result<(), Report> {
    replace("the package", &place.join(path), contents).map(drop)
}

/// Puts a module where it belongs in the package, without its names.
fn ship(to: &Path, named: &Path) -> Result<Vec<u8>, Report> {
    let bytes = fs::read(named).map_err(|error| failed("read the module", named, &error))?;
    let shipped = size::module::without_names(&bytes).ok_or_else(|| {
        Report::error(format!("`{}` is no module of WebAssembly", named.display()))
    })?;
    replace("the package", to, &shipped)?;
    Ok(shipped)
}

/// Runs what `tell` tells Node. An error begins with `wrong`; without a Node, it says what could not be done.
pub(super) fn try_in_node(
    tell: impl FnOnce(&mut Command),
    intent: &str,
    wrong: &str,
) -> Result<Option<String>, Report> {
    let Some(node) = in_path("node") else {
        return Ok(Some(format!("there is no `node` here to {intent}")));
    };
    let mut command = Command::new(node);
    tell(&mut command);
    let output = command.output();
    let output = output.map_err(|error| Report::error(format!("cannot run `node`: {error}")))?;
    if output.status.success() {
        return Ok(None);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(
        Report::error(format!("{wrong}, {}:\n{}", output.status, said.trim()))
            .help("what was in `dist/` before is still there"),
    )
}
