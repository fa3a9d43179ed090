//! Builds an area's runtime once for each engine and runs its cases.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use runtime_core::engine::capabilities::ENGINES;

use crate::case::Case;
use crate::difference::Difference;

/// The folder of the areas.
pub(crate) fn specs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("specs")
}

/// What runs a case: a runtime's binary, or a program that takes words of its own before those of the case.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) args: Vec<OsString>,
    pub(crate) env: Option<(String, String)>,
}

impl Program {
    fn binary(path: PathBuf) -> Self {
        Self {
            path,
            args: Vec::new(),
            env: None,
        }
    }
}

/// What is wrong with each case on an engine.
pub(crate) fn judge_all(program: &Program, engine: &str, cases: &[PathBuf]) -> Vec<String> {
    let wrong = cases.iter().map(|case| run(program, engine, case));
    wrong.filter_map(Result::err).collect()
}

/// The list of differences between the engines.
static DIFFERENCES: LazyLock<Result<Vec<Difference>, String>> =
    LazyLock::new(|| Difference::read(&specs().join("differences.toml")));

/// The binaries that were built, by spec and engine.
type Built = HashMap<(PathBuf, String), PathBuf>;

static BUILT: LazyLock<Mutex<Built>> = LazyLock::new(Mutex::default);

/// The kinds of engine that a runtime can be built on.
pub fn engines() -> impl Iterator<Item = &'static str> {
    let available = ENGINES.iter().filter(|engine| engine.not_yet.is_none());
    available.map(|engine| engine.kind)
}

/// The binary of the runtime that `spec` states on an engine, built at most once in this process.
pub fn runtime(spec: &Path, engine: &str) -> PathBuf {
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (spec.to_path_buf(), engine.to_owned());
    if let Some(binary) = built.get(&key) {
        return binary.clone();
    }
    let binary = xtask::drive::build_for_tests(spec, engine)
        .unwrap_or_else(|error| panic!("{} does not build on {engine}:\n{error}", spec.display()));
    built.insert(key, binary.clone());
    binary
}

/// Runs every case of `area` on every engine, and panics with all that is wrong.
pub fn run_area(area: &str) {
    run_area_and(area, &[]);
}

/// The same, with cases of other areas that hold for its runtime, too.
pub fn run_area_and(area: &str, others: &[&str]) {
    let folder = specs().join(area);
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the area exists")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.join("case.toml").is_file())
        .collect();
    cases.extend(others.iter().map(|case| specs().join(case)));
    cases.sort();
    assert!(!cases.is_empty(), "area {area} has no case");
    let mut failures = Vec::new();
    for engine in engines() {
        let binary = runtime(&folder.join("runtime.toml"), engine);
        failures.extend(judge_all(&Program::binary(binary), engine, &cases));
    }
    assert!(
        failures.is_empty(),
        "{} of {} cases failed\n\n{}",
        failures.len(),
        cases.len() * engines().count(),
        failures.join("\n\n")
    );
}

/// What is wrong with the list of differences as a whole: lines for cases or engines that there are not.
pub fn stale_differences() -> Vec<String> {
    let list = match &*DIFFERENCES {
        Ok(list) => list,
        Err(error) => return vec![error.clone()],
    };
    let is_stale = |line: &&Difference| {
        let case = specs().join(&line.case).join("case.toml");
        !case.is_file() || !engines().any(|engine| engine == line.engine)
    };
    let stale = list.iter().filter(is_stale);
    stale
        .map(|line| format!("{line} is about nothing: there is no such case or engine"))
        .collect()
}

fn run(program: &Program, engine: &str, folder: &Path) -> Result<(), String> {
    let case = Case::read(folder)?;
    let output = output(program, folder, &case)?;
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    let judge = |case: &Case| case.judge(output.status.code(), &stdout, &stderr);
    let name = folder.strip_prefix(specs()).unwrap_or(folder);
    let name = name.display().to_string();
    let mut lines = DIFFERENCES.as_ref()?.iter();
    let line = lines.find(|line| line.case == name && line.engine == engine);
    let wrong = match line {
        None => judge(&case),
        Some(line) if judge(&case).is_empty() => vec![format!("{line} is stale: take it out")],
        Some(line) => judge(&line.apply(&case)),
    };
    if wrong.is_empty() {
        return Ok(());
    }
    let wrong = wrong.join("\n  - ");
    Err(format!(
        "{name} on {engine}: {}\n  - {wrong}\n--- stdout\n{stdout}--- stderr\n{stderr}---",
        case.about
    ))
}

/// Runs a case in a copy of its folder.
fn output(program: &Program, folder: &Path, case: &Case) -> Result<Output, String> {
    let place = tempfile::tempdir().map_err(|error| error.to_string())?;
    copy(folder, place.path())
        .and_then(|()| case.prepare(place.path()))
        .map_err(|error| error.to_string())?;
    let args = case
        .args
        .clone()
        .unwrap_or_else(|| vec!["main.js".to_owned()]);
    let mut child = Command::new(&program.path)
        .args(&program.args)
        .args(&args)
        .envs(&case.env)
        .envs(program.env.clone())
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {}: {error}", program.path.display()))?;
    if case.close_stdout {
        drop(child.stdout.take());
    }
    if let Some(mut stdin) = child.stdin.take() {
        // A script that does not read its input may be gone already.
        let _ = stdin.write_all(case.stdin.as_bytes());
    }
    child.wait_with_output().map_err(|error| error.to_string())
}

/// Copies what is in a folder, with all beneath it, into one that there may not be yet.
pub(crate) fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
