//! What is measured: runtimes of ours, built as a user builds them, and the program that they are compared with.
//!
//! The boundary: `templates/bench/` in, binaries out, all in `<target folder>/tailor-bench/`.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use minijinja::context;

use crate::diagnostics::Report;
use crate::drive::dist;
use crate::drive::files::{failed, replace};
use crate::drive::target_dir;
use crate::drive::toolchain::{Toolchain, cargo};
use crate::pipeline::{self, SpecArgs};
use crate::render::fill;

/// What writes of these files are for.
const INTENT: &str = "a file of the benchmark";

/// The programs; each is built when it is first asked for.
#[derive(Debug)]
pub(super) struct Programs {
    workspace: PathBuf,
    target: PathBuf,
    toolchain: Toolchain,
    bare: OnceCell<PathBuf>,
    minimal: OnceCell<PathBuf>,
    natives: OnceCell<PathBuf>,
}

impl Programs {
    /// None is built yet.
    pub(super) fn new(toolchain: Toolchain) -> Self {
        let workspace = pipeline::workspace();
        Self {
            target: target_dir(&workspace),
            workspace,
            toolchain,
            bare: OnceCell::new(),
            minimal: OnceCell::new(),
            natives: OnceCell::new(),
        }
    }

    /// A program around the engine alone.
    pub(super) fn bare(&self) -> Result<&Path, Report> {
        once(&self.bare, || self.build_bare())
    }

    /// The smallest runtime that can say hello.
    pub(super) fn minimal(&self) -> Result<&Path, Report> {
        once(&self.minimal, || {
            self.build("minimal", &self.minimal_spec()?)
        })
    }

    /// A runtime with timers and two native functions.
    pub(super) fn natives(&self) -> Result<&Path, Report> {
        once(&self.natives, || {
            self.write(
                "natives/native.rs",
                include_str!("../../../templates/bench/native.rs"),
            )?;
            let spec = include_str!("../../../templates/bench/natives.toml");
            self.build("natives", &self.write("natives/runtime.toml", spec)?)
        })
    }

    /// The spec of the smallest runtime.
    pub(super) fn minimal_spec(&self) -> Result<PathBuf, Report> {
        self.write(
            "minimal/runtime.toml",
            include_str!("../../../templates/bench/minimal.toml"),
        )
    }

    /// A spec whose module `fs`, the largest there is, is on or off.
    pub(super) fn toggled_spec(&self, fs: bool) -> Result<PathBuf, Report> {
        let template = include_str!("../../../templates/bench/toggled.toml.jinja");
        self.write("toggled/runtime.toml", &fill(template, context!(fs)))
    }

    /// The script that says hello.
    pub(super) fn hello(&self) -> Result<PathBuf, Report> {
        self.write(
            "hello.js",
            include_str!("../../../templates/bench/hello.js"),
        )
    }

    /// The script that times calls.
    pub(super) fn calls(&self) -> Result<PathBuf, Report> {
        self.write(
            "calls.js",
            include_str!("../../../templates/bench/calls.js"),
        )
    }

    /// The script that sets so many timers.
    pub(super) fn timers(&self, count: u32) -> Result<PathBuf, Report> {
        let template = include_str!("../../../templates/bench/timers.js.jinja");
        self.write(
            &format!("timers-{count}.js"),
            &fill(template, context!(count)),
        )
    }

    /// The script that sleeps.
    pub(super) fn sleep(&self) -> Result<PathBuf, Report> {
        self.write(
            "sleep.js",
            include_str!("../../../templates/bench/sleep.js"),
        )
    }

    /// Forgets what was compiled of the module library for debugging, as if no runtime had had these modules yet. What is
    /// forgotten is only a note of cargo's that it is up to date.
    pub(super) fn forget_modules(&self) -> Result<(), Report> {
        let notes = self.target.join("debug/.fingerprint");
        let Ok(entries) = std::fs::read_dir(&notes) else {
            return Ok(());
        };
        for entry in entries.filter_map(Result::ok) {
            if entry
                .file_name()
                .to_string_lossy()
                .starts_with("runtime-std-")
            {
                let path = entry.path();
                std::fs::remove_dir_all(&path).map_err(|error| failed("remove", &path, &error))?;
            }
        }
        Ok(())
    }

    fn write(&self, path: &str, text: &str) -> Result<PathBuf, Report> {
        let path = self.target.join("tailor-bench").join(path);
        replace(INTENT, &path, text.as_bytes())?;
        Ok(path)
    }

    fn build(&self, what: &str, spec: &Path) -> Result<PathBuf, Report> {
        let args = SpecArgs {
            spec: Some(spec.to_owned()),
            ..SpecArgs::default()
        };
        let plan = pipeline::load(&args)?.plan();
        let packed = dist::build(&plan, false)?;
        let binary = packed.first().map(dist::Packed::binary);
        binary.ok_or_else(|| {
            Report::error(format!(
                "tailor's bug: the runtime `{what}` of the benchmark has no target"
            ))
        })
    }

    fn build_bare(&self) -> Result<PathBuf, Report> {
        let manifest = include_str!("../../../templates/bench/bare/Cargo.toml.jinja");
        let manifest = self.write(
            "bare/Cargo.toml",
            &fill(manifest, context!(profiles => profiles())),
        )?;
        self.write(
            "bare/src/main.rs",
            include_str!("../../../templates/bench/bare/main.rs"),
        )?;
        let pins = self.workspace.join("Cargo.lock");
        let pins = std::fs::read_to_string(&pins)
            .map_err(|error| failed("read the lock file", &pins, &error))?;
        self.write("bare/Cargo.lock", &pins)?;
        let status = Command::new(cargo())
            .args(["build", "--profile", "size", "--manifest-path"])
            .arg(&manifest)
            .current_dir(&self.workspace)
            .env("CARGO_TARGET_DIR", &self.target)
            .stdout(Stdio::null())
            .status()
            .map_err(|error| {
                Report::error(format!("cannot run `{}`: {error}", cargo().display()))
            })?;
        if !status.success() {
            return Err(Report::error(
                "cargo could not build the program that runtimes are compared with",
            )
            .help("what cargo said stands above; the program is `templates/bench/bare`"));
        }
        let name = format!("bare-boa{}", std::env::consts::EXE_SUFFIX);
        let stripped = manifest.with_file_name(&name);
        self.toolchain
            .strip(&self.target.join("size").join(&name), &stripped)?;
        Ok(stripped)
    }
}

/// The profiles of a generated crate.
fn profiles() -> &'static str {
    let manifest = include_str!("../../../templates/native/Cargo.toml.jinja");
    let start = manifest
        .find("[profile.size]")
        .expect("a generated crate has a profile for size");
    manifest[start..].trim_end()
}

fn once(
    cell: &OnceCell<PathBuf>,
    build: impl FnOnce() -> Result<PathBuf, Report>,
) -> Result<&Path, Report> {
    match cell.get() {
        Some(path) => Ok(path),
        None => build().map(|path| cell.get_or_init(|| path).as_path()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_are_compiled_alike() {
        let ours = include_str!("../../../templates/native/Cargo.toml.jinja");
        assert!(
            ours.ends_with(&format!("{}\n", profiles())),
            "{}",
            profiles()
        );
        assert!(profiles().contains("opt-level = \"z\""));
    }
}
