//! The lock file of a generated crate: the workspace's own, so that what was tested is what is built, and for the crates of a user's
//! that bring others along the file beside the spec, which is committed: `runtime.lock` for `runtime.toml`.
//!
//! The boundary: which versions there are. That file has only the packages that the workspace's lock file lacks, so the versions of
//! all others change with Tailor, and it is the same for every target. Without such packages there is none.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use serde::Deserialize;
use toml_writer::ToTomlValue as _;

use super::digest::sha256;
use super::progress::Progress;
use super::said::read_stderr;
use crate::diagnostics::Report;
use crate::files::{failed, replace};
use crate::machine::toolchain::cargo;

/// What is written above the packages beside a spec.
const HEADER: &str = "# Written by `cargo xtask`: the versions of the crates that the modules of this runtime bring along. Commit it.\n\
    # Without it, the next build chooses the newest ones.\n";

/// The part of a lock file that matters.
#[derive(Debug, Default, Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Clone, Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

/// The lock files of one generated crate.
#[derive(Debug)]
pub(crate) struct Pins<'a> {
    /// The folder of the generated crate.
    pub(crate) krate: &'a Path,
    /// The folder of Tailor's workspace.
    pub(crate) workspace: &'a Path,
    /// The lock file beside the spec, which may not be there.
    pub(crate) committed: PathBuf,
    /// Where to remember what the crate's lock file was made of last.
    pub(crate) memory: PathBuf,
    /// Whether the crate may depend on what the workspace does not.
    pub(crate) adds_crates: bool,
}

/// The lock file beside a spec.
pub(crate) fn beside(spec: &Path) -> PathBuf {
    spec.with_extension("lock")
}

/// The text that a generated crate's lock file begins with: the workspace's, and what stands beside the spec.
pub(crate) fn pinned(workspace: &Path, spec: &Path) -> Result<String, Report> {
    let workspace = read(&workspace.join("Cargo.lock"))?;
    merged(&workspace, &committed(&beside(spec))?, &beside(spec))
}

impl Pins<'_> {
    /// Makes the crate's lock file anew where what it is made of has changed, and writes down beside the spec what was chosen. With
    /// `locked`, an error names what would have to be chosen.
    pub(crate) fn prepare(&self, locked: bool) -> Result<(), Report> {
        self.prepare_by(locked, || fit(self.krate, self.workspace))
    }

    /// The same with what lets cargo fit the crate's lock file.
    fn prepare_by(
        &self,
        locked: bool,
        fit: impl FnOnce() -> Result<(), Report>,
    ) -> Result<(), Report> {
        let workspace = read(&self.workspace.join("Cargo.lock"))?;
        let committed = committed(&self.committed)?;
        let pins = merged(&workspace, &committed, &self.committed)?;
        let digest = self.made_of(&pins);
        let path = self.krate.join("Cargo.lock");
        let is_current = fs::read_to_string(&self.memory).is_ok_and(|memory| memory == digest);
        if !is_current || !path.exists() {
            replace("the lock file", &path, pins.as_bytes())?;
            replace(
                "a note about the lock file",
                &self.memory,
                digest.as_bytes(),
            )?;
        }
        if !self.adds_crates && !locked {
            return Ok(());
        }
        fit()?;
        let added = additions(&parse(&read(&path)?, &path)?, &workspace);
        if locked {
            return self.require_pinned(&added, &committed);
        }
        if added.is_empty() {
            return Ok(());
        }
        let text = format!("{HEADER}\n{}", render(&added));
        if replace(
            "the lock file of the spec",
            &self.committed,
            text.as_bytes(),
        )? {
            // The next build finds in the crate's lock file what it would make of this one.
            let pins = merged(&workspace, &text, &self.committed)?;
            let digest = self.made_of(&pins);
            replace(
                "a note about the lock file",
                &self.memory,
                digest.as_bytes(),
            )?;
        }
        Ok(())
    }

    /// What the crate's lock file is made of. Its manifest belongs to that: cargo drops from the file what
    /// the crate does not need, so another engine or module would find its version gone.
    fn made_of(&self, pins: &str) -> String {
        let manifest = fs::read_to_string(self.krate.join("Cargo.toml")).unwrap_or_default();
        sha256(format!("{pins}\n{manifest}").as_bytes())
    }

    /// An error for packages that the lock file beside the spec does not name.
    fn require_pinned(&self, added: &[Package], committed: &str) -> Result<(), Report> {
        let known = parse(committed, &self.committed)?;
        let known: BTreeSet<_> = known.iter().map(Package::key).collect();
        let new: Vec<String> = added
            .iter()
            .filter(|package| !known.contains(&package.key()))
            .map(|package| format!("{} {}", package.name, package.version))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        // What cargo has just chosen is no choice of anybody's: the next build makes the crate's lock file anew.
        fs::remove_file(&self.memory).map_err(|error| failed("remove", &self.memory, &error))?;
        let file = self.committed.display();
        Err(Report::error(format!(
            "`--locked`, but `{file}` does not name {}",
            crate::diagnostics::list(&new)
        ))
        .help("build once without `--locked`, and commit the file: it names the versions that were chosen"))
    }
}

