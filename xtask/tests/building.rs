//! The commands that build, as a person runs them. Every runtime here has the same modules and profile, so that they share what is
//! compiled.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use runtime_core::engine::capabilities::ENGINES;

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .expect("the xtask can be run")
}

fn said(output: &Output) -> String {
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    format!("{}\nstdout:\n{out}\nstderr:\n{err}", output.status)
}

/// A folder with a spec and a native file, as a person would have it.
struct Project {
    folder: PathBuf,
}

/// An empty folder, at the same place in every run of the tests: what is compiled for it takes the place of what was.
fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the folder of the last run can be removed");
    }
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

const GREET: &str = "
use runtime_core::prelude::*;

/// Greets somebody.
#[js_fn]
fn greet(name: String) -> String {
    format!(\"Hello, {name}!\")
}
";

impl Project {
    fn new(name: &str, more: &str, native: &str) -> Self {
        let folder = empty_folder(name);
        let spec = format!(
            "schema = 1\n[runtime]\nname = \"{name}\"\n[modules]\nconsole = true\ngreet = {{ path = \"greet.rs\" }}\n[build]\nprofile = \"debug\"\n{more}"
        );
        fs::write(folder.join("runtime.toml"), spec).expect("a file can be written");
        fs::write(folder.join("greet.rs"), native).expect("a file can be written");
        let script = "import { greet } from 'runtime:greet';\nconsole.log(greet('you'));\n";
        fs::write(folder.join("main.js"), script).expect("a file can be written");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn run(&self, command: &str, more: &[&str]) -> Output {
        let spec = self.path("runtime.toml");
        let mut arguments = vec![command, "--spec", spec.to_str().expect("a path of letters")];
        arguments.extend(more);
        xtask(&arguments)
    }

    /// Whether there is any file in `dist/`; its folders are made before the build, to know that they can be.
    fn has_output(&self) -> bool {
        let dist = self.path("dist");
        dist.exists()
            && walkdir::WalkDir::new(dist)
                .into_iter()
                .any(|entry| !entry.expect("it can be read").file_type().is_dir())
    }

    /// What the build of `name` left in `dist/`.
    fn dist(&self, name: &str) -> PathBuf {
        let native = self.path("dist").join(name).join("native");
        let mut triples = fs::read_dir(&native).expect("there is a dist folder");
        triples
            .next()
            .expect("there is a triple")
            .expect("it can be read")
            .path()
    }
}

/// The target folder that everything shares.
fn target() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let default = workspace
        .expect("the xtask is in the workspace")
        .join("target");
    std::env::var_os("CARGO_TARGET_DIR").map_or(default, PathBuf::from)
}

/// The generated `main.rs` of the runtime of this name, when it is there.
fn crate_of(name: &str) -> Option<PathBuf> {
    let folders = fs::read_dir(target().join("tailor")).ok()?;
    let mut folders = folders.map(|entry| entry.expect("it can be read").path());
    let is_of_name = |folder: &PathBuf| {
        let name_of = folder.file_name().unwrap_or_default().to_string_lossy();
        name_of.rsplit_once('-').is_some_and(|(of, _)| of == name)
    };
    let file = folders.find(is_of_name)?.join("native/src/main.rs");
    file.exists().then_some(file)
}

fn runs(binary: &Path, script: &Path, expect: &str) {
    let output = Command::new(binary)
        .arg(script)
        .output()
        .expect("the runtime can be run");
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        expect,
        "{}",
        said(&output)
    );
}

#[test]
fn what_new_writes_is_built_and_run() {
    let place = empty_folder("new").join("my-runtime");
    let place_text = place.to_str().expect("a path of letters");
    let made = xtask(&["new", place_text]);
    assert!(made.status.success(), "{}", said(&made));
    let spec = format!("{place_text}/runtime.toml");
    let built = xtask(&["build", "--spec", &spec, "--profile", "debug"]);
    assert!(built.status.success(), "{}", said(&built));
    let beside = fs::read_to_string(place.join("runtime.d.ts")).expect("it is there");
    assert!(beside.contains("function greet(name: string"), "{beside}");
    let script = format!("{place_text}/main.js");
    let ran = xtask(&["run", "--spec", &spec, &script]);
    assert!(ran.status.success(), "{}", said(&ran));
    assert_eq!(
        String::from_utf8_lossy(&ran.stdout),
        "Hello, world!\nHello, again! Hello, again!\n"
    );
}

