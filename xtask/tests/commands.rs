//! The commands as a person runs them: what they print, where, and with which status.

use std::path::Path;
use std::process::{Command, Output};

use runtime_core::engine::capabilities::ENGINES;
use xtask::spec::presets::PRESETS;

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
fn new_takes_a_preset_and_an_engine() {
    let temp = temp();
    let engine = ENGINES[ENGINES.len() - 1].kind;
    for preset in PRESETS {
        let name = preset.name;
        let options = ["new", name, "--preset", name, "--engine", engine];
        check(&options, temp.path(), 0, "runtime.toml", "");
        let folder = temp.path().join(name);
        let output = xtask(&["check"], &folder);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        let plan = xtask(&["plan", "--json"], &folder);
        let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).expect("JSON");
        assert_eq!(plan["preset"]["value"], name);
        assert_eq!(plan["engine"]["kind"], engine);
        let modules = plan["modules"].as_array().expect("a list");
        let has = |name: &str| modules.iter().any(|module| module["name"] == name);
        assert!(has("console") && has("greet"), "{plan}");
        assert_eq!(has("timers"), name != "minimal", "{plan}");
        assert_eq!(has("fs"), name == "all", "{plan}");
        assert!(!has("dom"), "{plan}");
        let script = std::fs::read_to_string(folder.join("main.js")).expect("it is there");
        assert_eq!(script.contains("setTimeout"), has("timers"), "{script}");
    }
    let wrong = |options: &[&str], err: &str| check(options, temp.path(), 1, "", err);
    wrong(&["new", "x", "--preset", "wbe"], "unknown preset `wbe`");
    wrong(&["new", "x", "--preset", "wbe"], "did you mean `web`?");
    let near = format!("did you mean `{engine}`?");
    wrong(&["new", "x", "--engine", &format!("{engine}x")], &near);
    assert!(!temp.path().join("x").exists());
}

#[test]
fn presets_are_listed_and_explained() {
    let temp = temp();
    check(&["list-modules"], temp.path(), 0, "minimal, web, all", "");
    check(
        &["explain", "minimal"],
        temp.path(),
        0,
        "modules     console, where the target supports them",
        "",
    );
    check(
        &["explain", "web"],
        temp.path(),
        0,
        "modules.preset = \"web\"",
        "",
    );
    check(&["explain", "timers"], temp.path(), 0, "web, all", "");
    check(
        &["explain", "modules.preset"],
        temp.path(),
        0,
        "and nothing else: console\n",
        "",
    );
}

#[test]
fn new_writes_what_an_editor_needs() {
    let temp = temp();
    check(
        &["new", "my js", "--name", "my-js"],
        temp.path(),
        0,
        "/my js/runtime.toml'",
        "",
    );
    let folder = temp.path().join("my js");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("it is there");
    let config: serde_json::Value = serde_json::from_str(&read("jsconfig.json")).expect("JSON");
    assert_eq!(
        config["compilerOptions"]["lib"],
        serde_json::json!(["ES2023"])
    );
    assert!(folder.join("runtime.d.ts").is_file());
    // Cargo is what rust-analyzer asks.
    let described = Command::new("cargo")
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(folder.join("native"))
        .output()
        .expect("cargo can be run");
    let described: serde_json::Value =
        serde_json::from_slice(&described.stdout).expect("cargo understands the manifest");
    let krate = &described["packages"][0];
    let path = krate["dependencies"][0]["path"].as_str().expect("a path");
    assert!(Path::new(path).join("src/lib.rs").is_file(), "{krate}");
    assert!(read("native/lib.rs").contains("pub mod greet;"));
}

/// The features that a crate's default brings, in its own manifest.
fn default_features(krate: &str) -> Vec<String> {
    let path = xtask::pipeline::workspace().join(krate).join("Cargo.toml");
    let manifest = std::fs::read_to_string(path).expect("there is a manifest");
    let manifest: toml::Table = manifest.parse().expect("it is TOML");
    let mut found = vec!["default".to_owned()];
    let mut at = 0;
    while at < found.len() {
        let more = manifest["features"]
            .get(&found[at])
            .and_then(toml::Value::as_array);
        let more = more.into_iter().flatten().filter_map(toml::Value::as_str);
        let more: Vec<String> = more.map(str::to_owned).collect();
        found.extend(more);
        at += 1;
    }
    found
}

#[test]
fn a_program_that_embeds_a_runtime_compiles_the_engine_that_it_chooses_alone() {
    for krate in ["runtime-core", "runtime-std/fs"] {
        let features = default_features(krate);
        assert!(features.len() > 1, "{krate} has defaults");
        for engine in runtime_core::engine::capabilities::ENGINES {
            let name = engine.cargo_feature;
            let is_it =
                |feature: &String| feature == name || feature.ends_with(&format!("/{name}"));
            assert!(!features.iter().any(is_it), "{krate}: {features:?}");
        }
    }
}

#[test]
fn explain_without_a_name_lists_the_topics() {
    let temp = temp();
    for topic in ["build", "timers", "js_class", "ERR_NOT_ALLOWED"] {
        check(&["explain"], temp.path(), 0, topic, "");
        check(&["explain", topic], temp.path(), 0, topic, "");
    }
    check(
        &["explain", "js_clas"],
        temp.path(),
        1,
        "",
        "did you mean `js_class`?",
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
        "`My JS` is not a valid crate name",
    );
    check(
        &["new", "Größe  App"],
        temp.path(),
        1,
        "",
        ": `groesse-app`",
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
