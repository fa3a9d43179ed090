//! The tests of the workspace: which runs of cargo they take, and what came out of them.
//!
//! The boundary: packages and features. What a test does is its own; what libtest prints is passed on as it comes, and counted.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use runtime_core::engine::capabilities::{ENGINES, EngineInfo};

use crate::diagnostics::Report;
use crate::drive::toolchain::{Toolchain, cargo_command, nightly};

/// Packages that are tested by one run of cargo.
#[derive(Debug)]
pub(crate) struct Suite {
    /// What it is called.
    pub(crate) name: String,
    /// What is tested.
    pub(crate) about: &'static str,
    /// The folder of its workspace, from that of the repository.
    folder: &'static str,
    args: Vec<String>,
    /// Whether it runs under AddressSanitizer.
    sanitized: bool,
}

/// Every suite: one for each engine, since a runtime has one and features are shared within a run; one for the xtask, which is
/// compiled without any; and what is fuzzed, a workspace of its own, in the same parts.
pub(crate) fn suites() -> Vec<Suite> {
    let mut suites: Vec<Suite> = available().map(Suite::on_engine).collect();
    suites.push(Suite {
        name: "xtask".to_owned(),
        about: "the way from a spec to `dist/`, and on each engine the runtimes that come out of it",
        folder: ".",
        args: words(&["-p", "xtask", "-p", "tailor-tests"]),
        sanitized: false,
    });
    suites.push(Suite::fuzzed("spec", "specs that nobody would write"));
    suites.extend(available().map(|engine| {
        let about = "paths, hosts, imports and scripts that nobody would write";
        Suite::fuzzed(engine.cargo_feature, about)
    }));
    suites
}

/// The suites of the engines that are not written in Rust, under AddressSanitizer: the engine's laws, and all that stands on them.
pub(crate) fn sanitized() -> Vec<Suite> {
    let foreign = available().filter(|engine| engine.c_code.is_some());
    foreign
        .map(|engine| Suite {
            about: "the core and the standard modules under AddressSanitizer, leaks included",
            sanitized: true,
            ..Suite::on_engine(engine)
        })
        .collect()
}

fn available() -> impl Iterator<Item = &'static EngineInfo> {
    ENGINES.iter().filter(|engine| engine.not_yet.is_none())
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// How many tests there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
    /// Those whose name did not match.
    pub(crate) filtered_out: u64,
}

/// What came out of a suite.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// What was counted.
    pub(crate) tally: Tally,
    /// Whether cargo was content: everything compiled and passed.
    pub(crate) is_success: bool,
}

impl Suite {
    /// What stands on an engine. The macros know none, so they are tested once, with the default.
    fn on_engine(engine: &'static EngineInfo) -> Self {
        let mut args = words(&[
            "-p",
            "runtime-core",
            "-p",
            "runtime-std",
            "-p",
            "runtime-android",
        ]);
        if engine.kind == ENGINES[0].kind {
            args.extend(words(&["-p", "runtime-macros"]));
        }
        let feature = engine.cargo_feature;
        args.push("--no-default-features".to_owned());
        args.push(format!(
            "--features=runtime-std/{feature},runtime-std/all,runtime-android/console"
        ));
        Self {
            name: engine.kind.to_owned(),
            folder: ".",
            about: "the core on this engine, the standard modules and what crosses to Java; with the default engine, the macros as well",
            args,
            sanitized: false,
        }
    }

    /// What is fuzzed with a feature of its workspace.
    fn fuzzed(feature: &str, about: &'static str) -> Self {
        Self {
            name: format!("fuzz-{feature}"),
            about,
            folder: "fuzz",
            args: words(&["--features", feature, "--tests"]),
            sanitized: false,
        }
    }

    /// Compiles and runs the tests whose names contain `filter`; `rest` is for each test binary.
    pub(crate) fn run(
        &self,
        workspace: &Path,
        filter: Option<&str>,
        rest: &[String],
        out: &mut impl Write,
    ) -> Result<Outcome, Report> {
        let failed = |error| Report::error(format!("cannot run `cargo test`: {error}"));
        let mut command = match self.sanitized {
            true => sanitizing()?,
            false => cargo_command(),
        };
        command.current_dir(workspace.join(self.folder)).arg("test");
        if self.sanitized {
            // Documentation is not linked with the sanitizer's runtime; and a target of its own keeps build scripts out of it.
            let host = Toolchain::find()?.host;
            command.args(["--lib", "--tests", "--target", &host]);
        }
        command.arg("--no-fail-fast");
        command.args(&self.args).args(filter).arg("--").args(rest);
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
        let tally = match child.stdout.take() {
            Some(said) => pass_on(said, out).map_err(failed)?,
            None => Tally::default(),
        };
        let is_success = child.wait().map_err(failed)?.success();
        Ok(Outcome { tally, is_success })
    }
}

