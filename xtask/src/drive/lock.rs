//! The lock file of a generated crate: pinned by the workspace's own, so that what was tested is what is built.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::digest::sha256;
use super::files::{failed, replace};
use super::toolchain::cargo;
use crate::diagnostics::Report;

/// The part of a lock file that is read.
#[derive(Debug, Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
}

/// The lock files of one generated crate.
#[derive(Debug)]
pub(crate) struct Pins<'a> {
    /// The folder of the generated crate.
    pub(crate) krate: &'a Path,
    /// The folder of Tailor's workspace.
    pub(crate) workspace: &'a Path,
    /// Where to remember which lock file of the workspace was copied last.
    pub(crate) memory: PathBuf,
}

impl Pins<'_> {
    /// Copies the workspace's lock file where the crate has none, or one of an older workspace. With `locked`, an error names
    /// what would have to be chosen anew.
    pub(crate) fn prepare(&self, locked: bool) -> Result<(), Report> {
        let from = self.workspace.join("Cargo.lock");
        let to = self.krate.join("Cargo.lock");
        let pins = fs::read(&from).map_err(|error| failed("read the lock file", &from, &error))?;
        let digest = sha256(&pins);
        let old = fs::read_to_string(&to).unwrap_or_default();
        if old.is_empty() || fs::read_to_string(&self.memory).ok().as_deref() != Some(&digest) {
            replace("the lock file", &to, &pins)?;
            replace(
                "a note about the lock file",
                &self.memory,
                digest.as_bytes(),
            )?;
        }
        if locked {
            self.require_pinned(&String::from_utf8_lossy(&pins), &old)?;
        }
        Ok(())
    }

    /// Lets cargo fit the lock file to the crate, and refuses what neither the workspace nor the last build had chosen.
    fn require_pinned(&self, workspace: &str, old: &str) -> Result<(), Report> {
        fit(self.krate, self.workspace)?;
        let path = self.krate.join("Cargo.lock");
        let now = fs::read_to_string(&path)
            .map_err(|error| failed("read the lock file", &path, &error))?;
        let new = unpinned(&now, &[workspace, old]);
        if new.is_empty() {
            return Ok(());
        }
        // The next build with `--locked` shall find the same.
        replace("the lock file", &path, old.as_bytes())?;
        Err(Report::error(format!(
            "`--locked`, but no lock file has chosen {}",
            crate::diagnostics::list(&new)
        ))
        .help("build once without `--locked`; the versions that are chosen then stay"))
    }
}

/// Lets cargo fit the lock file of a crate to its manifests. What they need and the file has stays as it is.
pub(crate) fn fit(krate: &Path, workspace: &Path) -> Result<(), Report> {
    let output = Command::new(cargo())
        .args(["metadata", "--format-version", "1", "--manifest-path"])
        .arg(krate.join("Cargo.toml"))
        // For the toolchain file of the workspace.
        .current_dir(workspace)
        .output()
        .map_err(|error| Report::error(format!("cannot run `{}`: {error}", cargo().display())))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Report::error(format!(
        "cargo could not resolve the dependencies:\n{}",
        said.trim()
    )))
}

/// The packages from a registry that a lock file has and the others have not.
fn unpinned(lock: &str, others: &[&str]) -> Vec<String> {
    let known: BTreeSet<String> = others.iter().flat_map(|text| packages(text)).collect();
    packages(lock)
        .into_iter()
        .filter(|package| !known.contains(package))
        .collect()
}

fn packages(lock: &str) -> Vec<String> {
    let lock: Lock = toml::from_str(lock).unwrap_or(Lock {
        package: Vec::new(),
    });
    let foreign = lock
        .package
        .into_iter()
        .filter(|package| package.source.is_some());
    foreign
        .map(|package| format!("{} {}", package.name, package.version))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_lock_file_has_is_found() {
        let package = |name: &str| {
            format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\nsource = \"registry\"\n")
        };
        let own = "[[package]]\nname = \"own\"\nversion = \"0.1.0\"\n";
        let lock = format!("{own}{}{}{}", package("a"), package("b"), package("c"));
        assert_eq!(
            unpinned(&lock, &[&package("a"), &package("c")]),
            ["b 1.0.0"]
        );
        assert_eq!(unpinned(&lock, &[&lock]), Vec::<String>::new());
    }
}