/// Lets cargo fit the lock file of a crate to its manifests. What they need and the file has stays as it is.
pub(crate) fn fit(krate: &Path, workspace: &Path) -> Result<(), Report> {
    let failed = |error: io::Error| {
        Report::error(format!("cannot run `{}`: {error}", cargo().display()))
            .help("install Rust with rustup, then run `cargo xtask doctor`")
    };
    let mut child = Command::new(cargo())
        .args(["metadata", "--format-version", "1", "--manifest-path"])
        .arg(krate.join("Cargo.toml"))
        // For the toolchain file of the workspace.
        .current_dir(workspace)
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "120")
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_QUIET", "false")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let progress = Mutex::new(Progress::start("resolving the dependencies"));
    let said = std::thread::scope(|scope| {
        let reading = scope.spawn(|| err.map(|err| read_stderr(err, &progress)));
        // The description of all packages: of no interest here, but cargo waits until it is read.
        let read = out.map_or(Ok(0), |mut out| io::copy(&mut out, &mut io::sink()));
        let said = reading.join().ok().flatten().unwrap_or_default();
        read.map(|_| said)
    });
    let said = said.map_err(failed)?;
    if child.wait().map_err(failed)?.success() {
        return Ok(());
    }
    Err(Report::error(format!(
        "cargo could not resolve the dependencies:\n{}",
        said.trim()
    )))
}

fn read(path: &Path) -> Result<String, Report> {
    fs::read_to_string(path).map_err(|error| failed("read the lock file", path, &error))
}

/// The text beside the spec; empty where there is none.
fn committed(path: &Path) -> Result<String, Report> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|error| failed("read the lock file", path, &error)),
    }
}

/// The packages of a lock file, each dependency with its version and source, so that it means the same among other packages.
fn parse(text: &str, path: &Path) -> Result<Vec<Package>, Report> {
    let lock: Lock = toml::from_str(text).map_err(|error| {
        Report::error(format!(
            "cannot read the lock file `{}`: {}",
            path.display(),
            error.message()
        ))
        .help("take it from your version control, or remove it to choose the versions anew")
    })?;
    let packages = lock.package;
    let spelled = |said: &String| {
        let meant = packages.iter().find(|package| package.is_meant_by(said));
        meant.map_or_else(|| said.clone(), Package::spelled)
    };
    let spell = |package: &Package| Package {
        dependencies: package.dependencies.iter().map(spelled).collect(),
        ..package.clone()
    };
    Ok(packages.iter().map(spell).collect())
}

/// The workspace's packages and those beside the spec.
fn merged(workspace: &str, committed: &str, path: &Path) -> Result<String, Report> {
    let added = parse(committed, path)?;
    if added.is_empty() {
        return Ok(workspace.to_owned());
    }
    let mut packages = parse(workspace, Path::new("Cargo.lock"))?;
    let known: BTreeSet<_> = packages.iter().map(Package::key).collect();
    let new: Vec<Package> = added
        .into_iter()
        .filter(|package| !known.contains(&package.key()))
        .collect();
    packages.extend(new);
    packages.sort_by_key(Package::key);
    Ok(format!("version = 4\n\n{}", render(&packages)))
}

/// The packages from elsewhere that the workspace's lock file does not name.
fn additions(packages: &[Package], workspace: &str) -> Vec<Package> {
    let known = toml::from_str::<Lock>(workspace).unwrap_or_default();
    let known: BTreeSet<_> = known.package.iter().map(Package::key).collect();
    let foreign = packages.iter().filter(|package| package.source.is_some());
    foreign
        .filter(|package| !known.contains(&package.key()))
        .cloned()
        .collect()
}

fn render(packages: &[Package]) -> String {
    let texts: Vec<String> = packages.iter().map(Package::render).collect();
    texts.join("\n")
}

impl Package {
    fn key(&self) -> (String, String, Option<String>) {
        (self.name.clone(), self.version.clone(), self.source.clone())
    }

    /// `name version (source)`.
    fn spelled(&self) -> String {
        match &self.source {
            Some(source) => format!("{} {} ({source})", self.name, self.version),
            None => format!("{} {}", self.name, self.version),
        }
    }

    /// Whether a dependency in the same file means this: cargo leaves away the version or the source where the rest says enough.
    fn is_meant_by(&self, said: &str) -> bool {
        let mut parts = said.splitn(3, ' ');
        let is_name = parts.next() == Some(&self.name);
        let is_version = parts.next().is_none_or(|version| version == self.version);
        let is_source = parts.next().is_none_or(|source| {
            let source = source.trim_start_matches('(').trim_end_matches(')');
            self.source.as_deref() == Some(source)
        });
        is_name && is_version && is_source
    }

    fn render(&self) -> String {
        let mut text = "[[package]]\n".to_owned();
        let fields = [
            ("name", Some(&self.name)),
            ("version", Some(&self.version)),
            ("source", self.source.as_ref()),
            ("checksum", self.checksum.as_ref()),
        ];
        for (key, value) in fields {
            if let Some(value) = value {
                text.push_str(&format!("{key} = {}\n", quoted(value)));
            }
        }
        if !self.dependencies.is_empty() {
            let lines = self.dependencies.iter();
            let lines: String = lines.map(|said| format!(" {},\n", quoted(said))).collect();
            text.push_str(&format!("dependencies = [\n{lines}]\n"));
        }
        text
    }
}

fn quoted(text: &str) -> String {
    toml_writer::TomlStringBuilder::new(text)
        .as_default()
        .to_toml_value()
}

#[cfg(test)]
#[path = "lock/tests.rs"]
mod tests;
