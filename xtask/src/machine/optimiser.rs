//! `wasm-opt`, which makes modules smaller, where there is one that can be trusted.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::toolchain::in_path;
use crate::diagnostics::Report;
use crate::spec::Profile;

/// A program that makes modules smaller.
#[derive(Debug)]
pub(crate) struct Optimiser {
    program: PathBuf,
    /// The same in words.
    pub(crate) said: String,
}

/// The oldest `wasm-opt` that is trusted: 108 gives modules that no host takes, and says nothing.
const OLDEST_OPTIMISER: u32 = 120;

/// What the modules use of the format, and the optimiser may. `--all-features` would give what hosts do not take yet.
const FEATURES: &[&str] = &[
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

impl Optimiser {
    /// The one in the path; or why it is not used. A debug build goes without.
    pub(crate) fn find(profile: Profile) -> Option<Result<Self, String>> {
        in_path("wasm-opt")
            .filter(|_| profile != Profile::Debug)
            .and_then(Self::of)
    }

    /// This program, or why it is not used; none where it cannot even be run.
    fn of(program: PathBuf) -> Option<Result<Self, String>> {
        let output = Command::new(&program).arg("--version").output().ok()?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        // `wasm-opt version 108`, with more behind it in some builds.
        let version = said
            .split_whitespace()
            .nth(2)
            .and_then(|version| version.parse::<u32>().ok());
        Some(match version {
            Some(version) if version >= OLDEST_OPTIMISER => Ok(Self {
                program,
                said: format!("wasm-opt {version}"),
            }),
            _ => Err(format!(
                "`{said}` is not used: it must be {OLDEST_OPTIMISER} or newer, as `npm install binaryen` gets it"
            )),
        })
    }

    /// Makes a smaller module at `to`, with its names.
    pub(crate) fn run(&self, module: &Path, to: &Path) -> Result<PathBuf, Report> {
        let mut command = Command::new(&self.program);
        command.args(["-Oz", "-g"]);
        command.args(FEATURES.iter().map(|feature| format!("--enable-{feature}")));
        command.arg(module).arg("-o").arg(to);
        let output = command.output();
        let output =
            output.map_err(|error| Report::error(format!("cannot run `wasm-opt`: {error}")))?;
        if output.status.success() {
            return Ok(to.to_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(
            Report::error(format!("`{}` failed: {}", self.said, said.trim()))
                .help("take it out of the path; the module is a little larger without"),
        )
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A program that says this of its version and does nothing else, successfully.
    fn optimiser(folder: &Path, version: &str) -> PathBuf {
        let path = folder.join("wasm-opt");
        fs::write(
            &path,
            format!("#!/bin/sh\necho 'wasm-opt version {version}'\n"),
        )
        .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o755)))
        .expect("the program can be written");
        path
    }

    #[test]
    fn an_optimiser_that_is_too_old_is_refused_by_its_version() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let found = |version| Optimiser::of(optimiser(folder.path(), version)).expect("it runs");
        let why = found("108").expect_err("it is too old");
        assert!(
            why.contains("`wasm-opt version 108` is not used: it must be 120 or newer"),
            "{why}"
        );
        assert!(why.contains("npm install binaryen"), "{why}");
        assert!(found("of my own").is_err());
        assert_eq!(
            found("132 (version_132)").map(|optimiser| optimiser.said),
            Ok("wasm-opt 132".to_owned())
        );
    }
}