#[test]
fn a_build_leaves_the_binary_its_declarations_and_a_manifest() {
    let project = Project::new("case-dist", "", GREET);
    let built = project.run("build", &[]);
    assert!(built.status.success(), "{}", said(&built));
    let dist = project.dist("case-dist");
    runs(
        &dist.join("case-dist"),
        &project.path("main.js"),
        "Hello, you!\n",
    );
    let types = fs::read_to_string(dist.join("runtime.d.ts")).expect("there are declarations");
    assert!(types.contains("greet(name: string): string"), "{types}");
    let manifest = fs::read_to_string(dist.join("manifest.json")).expect("there is a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("it is JSON");
    assert_eq!(manifest["name"], "case-dist");
    assert_eq!(manifest["modules"][1]["name"], "greet");
    let bytes = fs::metadata(dist.join("case-dist"))
        .expect("there is a binary")
        .len();
    assert_eq!(manifest["binary"]["bytes"], bytes);
    assert_eq!(manifest["size"]["total"], bytes);
}

#[test]
fn each_engine_is_named_and_weighed() {
    let project = Project::new("case-engines", "", GREET);
    for engine in ENGINES.iter().filter(|engine| engine.not_yet.is_none()) {
        let kind = engine.kind;
        let built = project.run("build", &["--set", &format!("engine.kind={kind}")]);
        assert!(built.status.success(), "{}", said(&built));
        let dist = project.dist("case-engines");
        let binary = dist.join("case-engines");
        runs(&binary, &project.path("main.js"), "Hello, you!\n");
        let manifest = fs::read_to_string(dist.join("manifest.json")).expect("there is a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("it is JSON");
        assert_eq!(manifest["engine"]["kind"], kind);
        assert!(
            manifest["engine"]["version"]
                .as_str()
                .is_some_and(|text| text.contains('.'))
        );
        let parts = manifest["size"]["parts"].as_array().expect("a list");
        let of = |group: &str| -> u64 {
            let parts = parts.iter().filter(|part| part["group"] == group);
            parts.filter_map(|part| part["bytes"].as_u64()).sum()
        };
        assert!(of("engine") > 300_000, "{kind}: {}", of("engine"));
        assert!(of("foreign") < 100_000, "{kind}: {}", of("foreign"));
    }
}

#[test]
fn a_mistake_in_a_native_file_names_the_module_and_leaves_dist_alone() {
    let native = GREET.replace("format!(", "let unused = 1; wrong!(");
    let native = native + "\npub use tokio::time::sleep;\n";
    let project = Project::new("case-mistake", "", &native);
    let built = project.run("build", &[]);
    assert_eq!(built.status.code(), Some(1), "{}", said(&built));
    let stderr = String::from_utf8_lossy(&built.stderr);
    assert!(stderr.contains("cannot find macro `wrong`"), "{stderr}");
    assert!(stderr.contains("greet.rs"), "{stderr}");
    assert!(stderr.contains("`greet`"), "{stderr}");
    let help = "a module that needs `tokio` is a crate, with a Cargo.toml of its own";
    assert!(stderr.contains(help), "{stderr}");
    assert!(!stderr.contains("warning: unused"), "{stderr}");
    assert!(!project.has_output());
}

#[test]
fn a_budget_that_is_exceeded_fails_the_build_and_says_by_what() {
    let project = Project::new("case-budget", "budget = { binary = \"1MiB\" }\n", GREET);
    let built = project.run("build", &[]);
    assert_eq!(built.status.code(), Some(1), "{}", said(&built));
    let stderr = String::from_utf8_lossy(&built.stderr);
    assert!(stderr.contains("budget"), "{stderr}");
    assert!(stderr.contains("engine"), "{stderr}");
    assert!(!project.has_output());
}

#[test]
fn a_dist_that_cannot_be_written_says_where_and_keeps_what_is_there() {
    let project = Project::new("case-unwritable", "", GREET);
    fs::write(project.path("dist"), "mine").expect("a file can be written");
    let built = project.run("build", &[]);
    assert_eq!(built.status.code(), Some(1), "{}", said(&built));
    let stderr = String::from_utf8_lossy(&built.stderr);
    let dist = project.path("dist");
    assert!(
        stderr.contains(dist.to_str().expect("a path of letters")),
        "{stderr}"
    );
    assert_eq!(
        fs::read_to_string(dist).expect("it is still a file"),
        "mine"
    );
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_no_half_of_a_binary() {
    let project = Project::new("case-full-disk", "", GREET);
    let built = project.run("build", &[]);
    assert!(built.status.success(), "{}", said(&built));
    fs::remove_dir_all(project.path("dist")).expect("it can be removed");
    // No file may grow beyond 1 MiB: what is compiled is there already, so the binary in `dist/` is what fails.
    let spec = project.path("runtime.toml");
    let limited = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 2048; exec \"$0\" build --spec \"$1\"",
        ])
        .arg(env!("CARGO_BIN_EXE_xtask"))
        .arg(&spec)
        .output()
        .expect("a shell can be run");
    assert_eq!(limited.status.code(), Some(1), "{}", said(&limited));
    let stderr = String::from_utf8_lossy(&limited.stderr);
    assert!(
        stderr.contains("case-full-disk") && stderr.contains("File too large"),
        "{stderr}"
    );
    let again = project.run("build", &[]);
    assert!(again.status.success(), "{}", said(&again));
    runs(
        &project.dist("case-full-disk").join("case-full-disk"),
        &project.path("main.js"),
        "Hello, you!\n",
    );
}

#[test]
fn the_build_after_one_that_was_killed_works() {
    let project = Project::new("case-killed", "", GREET);
    let spec = project.path("runtime.toml");
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["build", "--spec"])
        .arg(&spec)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the xtask can be run");
    // As soon as the generated crate is there, or the build has ended all by itself.
    while crate_of("case-killed").is_none() && child.try_wait().expect("it can be asked").is_none()
    {
        std::thread::yield_now();
    }
    child.kill().expect("it can be killed");
    child.wait().expect("it has ended");
    assert!(!project.has_output(), "nothing is left in `dist/`");
    let file = crate_of("case-killed").expect("the generated crate is there");
    fs::write(file, "fn main() { half of a fi").expect("it can be written");
    let built = project.run("build", &[]);
    assert!(built.status.success(), "{}", said(&built));
    runs(
        &project.dist("case-killed").join("case-killed"),
        &project.path("main.js"),
        "Hello, you!\n",
    );
}

