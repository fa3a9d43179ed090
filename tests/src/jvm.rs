//! The library for Android and its Java API, built for this machine and driven by a Java virtual machine.
//!
//! The boundary: the tests themselves are Java, in `android/java/`. Where nothing compiles or runs Java, nothing is tested; the test
//! command says so.

use std::path::Path;
use std::process::Command;

use crate::runner::{engines, specs};

/// Runs the Java tests on the library of a spec below `tests/`: on every engine with the first of `runs`, the arguments of the Java
/// virtual machine, and on the last engine with each.
pub fn run_java_tests(spec: &str, runs: &[&[&str]]) {
    if let Some(why) = xtask::drive::cannot_run_java() {
        eprintln!("skipped: {why}");
        return;
    }
    let tests = specs().with_file_name("android").join("java");
    let mut failures = Vec::new();
    for engine in engines() {
        let built = xtask::drive::java_for_tests(&specs().with_file_name(spec), engine, &tests);
        let folder =
            built.unwrap_or_else(|error| panic!("{spec} gives no library on {engine}:\n{error}"));
        // The machine's own checks are of our Java and Rust, which know no engine: the last one, which is
        // the fastest, shows what they find.
        let is_last = engines().last() == Some(engine);
        let runs = if is_last { runs } else { &runs[..1] };
        for args in runs {
            let failed = run(&folder, args).err();
            failures.extend(failed.map(|said| format!("on {engine} with {args:?}:\n{said}")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Runs the tests that lie in `folder` with the library; what they say when something fails.
fn run(folder: &Path, args: &[&str]) -> Result<(), String> {
    let files = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut library = std::ffi::OsString::from("-Djava.library.path=");
    library.push(folder);
    // The heap is there from the start and stays as it is, so that a test sees what else grows.
    let heap = ["-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch"];
    let output = Command::new("java")
        .args(heap)
        .args(args)
        .arg(library)
        .arg("-cp")
        .arg(folder.join("classes"))
        .arg("dev.tailor.runtime.Main")
        .arg(files.path())
        .output()
        .map_err(|error| format!("cannot run `java`: {error}"))?;
    let said = [output.stdout, output.stderr].concat();
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "{}\n{}",
            output.status,
            String::from_utf8_lossy(&said)
        )),
    }
}