/// Why nothing can be tested under AddressSanitizer here, if so.
pub(crate) fn cannot_sanitize() -> Option<String> {
    if !cfg!(target_os = "linux") {
        return Some("it is tried on Linux alone".to_owned());
    }
    let answer = nightly(&["rustc", "--version"]).output();
    match answer {
        Ok(output) if output.status.success() => None,
        _ => Some(
            "there is no nightly toolchain; `rustup toolchain install nightly` gets it".to_owned(),
        ),
    }
}

/// A run of nightly's cargo that compiles Rust, and C with it, for AddressSanitizer: the sanitizers are not stable.
fn sanitizing() -> Result<Command, Report> {
    if let Some(why) = cannot_sanitize() {
        return Err(Report::error(format!(
            "nothing can be tested under AddressSanitizer: {why}"
        )));
    }
    let mut command = nightly(&["cargo"]);
    command
        .env_remove("RUSTC")
        .env("RUSTFLAGS", "-Zsanitizer=address");
    Ok(command)
}

/// Passes on what the tests print, line by line, and counts.
fn pass_on(said: impl Read, out: &mut impl Write) -> std::io::Result<Tally> {
    let mut said = BufReader::new(said);
    let mut tally = Tally::default();
    let mut line = Vec::new();
    while said.read_until(b'\n', &mut line)? > 0 {
        // A reader that has left does not stop the tests: their status is still wanted.
        let _ = out.write_all(&line).and_then(|()| out.flush());
        tally.count(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(tally)
}

impl Tally {
    /// Adds what libtest says at the end: `test result: ok. 1 passed; 0 failed; …`.
    fn count(&mut self, line: &str) {
        let Some(counts) = line.strip_prefix("test result: ") else {
            return;
        };
        for part in counts.split([';', '.']) {
            let mut words = part.split_whitespace();
            let (Some(number), Some(name)) = (words.next(), words.next()) else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match name {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                "filtered" => self.filtered_out += number,
                _ => {}
            }
        }
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            ignored: self.ignored + other.ignored,
            filtered_out: self.filtered_out + other.filtered_out,
        }
    }
}

/// What was not run, and why, a line each.
pub(crate) fn skipped(tally: Tally, filter: Option<&str>) -> Vec<String> {
    let mut skipped: Vec<String> = ENGINES
        .iter()
        .filter_map(|engine| {
            let why = engine.not_yet?;
            Some(format!("everything on the engine `{}`: {why}", engine.kind))
        })
        .collect();
    if let Some(filter) = filter
        && tally.filtered_out > 0
    {
        let tests = tally.filtered_out;
        skipped.push(format!(
            "{tests} tests whose names do not contain `{filter}`"
        ));
    }
    if tally.ignored > 0 {
        let tests = tally.ignored;
        skipped.push(format!(
            "{tests} that are marked as ignored, such as examples in documentation"
        ));
    }
    skipped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libtest_prints_is_passed_on_and_counted() {
        let said = "running 3 tests\ntest a ... ok\n\n\
            test result: FAILED. 2 passed; 1 failed; 4 ignored; 0 measured; 5 filtered out; finished in 0.01s\n\
            test result: ok. 10 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.25s\n\
            a test that prints: test result: ok. 7 passed";
        let mut out = Vec::new();
        let tally = pass_on(said.as_bytes(), &mut out).expect("a slice can be read");
        assert_eq!(String::from_utf8_lossy(&out), said);
        let expect = Tally {
            passed: 12,
            failed: 1,
            ignored: 4,
            filtered_out: 5,
        };
        assert_eq!(tally, expect);
    }

    #[test]
    fn what_was_not_run_is_said() {
        let all = skipped(Tally::default(), None);
        let later = ENGINES.iter().filter(|engine| engine.not_yet.is_some());
        assert_eq!(all.len(), later.count());
        let tally = Tally {
            ignored: 1,
            filtered_out: 2,
            ..Tally::default()
        };
        let some = skipped(tally, Some("fs"));
        assert_eq!(some.len(), all.len() + 2, "{some:?}");
        assert!(
            some.contains(&"2 tests whose names do not contain `fs`".to_owned()),
            "{some:?}"
        );
    }
}