#[test]
fn an_ejected_crate_builds_with_plain_cargo() {
    let project = Project::new("case-ejected", "", GREET);
    let place = project.path("ejected");
    let ejected = project.run("eject", &[place.to_str().expect("a path of letters")]);
    assert!(ejected.status.success(), "{}", said(&ejected));
    let target = target();
    let built = Command::new("cargo")
        .args(["build", "--locked"])
        .env("CARGO_TARGET_DIR", &target)
        .current_dir(&place)
        .output()
        .expect("cargo can be run");
    assert!(built.status.success(), "{}", said(&built));
    runs(
        &target.join("debug/case-ejected"),
        &project.path("main.js"),
        "Hello, you!\n",
    );
}

#[cfg(unix)]
#[test]
fn an_engine_in_c_without_a_c_compiler_is_refused_before_anything_is_compiled() {
    let project = Project::new("case-no-cc", "[engine]\nkind = \"quickjs\"\n", GREET);
    let spec = project.path("runtime.toml");
    let told = |command: &str| {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args([command, "--spec"])
            .arg(&spec)
            .env("CC", "a-compiler-that-is-not-there")
            .output()
            .expect("the xtask can be run")
    };
    let built = told("build");
    assert_eq!(built.status.code(), Some(1), "{}", said(&built));
    let stderr = String::from_utf8_lossy(&built.stderr);
    assert!(
        stderr.contains("no `a-compiler-that-is-not-there`") && stderr.contains("help: "),
        "{stderr}"
    );
    assert!(!project.has_output());
    let examined = told("doctor");
    assert_eq!(examined.status.code(), Some(1), "{}", said(&examined));
    let stdout = String::from_utf8_lossy(&examined.stdout);
    assert!(stdout.contains("NO  C compiler for "), "{stdout}");
}
