//! The npm package of a spec, in Node and in a browser: cases that hold for a page as for a binary, and the package's own tests.
//!
//! The boundary: `wasm/command.mjs` is the program that runs a case, `browser/` has what is tested in a page. Where nothing can be
//! built or tried, nothing is tested; the test command says so.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex, PoisonError};

use runtime_core::engine::capabilities::ENGINES;
use tempfile::TempDir;

use crate::runner::{Program, copy, engines, judge_all, specs};

/// A folder beside `specs/`.
fn beside(name: &str) -> PathBuf {
    specs().with_file_name(name)
}

/// The engines that a package is tested on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// All that can be built.
    EveryEngine,
    /// The one that compiles fastest of those that can be built here: what is tested is the same on each.
    Quickest,
}

impl On {
    fn engines(self) -> Vec<&'static str> {
        match self {
            Self::EveryEngine => engines().collect(),
            Self::Quickest => quickest().into_iter().collect(),
        }
    }
}

/// An engine in C is compiled in seconds, and one in Rust in minutes.
fn quickest() -> Option<&'static str> {
    let mut available: Vec<_> = ENGINES
        .iter()
        .filter(|engine| engine.not_yet.is_none())
        .collect();
    available.sort_by_key(|engine| engine.c_code.is_none());
    let can_be_built = |kind: &&str| xtask::drive::cannot_package(kind).is_none();
    let kinds: Vec<&str> = available.iter().map(|engine| engine.kind).collect();
    let found = kinds.iter().copied().find(can_be_built);
    // Without any, the first one says what is missing.
    found.or(kinds.first().copied())
}

/// The packages that were built, by spec, engine and what else was set.
type Built = HashMap<(PathBuf, String, String), PathBuf>;

static BUILT: LazyLock<Mutex<Built>> = LazyLock::new(Mutex::default);

/// The package of a spec on an engine, where there is what it takes, built at most once in this process.
fn package(spec: &Path, engine: &str, set: &[&str]) -> Option<PathBuf> {
    if let Some(why) = xtask::drive::cannot_package(engine) {
        eprintln!("skipped on {engine}: {why}");
        return None;
    }
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (spec.to_owned(), engine.to_owned(), set.join(" "));
    if let Some(package) = built.get(&key) {
        return Some(package.clone());
    }
    let package = xtask::drive::package_for_tests(spec, engine, set).unwrap_or_else(|error| {
        panic!("{} gives no package on {engine}:\n{error}", spec.display())
    });
    built.insert(key, package.clone());
    Some(package)
}

/// Calls `test` with each of these engines and its package of a spec below `tests/`.
fn with_packages(spec: &str, on: On, mut test: impl FnMut(&'static str, &Path)) {
    for engine in on.engines() {
        if let Some(package) = package(&beside(spec), engine, &[]) {
            test(engine, &package);
        }
    }
}

/// Asks these cases of the package of a spec below `tests/`.
pub fn run_page_cases(spec: &str, on: On, has_app: bool, cases: &[&str]) {
    let mut failures = Vec::new();
    with_packages(spec, on, |engine, package| {
        let program = Program {
            path: PathBuf::from("node"),
            args: vec![beside("wasm").join("command.mjs").into(), package.into()],
            env: has_app.then(|| ("HAS_APP".to_owned(), "1".to_owned())),
        };
        let cases: Vec<PathBuf> = cases.iter().map(|case| specs().join(case)).collect();
        failures.extend(judge_all(&program, engine, &cases));
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Asks these cases of the command for hosts of WASI that a spec of `specs/` gives with these keys, on every engine, in `node:wasi`.
pub fn run_wasi_cases(area: &str, set: &[&str], cases: &[&str]) {
    let spec = specs().join(area).join("runtime.toml");
    let mut failures = Vec::new();
    let set = [
        &["targets.wasm.flavours=[\"wasi\"]", "build.profile=debug"],
        set,
    ]
    .concat();
    for engine in engines() {
        if let Some(why) = xtask::drive::cannot_command(engine) {
            eprintln!("skipped on {engine}: {why}");
            continue;
        }
        let Some(package) = package(&spec, engine, &set) else {
            continue;
        };
        let program = Program {
            path: PathBuf::from("node"),
            args: vec![package.join("wasi/command.js").into()],
            env: None,
        };
        let cases: Vec<PathBuf> = cases.iter().map(|case| specs().join(case)).collect();
        failures.extend(judge_all(&program, engine, &cases));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Runs a file of tests below `tests/` in Node, with a package in an environment variable.
fn run_in_node(file: &str, name: &str, package: &Path, what: &str) {
    let output = Command::new("node")
        .args(["--expose-gc", "--test"])
        .arg(beside(file))
        .env(name, package)
        .output()
        .unwrap_or_else(|error| panic!("cannot run `node`: {error}"));
    assert!(
        output.status.success(),
        "{file} of {what}:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Runs a file of tests of the package's interface.
pub fn run_page_tests(spec: &str, on: On, file: &str) {
    with_packages(spec, on, |engine, package| {
        run_in_node(file, "PACKAGE", package, engine);
    });
}

/// Whether there is no browser to test in; it says so.
fn has_no_browser() -> bool {
    let why = xtask::drive::cannot_browse();
    if let Some(why) = &why {
        eprintln!("skipped: {why}");
    }
    why.is_some()
}

/// Runs a file of tests in a real browser with the package of a spec.
pub fn run_browser_tests(spec: &str, on: On, file: &str) {
    if !has_no_browser() {
        with_packages(spec, on, |engine, package| {
            run_in_node(file, "SERVED", package, engine);
        });
    }
}

/// An example on the engine of its own spec, with the package where its README has it built, in a folder of its own.
fn example(name: &str) -> Option<TempDir> {
    let folder = beside("../examples").join(name);
    let (name, engine) = xtask::drive::name_and_engine(&folder).expect("the example is a spec");
    let package = package(&folder, &engine, &["build.profile=debug"])?;
    let place = tempfile::tempdir().expect("a folder can be made");
    let dist = place.path().join("dist").join(name).join("wasm");
    copy(&folder, place.path())
        .and_then(|()| copy(&package, &dist))
        .expect("the example can be copied");
    Some(place)
}

/// Runs a file of tests in a real browser on an example's page.
pub fn run_example_page(name: &str, file: &str) {
    if !has_no_browser()
        && let Some(place) = example(name)
    {
        run_in_node(file, "SERVED", place.path(), name);
    }
}

/// Runs an example in Node, and gives what it prints.
pub fn run_example(name: &str) -> Option<String> {
    let place = example(name)?;
    let output = Command::new("node")
        .arg("main.js")
        .current_dir(place.path())
        .output()
        .unwrap_or_else(|error| panic!("cannot run `node`: {error}"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert_eq!(said, "");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
