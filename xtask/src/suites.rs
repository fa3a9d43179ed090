//! The tests of the workspace: which runs of cargo they take, and what came out of them.
//!
//! The boundary: packages and features. What a test does is its own; what libtest prints is passed on as it comes, and counted.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use runtime_core::engine::capabilities::{ENGINES, EngineInfo};

use crate::diagnostics::Report;
use crate::machine::target_dir;
use crate::machine::toolchain::{Toolchain, cargo_command, nightly};
use crate::times::{self, BinaryTime};

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
        about: "the way from a spec to `dist/`, and on each engine the runtimes that come out of it; the macros",
        folder: ".",
        args: words(&["-p", "runtime-macros", "-p", "xtask", "-p", "tailor-tests"]),
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
    /// How long compiling took.
    pub(crate) compiling: Duration,
    /// Each test binary, and how long its tests took.
    pub(crate) binaries: Vec<BinaryTime>,
}

impl Suite {
    /// What stands on an engine.
    fn on_engine(engine: &'static EngineInfo) -> Self {
        // A pattern of cargo's finds the crates of the modules.
        let packages = [
            "runtime-core",
            "runtime-laws",
            "module-*",
            "tailor-docs",
            "runtime-android",
        ];
        let mut args: Vec<String> = packages
            .into_iter()
            .flat_map(|package| ["-p".to_owned(), package.to_owned()])
            .collect();
        let feature = engine.cargo_feature;
        args.push("--no-default-features".to_owned());
        args.push(format!(
            "--features=runtime-core/{feature},runtime-android/console"
        ));
        Self {
            name: engine.kind.to_owned(),
            folder: ".",
            about: "the core on this engine, the standard modules and what crosses to Java; on one, what the macros refuse",
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

    /// Compiles and runs the tests whose names contain `filter`; `rest` is for each test binary, and
    /// `times` is the file where builds of runtimes are noted.
    pub(crate) fn run(
        &self,
        workspace: &Path,
        filter: Option<&str>,
        rest: &[String],
        times: &Path,
        out: &mut impl Write,
    ) -> Result<Outcome, Report> {
        let failed = |error| Report::error(format!("cannot run `cargo test`: {error}"));
        let mut command = match self.sanitized {
            true => sanitizing()?,
            false => cargo_command(),
        };
        command.current_dir(workspace.join(self.folder)).arg("test");
        // A workspace of its own takes what this one has compiled already.
        command.env("CARGO_TARGET_DIR", target_dir(workspace));
        if self.sanitized {
            // Documentation is not linked with the sanitizer's runtime; and a target of its own keeps build scripts out of it.
            let host = Toolchain::find()?.host;
            command.args(["--lib", "--tests", "--target", &host]);
        }
        command.arg("--no-fail-fast");
        command.args(&self.args).args(filter).arg("--");
        if self.sanitized {
            command.args(NOT_SANITIZED.iter().flat_map(|name| ["--skip", name]));
        }
        command.args(rest);
        let (name, file) = times::variable(times);
        command.env(name, file);
        let started = Instant::now();
        let pipes = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().map_err(failed)?;
        let (said, notes) = (child.stdout.take(), child.stderr.take());
        let (tally, steps) = std::thread::scope(|scope| {
            let steps = scope.spawn(|| notes.map(follow).unwrap_or_default());
            let tally = said.map_or(Ok(Tally::default()), |said| pass_on(said, out));
            (tally, steps.join().unwrap_or_default())
        });
        let is_success = child.wait().map_err(failed)?.success();
        let ended = Instant::now();
        let ends = steps.iter().skip(1).map(|(at, _)| *at).chain([ended]);
        let first = steps.first().map_or(ended, |(at, _)| *at);
        Ok(Outcome {
            tally: tally.map_err(failed)?,
            is_success,
            compiling: first - started,
            binaries: steps
                .iter()
                .zip(ends)
                .map(|((at, what), end)| BinaryTime {
                    what: format!("{}: {what}", self.name),
                    took: end - *at,
                })
                .collect(),
        })
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

/// Tests that say nothing under AddressSanitizer, by parts of their names.
const NOT_SANITIZED: &[&str] = &[
    // How much stack a level takes, which the sanitizer multiplies.
    "what_nests_deeply_is_refused_and_what_real_data_nests_is_not",
    // A text of a gigabyte, which the sanitizer copies each time that it grows.
    "a_text_that_would_be_too_long_is_an_error",
    // What rustc says of code that is refused.
    "what_cannot_be_meant_is_refused_with_what_would_be_right",
];

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
        .env("RUSTFLAGS", "-Zsanitizer=address")
        // Frames as small as elsewhere, and tests that take a third of the time.
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
        // A thread has room for frames that are several times as large.
        .env("RUST_MIN_STACK", "16777216")
        // Locals would lie on the heap otherwise, and how deep the stack is could not be measured.
        .env("ASAN_OPTIONS", "detect_stack_use_after_return=0");
    Ok(command)
}

/// Passes on what cargo says on standard error, and gives when it began to run each test binary.
fn follow(notes: impl Read) -> Vec<(Instant, String)> {
    let mut notes = BufReader::new(notes);
    let mut steps = Vec::new();
    let mut line = Vec::new();
    while notes
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        let at = Instant::now();
        // A reader that has left does not stop the tests.
        let _ = std::io::stderr().write_all(&line);
        steps.extend(step(&String::from_utf8_lossy(&line)).map(|what| (at, what)));
        line.clear();
    }
    steps
}

/// The test binary that a line of cargo's announces: `Running tests/x.rs (…)`, `Doc-tests x`.
fn step(line: &str) -> Option<String> {
    let text = line.trim();
    if let Some(binary) = text.strip_prefix("Running ") {
        return binary.split_once(" (").map(|(_, path)| {
            let file = path.trim_end_matches(')').rsplit('/').next();
            let name = file.unwrap_or_default();
            let name = name.rsplit_once('-').map_or(name, |(name, _)| name);
            name.to_owned()
        });
    }
    let docs = text.strip_prefix("Doc-tests ")?;
    Some(format!("documentation of {docs}"))
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
    fn a_test_binary_is_known_by_the_line_that_announces_it() {
        let check =
            |line, expect: Option<&str>| assert_eq!(step(line).as_deref(), expect, "{line}");
        check(
            "     Running unittests src/lib.rs (target/debug/deps/xtask-0123abcd)",
            Some("xtask"),
        );
        check(
            "     Running tests/end_to_end.rs (target/debug/deps/end_to_end-0123abcd)",
            Some("end_to_end"),
        );
        check(
            "   Doc-tests runtime_core",
            Some("documentation of runtime_core"),
        );
        check("   Compiling xtask v0.1.0", None);
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
