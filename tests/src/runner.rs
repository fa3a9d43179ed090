//! Builds an area's runtime once and runs its cases.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::case::Case;

/// The folder of the areas.
fn specs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("specs")
}

static BUILT: LazyLock<Mutex<HashMap<PathBuf, PathBuf>>> = LazyLock::new(Mutex::default);

/// The binary of the runtime that `spec` states, built at most once in this process.
pub fn runtime(spec: &Path) -> PathBuf {
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(binary) = built.get(spec) {
        return binary.clone();
    }
    let binary = xtask::drive::build_for_tests(spec)
        .unwrap_or_else(|error| panic!("{} does not build:\n{error}", spec.display()));
    built.insert(spec.to_path_buf(), binary.clone());
    binary
}

/// Runs every case of `area` and panics with all that is wrong.
pub fn run_area(area: &str) {
    let folder = specs().join(area);
    let binary = runtime(&folder.join("runtime.toml"));
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the area exists")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.join("case.toml").is_file())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "area {area} has no case");
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| run(&binary, case).err())
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases failed\n\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n\n")
    );
}

fn run(binary: &Path, folder: &Path) -> Result<(), String> {
    let case = Case::read(folder)?;
    let place = tempfile::tempdir().map_err(|error| error.to_string())?;
    copy(folder, place.path())
        .and_then(|()| case.prepare(place.path()))
        .map_err(|error| error.to_string())?;
    let args = case
        .args
        .clone()
        .unwrap_or_else(|| vec!["main.js".to_owned()]);
    let mut child = Command::new(binary)
        .args(&args)
        .envs(&case.env)
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {}: {error}", binary.display()))?;
    if case.close_stdout {
        drop(child.stdout.take());
    }
    if let Some(mut stdin) = child.stdin.take() {
        // A script that does not read its input may be gone already.
        let _ = stdin.write_all(case.stdin.as_bytes());
    }
    let output = child
        .wait_with_output()
        .map_err(|error| error.to_string())?;
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    let wrong = case.judge(output.status.code(), &stdout, &stderr);
    if wrong.is_empty() {
        return Ok(());
    }
    let name = folder.strip_prefix(specs()).unwrap_or(folder).display();
    let wrong = wrong.join("\n  - ");
    Err(format!(
        "{name}: {}\n  - {wrong}\n--- stdout\n{stdout}--- stderr\n{stderr}---",
        case.about
    ))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
