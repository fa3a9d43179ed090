//! Running cargo on a generated crate: its messages are read, its progress and its diagnostics shown.
//!
//! The boundary: one build of one crate for one triple. Which module of the spec an error belongs to is found here, because here
//! the messages pass.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Instant;

use serde::Deserialize;

use super::progress::Progress;
use super::said::{read_stderr, tick};
use crate::diagnostics::Report;
use crate::machine::backend::With;
use crate::machine::toolchain::{cargo, cargo_command};
use crate::native::ident;
use crate::plan::{ModuleOrigin, ModulePlan, Plan};
use crate::spec::{CrateSource, Profile};
use crate::times::{self, BuildTime};

/// One run of `cargo build`.
#[derive(Debug)]
pub(crate) struct Build<'a> {
    /// What is built.
    pub(crate) plan: &'a Plan,
    /// The folder of the generated crate.
    pub(crate) krate: &'a Path,
    /// The profile, which may be another than the plan's.
    pub(crate) profile: Profile,
    /// The triple; `None`: the host's, whose output it shares with the workspace.
    pub(crate) triple: Option<&'a str>,
    /// Another toolchain than the one that runs, and what its cargo is told.
    pub(crate) with: Option<&'a With>,
    /// What is built of the crate, and what rustc is told of that alone.
    pub(crate) last: Option<&'a Last>,
    /// Cargo's folder for its output.
    pub(crate) target_dir: &'a Path,
    /// Whether the lock file must do as it is.
    pub(crate) locked: bool,
}

/// What the generated crate's own rustc is told, and no other's: a dependency may be linked as well.
#[derive(Clone, Debug)]
pub(crate) struct Last {
    /// What is built: `--lib`, or `--bin` and its name.
    pub(crate) target: Vec<String>,
    /// What rustc is told.
    pub(crate) args: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-message")]
    Diagnostic {
        manifest_path: PathBuf,
        message: Rendered,
    },
    #[serde(rename = "compiler-artifact")]
    Artifact {
        manifest_path: PathBuf,
        executable: Option<PathBuf>,
        #[serde(default)]
        filenames: Vec<PathBuf>,
        /// Whether it was compiled by an earlier run.
        #[serde(default)]
        fresh: bool,
    },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Rendered {
    level: String,
    rendered: Option<String>,
    spans: Vec<MessageSpan>,
    #[serde(default)]
    children: Vec<MessageChild>,
}

/// A note or a help below a message.
#[derive(Debug, Deserialize)]
struct MessageChild {
    message: String,
}

#[derive(Debug, Deserialize)]
struct MessageSpan {
    file_name: PathBuf,
    is_primary: bool,
    text: Vec<MessageText>,
}

#[derive(Debug, Deserialize)]
struct MessageText {
    text: String,
}

impl Build<'_> {
    /// Builds, and gives the path of the binary with its symbols.
    pub(crate) fn run(&self) -> Result<PathBuf, Report> {
        let mut child = self.command().spawn().map_err(|error| {
            Report::error(format!("cannot run `{}`: {error}", cargo().display()))
                .help("install Rust with rustup, then run `cargo xtask doctor`")
        })?;
        let progress = Mutex::new(Progress::start(format!("compiling {}", self.plan.name)));
        let started = Instant::now();
        let mut reading = Reading::default();
        let (out, err) = pipes(&mut child);
        let said = std::thread::scope(|scope| {
            let (done, clock) = mpsc::channel::<()>();
            scope.spawn(|| tick(clock, &progress));
            let stderr = scope.spawn(|| read_stderr(err, &progress));
            self.read_stdout(out, &progress, &mut reading);
            drop(done);
            stderr.join().unwrap_or_default()
        });
        let status = child
            .wait()
            .map_err(|error| Report::error(format!("cannot wait for cargo: {error}")))?;
        progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        times::note(&BuildTime {
            what: self.described(),
            took: started.elapsed(),
            compiled: std::mem::take(&mut reading.compiled),
        });
        if !status.success() {
            return Err(self.failure(&reading, &said));
        }
        for warning in &reading.warnings {
            eprintln!("{}\n", warning.trim_end());
        }
        reading.binary.ok_or_else(|| {
            Report::error(format!(
                "tailor's bug: cargo built `{}` and named no binary",
                self.krate.display()
            ))
        })
    }

    /// The runtime, its triple and its profile.
    fn described(&self) -> String {
        format!(
            "{} ({}, {}, {})",
            self.plan.name,
            self.plan.engine.kind,
            self.triple.unwrap_or("host"),
            self.profile.cargo_name()
        )
    }

