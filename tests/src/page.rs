//! The npm package of a spec, in Node and in a browser: cases that hold for a page as for a binary, and the package's own tests.
//!
//! The boundary: `wasm/command.mjs` is the program that runs a case, `browser/` has what is tested in a page. Where nothing can be
//! built or tried, nothing is tested; the test command says so.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::runner::{Program, copy, engines, judge_all, specs};

/// A folder beside `specs/`.
fn beside(name: &str) -> PathBuf {
    specs().with_file_name(name)
}

/// The package of a spec on an engine, where there is what it takes.
fn package(spec: &Path, engine: &str, set: &[&str]) -> Option<PathBuf> {
    if let Some(why) = xtask::drive::cannot_package(engine) {
        eprintln!("skipped on {engine}: {why}");
        return None;
    }
    let built = xtask::drive::package_for_tests(spec, engine, set);
    Some(built.unwrap_or_else(|error| {
        panic!("{} gives no package on {engine}:\n{error}", spec.display())
    }))
}

/// Calls `test` with each engine and its package of a spec below `tests/`.
fn with_packages(spec: &str, mut test: impl FnMut(&'static str, &Path)) {
    for engine in engines() {
        if let Some(package) = package(&beside(spec), engine, &[]) {
            test(engine, &package);
        }
    }
}

/// Asks these cases of the package of a spec below `tests/`, on every engine.
pub fn run_page_cases(spec: &str, has_app: bool, cases: &[&str]) {
    let mut failures = Vec::new();
    with_packages(spec, |engine, package| {
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

/// Runs a file of tests of the package's interface on every engine.
pub fn run_page_tests(spec: &str, file: &str) {
    with_packages(spec, |engine, package| {
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

/// Runs a file of tests in a real browser with the package of a spec, on every engine.
pub fn run_browser_tests(spec: &str, file: &str) {
    if !has_no_browser() {
        with_packages(spec, |engine, package| {
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
