//! The fuzzer in the test command: a short run of each target, where `cargo-fuzz` and a nightly toolchain are installed.
//!
//! The boundary: which runs there are, and how they end. What a target judges is in `fuzz/`, whose seeds are replayed everywhere
//! by the suites.

use std::path::Path;
use std::process::{Command, Stdio};

use runtime_core::engine::capabilities::ENGINES;

use crate::diagnostics::Report;
use crate::machine::toolchain::nightly;

/// What a run finds in this many inputs it finds each time: it starts from the same number.
const RUNS: &[&str] = &["-runs=1000", "-seed=1", "-max_len=4096", "-timeout=30"];

/// The targets that take the reader of specs.
const OF_SPECS: &[&str] = &["includes", "spec"];

/// The targets that take an engine.
const OF_ENGINES: &[&str] = &["permissions", "imports", "script", "crossings"];

/// A short run of a target.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FuzzRun {
    /// The target in `fuzz/fuzz_targets/`.
    pub(crate) target: &'static str,
    /// The cargo feature that brings what it needs.
    pub(crate) feature: &'static str,
}

/// Every run.
pub(crate) fn runs() -> Vec<FuzzRun> {
    let of_specs = OF_SPECS.iter().map(|target| FuzzRun {
        target,
        feature: "spec",
    });
    let engines = ENGINES.iter().filter(|engine| engine.not_yet.is_none());
    let of_engines = engines.flat_map(|engine| {
        OF_ENGINES.iter().map(|target| FuzzRun {
            target,
            feature: engine.cargo_feature,
        })
    });
    of_specs.chain(of_engines).collect()
}

/// What keeps the fuzzer from running here, and what gets it.
pub(crate) fn missing() -> Option<&'static str> {
    let answers = |mut command: Command| {
        let silent = command.stdout(Stdio::null()).stderr(Stdio::null());
        silent.status().is_ok_and(|status| status.success())
    };
    if !answers(nightly(&["rustc", "--version"])) {
        return Some("no nightly toolchain is installed: `rustup toolchain install nightly`");
    }
    if !answers(nightly(&["cargo", "fuzz", "--version"])) {
        return Some("cargo-fuzz is not installed: `cargo install cargo-fuzz`");
    }
    None
}

impl FuzzRun {
    /// `script (boa)`
    pub(crate) fn name(&self) -> String {
        format!("{} ({})", self.target, self.feature)
    }

    /// Builds the target and runs it. Whether everything held.
    pub(crate) fn run(&self, workspace: &Path) -> Result<bool, Report> {
        let folder = workspace.join("fuzz");
        // What is new is kept apart from the seeds, which are read only.
        let corpus = folder.join("corpus").join(self.target);
        std::fs::create_dir_all(&corpus).map_err(|error| {
            Report::error(format!("cannot make `{}`: {error}", corpus.display()))
        })?;
        let fuzz = |verb: &str| {
            let mut command = nightly(&["cargo", "fuzz", verb, "--fuzz-dir"]);
            command.arg(&folder).arg("--features");
            command.arg(format!("libfuzzer,{}", self.feature));
            command.current_dir(workspace);
            command
        };
        // All binaries: scripts may run in one beside the target's own.
        if !holds(fuzz("build"))? {
            return Ok(false);
        }
        let mut command = fuzz("run");
        command.arg(self.target).arg(corpus);
        command.arg(folder.join("seeds").join(self.target));
        command.arg("--").args(RUNS);
        holds(command)
    }
}

fn holds(mut command: Command) -> Result<bool, Report> {
    match command.status() {
        Ok(status) => Ok(status.success()),
        Err(error) => Err(Report::error(format!("cannot run `cargo fuzz`: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::workspace;

    #[test]
    fn every_run_has_its_target_and_its_seeds() {
        let folder = workspace().join("fuzz");
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        for run in runs() {
            let path = format!("fuzz_targets/{}.rs", run.target);
            assert!(folder.join(&path).is_file(), "{path}");
            assert!(folder.join("seeds").join(run.target).is_dir(), "{path}");
            assert!(
                manifest.contains(&format!("\n{} = [", run.feature)),
                "{run:?}"
            );
            assert!(manifest.contains(&format!("path = \"{path}\"")), "{run:?}");
        }
    }
}