    fn command(&self) -> Command {
        let mut command = self.with.map_or_else(cargo_command, With::cargo);
        let format = if colours() {
            "json-diagnostic-rendered-ansi"
        } else {
            "json"
        };
        command
            .arg(if self.last.is_some() {
                "rustc"
            } else {
                "build"
            })
            .arg("--manifest-path")
            .arg(self.krate.join("Cargo.toml"));
        command.args([
            "--profile",
            self.profile.cargo_name(),
            "--message-format",
            format,
        ]);
        if let Some(with) = self.with {
            command.args(&with.args).envs(with.env.iter().cloned());
        }
        if let Some(triple) = self.triple {
            command.args(["--target", triple]);
        }
        if self.locked {
            command.arg("--locked");
        }
        if let Some(last) = self.last {
            command.args(&last.target).arg("--").args(&last.args);
        }
        // In the folder of the workspace, so that its `.cargo/config.toml` and toolchain file hold for the crate too.
        command.current_dir(&self.plan.workspace);
        command.env("CARGO_TARGET_DIR", self.target_dir);
        command
            .env("CARGO_TERM_PROGRESS_WHEN", "always")
            .env("CARGO_TERM_PROGRESS_WIDTH", "120");
        command
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_TERM_QUIET", "false");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn read_stdout(&self, out: impl Read, progress: &Mutex<Progress>, reading: &mut Reading) {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let Ok(message) = serde_json::from_str(&line) else {
                continue;
            };
            if let Message::Artifact {
                manifest_path,
                fresh: false,
                ..
            } = &message
            {
                reading.compiled.push(package_of(manifest_path));
            }
            match message {
                Message::Diagnostic {
                    manifest_path,
                    message,
                } => {
                    let is_error = message.level.starts_with("error");
                    let modules = self.modules_of(&manifest_path, &message);
                    // A warning about our own crates is for those who work on them.
                    if !is_error && modules.is_empty() {
                        continue;
                    }
                    if is_error {
                        let lacks = modules.iter().zip(missing_crate(&message));
                        reading.missing.extend(lacks.map(|(at, name)| (*at, name)));
                        reading.modules.extend(modules);
                        reading.is_table_wrong |= points_at(&message, "src/spec.rs");
                    }
                    let Some(text) = message.rendered else {
                        continue;
                    };
                    if is_error {
                        progress
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .say(&text);
                        eprintln!();
                    } else {
                        // What stands in for an item with an error has warnings of its own, which would hide the error.
                        reading.warnings.push(text);
                    }
                }
                Message::Artifact {
                    manifest_path,
                    executable,
                    filenames,
                    ..
                } if manifest_path.parent() == Some(self.krate) => {
                    let is_module = |path: &PathBuf| {
                        path.extension()
                            .is_some_and(|end| end == "wasm" || end == "so")
                    };
                    let module = || filenames.into_iter().find(is_module);
                    reading.binary = executable.or_else(module).or(reading.binary.take());
                }
                Message::Artifact { .. } | Message::Other => {}
            }
        }
    }

    /// The user's modules that a message is about: the crate's own, or those whose file, or whose line in one of the generated
    /// tables, it points at.
    fn modules_of(&self, manifest: &Path, message: &Rendered) -> Vec<usize> {
        let krate = manifest.parent().unwrap_or(manifest);
        let is_generated = krate == self.krate;
        let primary = || message.spans.iter().filter(|span| span.is_primary);
        let in_table = |file: &str, path: String| {
            let mut lines = primary()
                .filter(|span| is_generated && span.file_name.ends_with(file))
                .flat_map(|span| &span.text);
            lines.any(|line| line.text.contains(&path))
        };
        let in_file = |path: &Path| {
            let is_it = |span: &MessageSpan| self.plan.workspace.join(&span.file_name) == path;
            is_generated && primary().any(is_it)
        };
        let is_about = |module: &ModulePlan| match &module.origin {
            ModuleOrigin::Std { .. } => false,
            ModuleOrigin::File { path, .. } => {
                in_file(path) || in_table("src/native.rs", format!("{}::", ident(&module.name)))
            }
            ModuleOrigin::Crate {
                package,
                library,
                source,
                ..
            } => {
                let is_own = match source {
                    CrateSource::Path(path) => krate == path,
                    CrateSource::Version(_) => is_unpacked(krate, package),
                };
                is_own || in_table("src/spec.rs", format!("{library}::MODULE"))
            }
        };
        let modules = self.plan.modules.iter().enumerate();
        modules
            .filter(|(_, module)| is_about(module))
            .map(|(at, _)| at)
            .collect()
    }

    fn failure(&self, reading: &Reading, said: &str) -> Report {
        if !said.is_empty() {
            eprintln!("{}", said.trim_end());
        }
        let names: Vec<String> = reading
            .modules
            .iter()
            .map(|at| {
                let module = &self.plan.modules[*at];
                format!("`{}` ({})", module.name, module.why)
            })
            .collect();
        let report = match names.as_slice() {
            [] => {
                let what = format!("cargo could not build the runtime `{}`", self.plan.name);
                return Report::error(what).help(
                    "what cargo said stands above; `cargo xtask doctor` checks what this machine has",
                );
            }
            [name] => Report::error(format!("the module {name} does not compile")),
            names => Report::error(format!(
                "these modules do not compile: {}",
                names.join(", ")
            )),
        };
        let mut report = report.help("what rustc said stands above");
        if !reading.warnings.is_empty() {
            report = report.help("its warnings are shown when it compiles");
        }
        for (at, name) in &reading.missing {
            report = report.help(self.add_crate(&self.plan.modules[*at], name));
        }
        if reading.is_table_wrong {
            return report.help("in the crate, mark the module at its root that holds the functions with `#[js_module]`");
        }
        report
    }
}

