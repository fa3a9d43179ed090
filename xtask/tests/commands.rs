//! The commands as a person runs them: what they print, where, and with which status.

use std::path::Path;
use std::process::{Command, Output};

fn xtask(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("the xtask can be run")
}

#[track_caller]
fn check(arguments: &[&str], folder: &Path, status: i32, out: &str, err: &str) {
    let output = xtask(arguments, folder);
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let said = format!("stdout:\n{stdout}\nstderr:\n{stderr}");
    assert_eq!(output.status.code(), Some(status), "{said}");
    assert!(stdout.contains(out), "no `{out}` in {said}");
    assert!(stderr.contains(err), "no `{err}` in {said}");
}

fn temp() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder can be made")
}

#[test]
fn new_writes_a_spec_that_holds_without_a_warning() {
    let temp = temp();
    check(&["new", "my-js"], temp.path(), 0, "native/greet.rs", "");
    let folder = temp.path().join("my-js");
    let output = xtask(&["check"], &folder);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    check(
        &["check"],
        &folder,
        0,
        "runtime.toml holds: my-js 0.1.0",
        "",
    );
    check(
        &["plan", "--spec", "my-js"],
        temp.path(),
        0,
        "runtime:greet from native/greet.rs",
        "",
    );
}

#[test]
fn new_leaves_what_is_there_alone() {
    let temp = temp();
    let path = temp.path().join("mine.txt");
    std::fs::write(&path, "mine").expect("a file can be written");
    check(
        &["new", ".", "--name", "x"],
        temp.path(),
        1,
        "",
        "the folder `.` is not empty",
    );
    check(
        &["new", "mine.txt", "--name", "x"],
        temp.path(),
        1,
        "",
        "`mine.txt` is a file",
    );
    check(
        &["new", "My JS"],
        temp.path(),
        1,
        "",
        "`My JS` is no name of a crate",
    );
    let left: Vec<_> = std::fs::read_dir(temp.path())
        .expect("the folder is there")
        .collect();
    assert_eq!(left.len(), 1);
}

#[test]
fn a_wrong_spec_is_status_1_with_everything_on_stderr() {
    let temp = temp();
    let spec = "[runtime]\nname = \"x\"\n\n[modules]\nconsle = true\n\n[permissions]\nraed = []\n";
    std::fs::write(temp.path().join("runtime.toml"), spec).expect("a file can be written");
    for command in ["check", "plan"] {
        check(&[command], temp.path(), 1, "", "did you mean `console`?");
        check(&[command], temp.path(), 1, "", "did you mean `read`?");
    }
    check(&["check", "--json"], temp.path(), 1, "\"line\": 5", "");
}

#[test]
fn an_unknown_target_is_told_what_is_close() {
    let temp = temp();
    check(
        &["plan", "--target", "nativ"],
        temp.path(),
        2,
        "",
        "did you mean `native`?",
    );
}

#[test]
fn a_plan_for_programs_is_json() {
    let output = xtask(
        &["plan", "--json", "--set", "modules.fs=false"],
        &xtask::pipeline::workspace(),
    );
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the plan is JSON");
    assert_eq!(plan["engine"]["kind"], "boa");
    assert!(plan["missing"].to_string().contains("runtime:fs"), "{plan}");
}

#[test]
fn what_is_generated_is_current() {
    check(
        &["codegen", "--check"],
        &xtask::pipeline::workspace(),
        0,
        "current",
        "",
    );
}

#[test]
fn what_only_a_binary_can_do_is_refused_for_a_package() {
    let temp = temp();
    let spec = "[runtime]\nname = \"page\"\n";
    std::fs::write(temp.path().join("runtime.toml"), spec).expect("a file can be written");
    for arguments in [
        &["run", "--target", "wasm"][..],
        &["eject", "out", "--target", "wasm"],
    ] {
        let says = "is for the target `native`, and not for `wasm`";
        check(arguments, temp.path(), 1, "", says);
    }
}
