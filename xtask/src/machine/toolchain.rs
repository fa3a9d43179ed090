//! The programs that a build needs: cargo, rustc, and what takes the symbols out of a binary.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::diagnostics::Report;
use crate::files::failed;

/// The Rust toolchain that builds.
#[derive(Clone, Debug)]
pub(crate) struct Toolchain {
    /// `rustc 1.95.0 (…)`.
    pub(crate) rustc: String,
    /// The release alone: `1.95.0`.
    pub(crate) release: String,
    /// The triple of this machine.
    pub(crate) host: String,
    /// Where the toolchain lies.
    pub(crate) sysroot: PathBuf,
}

impl Toolchain {
    /// Asks rustc what it is.
    pub(crate) fn find() -> Result<Self, Report> {
        let version = ask(&["-vV"])?;
        let field = |name: &str| {
            let value = version.lines().find_map(|line| line.strip_prefix(name));
            value.map(|value| value.trim().to_owned()).ok_or_else(|| {
                Report::error(format!("cannot understand `rustc -vV`: it has no `{name}`"))
            })
        };
        Ok(Self {
            rustc: version.lines().next().unwrap_or_default().to_owned(),
            release: field("release:")?,
            host: field("host:")?,
            sysroot: PathBuf::from(ask(&["--print", "sysroot"])?.trim()),
        })
    }

    /// A triple of the spec as rustc knows it.
    pub(crate) fn triple<'t>(&'t self, said: &'t str) -> &'t str {
        if said == "host" { &self.host } else { said }
    }

    /// Whether the standard library for a triple is installed.
    pub(crate) fn has_target(&self, triple: &str) -> bool {
        let folder = self.sysroot.join("lib/rustlib").join(triple).join("lib");
        fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
    }

    /// An error for a triple that cannot be built for.
    pub(crate) fn require_target(&self, triple: &str) -> Result<(), Report> {
        if self.has_target(triple) {
            return Ok(());
        }
        Err(Report::error(format!(
            "the Rust standard library for `{triple}` is not installed"
        ))
        .help(format!("install it with `rustup target add {triple}`")))
    }

    /// The programs that can take the symbols out, the best first: the toolchain's own knows every format.
    pub(crate) fn strippers(&self) -> Vec<(PathBuf, &'static [&'static str])> {
        let exe = std::env::consts::EXE_SUFFIX;
        let ours = self
            .sysroot
            .join("lib/rustlib")
            .join(&self.host)
            .join(format!("bin/rust-objcopy{exe}"));
        let mut found: Vec<(PathBuf, &'static [&'static str])> = Vec::new();
        if ours.is_file() {
            found.push((ours, &["--strip-all"]));
        }
        if let Some(strip) = in_path(&format!("strip{exe}")) {
            found.push((strip, &["--strip-all", "-o"]));
        }
        found
    }

    /// Writes `binary` without its symbols to `to`. Without a program that can, it is copied as it is: `false`.
    pub(crate) fn strip(&self, binary: &Path, to: &Path) -> Result<bool, Report> {
        for (program, flags) in self.strippers() {
            let mut command = Command::new(&program);
            if program.starts_with(&self.sysroot) {
                // Where its own libraries lie; without it, it runs only below rustup's programs.
                command.env("LD_LIBRARY_PATH", self.sysroot.join("lib"));
            }
            // `strip -o TO FROM` and `objcopy FROM TO`.
            if flags.contains(&"-o") {
                command.args(flags).arg(to).arg(binary);
            } else {
                command.args(flags).arg(binary).arg(to);
            }
            if command.output().is_ok_and(|output| output.status.success()) && to.is_file() {
                return Ok(true);
            }
        }
        fs::copy(binary, to).map_err(|error| failed("write the binary", to, &error))?;
        Ok(false)
    }
}

/// The cargo that runs this xtask, or else the one in the path.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A program of the nightly toolchain. What says which toolchain this process runs on is not passed on.
pub(crate) fn nightly(words: &[&str]) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly"]).args(words);
    let own =
        |name: &OsString| name == "CARGO" || name == "RUSTUP_TOOLCHAIN" || is_of_package(name);
    for (name, _) in std::env::vars_os().filter(|(name, _)| own(name)) {
        command.env_remove(name);
    }
    command
}

/// What the nightly says of its version, when it is there with the source of the standard library; an error says what compiles
/// for `triple` instead.
pub(crate) fn nightly_with_source(triple: &str) -> Result<String, Report> {
    let missing = |what: &str| {
        Report::error(format!("nothing here compiles for `{triple}`: {what}"))
            .help(format!("install the standard library for it with `rustup target add {triple}`"))
            .help("or a nightly with its source: `rustup toolchain install nightly --component rust-src`")
    };
    let ask = |args: &[&str]| {
        let output = nightly(&["rustc"]).args(args).output();
        let output = output.ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let sysroot = ask(&["--print", "sysroot"]).ok_or_else(|| {
        missing("the toolchain has no such standard library, and there is no nightly")
    })?;
    let source = Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock");
    if !source.is_file() {
        return Err(missing("the nightly has no source of the standard library"));
    }
    Ok(ask(&["--version"]).unwrap_or_default())
}

/// A variable that cargo gave to the xtask about its package: it means nothing to what is built.
fn is_of_package(name: &OsStr) -> bool {
    let text = name.to_string_lossy();
    text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_")
}

/// A run of cargo.
pub(crate) fn cargo_command() -> Command {
    let mut command = Command::new(cargo());
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_package(name)) {
        command.env_remove(name);
    }
    command
}

/// Where a program lies.
pub(crate) fn in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// What rustc prints when it is asked this.
fn ask(args: &[&str]) -> Result<String, Report> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(&rustc).args(args).output().map_err(|error| {
        Report::error(format!("cannot run `{}`: {error}", rustc.display()))
            .help("install Rust with rustup, then run `cargo xtask doctor`")
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Report::error(format!(
            "`{} {}` failed: {}",
            rustc.display(),
            args.join(" "),
            said.trim()
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