impl Build<'_> {
    /// How a module gets a crate that it names and does not have.
    fn add_crate(&self, module: &ModulePlan, name: &str) -> String {
        let ModuleOrigin::Crate {
            source: CrateSource::Path(folder),
            ..
        } = &module.origin
        else {
            return format!(
                "a native file has `runtime_core` and Rust's standard library: a module that needs `{name}` is a crate, \
                 with a Cargo.toml of its own and in runtime.toml `{} = {{ crate = {{ path = \"…\" }} }}`; \
                 docs/native-modules.md shows one",
                module.name
            );
        };
        let line = match name {
            "runtime_core" => format!(
                "runtime-core = {{ path = \"{}\", default-features = false }}",
                self.plan.workspace.join("runtime-core").display()
            ),
            name => format!("{} = \"…\"", name.replace('_', "-")),
        };
        let manifest = folder.join("Cargo.toml");
        format!("add `{line}` to [dependencies] in `{}`", manifest.display())
    }
}

/// What the messages told.
#[derive(Debug, Default)]
struct Reading {
    binary: Option<PathBuf>,
    /// Warnings about the user's modules, as rustc renders them.
    warnings: Vec<String>,
    /// The modules, as places in the plan, that name a crate which they do not have, and the crate.
    missing: BTreeSet<(usize, String)>,
    /// The modules with errors, as places in the plan.
    modules: BTreeSet<usize>,
    /// Whether the table of all modules names what a crate does not have.
    is_table_wrong: bool,
    /// The packages that this run compiled.
    compiled: Vec<String>,
}

/// The name of a package, by the folder of its manifest: `boa_engine-0.22.0`, `runtime-core`.
fn package_of(manifest: &Path) -> String {
    let folder = manifest.parent().and_then(Path::file_name);
    folder.unwrap_or_default().to_string_lossy().into_owned()
}

/// The crate that an error names and that its package does not depend on: rustc gives the command of cargo's that adds it.
fn missing_crate(message: &Rendered) -> Option<String> {
    let of = |text: &str| {
        let name = text.split_once("`cargo add ")?.1.split_once('`')?.0;
        Some(name.to_owned())
    };
    let mut notes = message.children.iter();
    notes.find_map(|child| of(&child.message))
}

fn points_at(message: &Rendered, file: &str) -> bool {
    let mut primary = message.spans.iter().filter(|span| span.is_primary);
    primary.any(|span| span.file_name.ends_with(file))
}

/// Whether a folder is a package as cargo unpacks it: `sensor-1.2.0`.
fn is_unpacked(folder: &Path, package: &str) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let version = name
        .strip_prefix(package)
        .and_then(|rest| rest.strip_prefix('-'));
    version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
}

fn colours() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

fn pipes(child: &mut Child) -> (impl Read + use<>, impl Read + Send + use<>) {
    let out = child
        .stdout
        .take()
        .expect("the output was piped a moment ago");
    let err = child
        .stderr
        .take()
        .expect("the errors were piped a moment ago");
    (out, err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_known_by_its_folder() {
        let check = |folder: &str, package, expect| {
            assert_eq!(is_unpacked(Path::new(folder), package), expect, "{folder}")
        };
        check("src/sensor-1.2.0-rc.1", "sensor", true);
        check("src/sensor-core-1.2.0", "sensor", false);
        check("src/sensor", "sensor", false);
    }
}
