//! The official suites, run against a runtime: test262 for the language, web-platform-tests for the
//! platform.
//!
//! The boundary: a folder with a checkout of a suite, which is never part of this repository, and
//! the binary of a runtime, of which only what it prints and how it ends is known. `test262` and
//! `wpt` make a script of each test, this file runs the scripts, `expectations` knows which tests
//! fail on an engine and why. Suggested reading order: this file, `expectations`, `test262`, `wpt`.

pub(crate) mod expectations;
pub(crate) mod test262;
pub(crate) mod wpt;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use serde::Deserialize;

use crate::diagnostics::Report;
use crate::files;
use crate::text::{columns, escape_hidden};
use expectations::Expectations;

/// How a line begins by which a script reports.
pub(crate) const MARK: &str = "conformance:";

/// A script to run, and what its tests are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// The test's path in its suite, with a variant where it has some.
    pub(crate) name: String,
    /// The text of the module that is run.
    pub(crate) text: String,
    /// How often the usual time it may take.
    pub(crate) patience: u32,
}

/// The result of one test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TestResult {
    /// The script's name, and the test's own behind ` | ` where the script has several.
    pub(crate) name: String,
    /// Why it failed.
    pub(crate) failure: Option<String>,
}

/// A line that a script reports by.
#[derive(Debug, Deserialize)]
struct Line {
    /// The test's own name; a script that is one test gives none.
    #[serde(default)]
    test: Option<String>,
    /// Why it failed; nothing where it passed.
    #[serde(default)]
    failure: Option<String>,
    /// Whether the script has come to its end.
    #[serde(default)]
    last: bool,
}

/// What runs scripts.
#[derive(Debug)]
pub(crate) struct Runner {
    /// The runtime.
    pub(crate) binary: PathBuf,
    /// How long a script may take before it counts as hanging.
    pub(crate) timeout: Duration,
    /// How many run at once.
    pub(crate) workers: usize,
}

impl Runner {
    /// Runs every script, and gives the results in the order of the scripts.
    pub(crate) fn run(
        &self,
        scripts: &(dyn Fn(usize) -> Script + Sync),
        count: usize,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<TestResult>, Report> {
        let next = AtomicUsize::new(0);
        let results = Mutex::new(BTreeMap::new());
        let broken = Mutex::new(None);
        std::thread::scope(|scope| {
            for worker in 0..self.workers.max(1) {
                let (next, results, broken) = (&next, &results, &broken);
                scope.spawn(move || {
                    let place = Place::new(worker);
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        if at >= count {
                            return;
                        }
                        let ran = place
                            .as_ref()
                            .map_err(Clone::clone)
                            .and_then(|place| self.one(&scripts(at), place));
                        match ran {
                            Ok(found) => {
                                lock(results).insert(at, found);
                                progress(at);
                            }
                            Err(error) => {
                                *lock(broken) = Some(error);
                                next.store(count, Ordering::Relaxed);
                            }
                        }
                    }
                });
            }
        });
        if let Some(error) = lock(&broken).take() {
            return Err(Report::error(error));
        }
        let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(results.into_values().flatten().collect())
    }

    fn one(&self, script: &Script, place: &Place) -> Result<Vec<TestResult>, String> {
        let file = place.folder.join("test.js");
        std::fs::write(&file, &script.text)
            .map_err(|error| format!("cannot write `{}`: {error}", file.display()))?;
        let child = Command::new(&self.binary)
            .arg(&file)
            .current_dir(&place.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start `{}`: {error}", self.binary.display()))?;
        let (said, end) = wait(child, self.timeout * script.patience)?;
        Ok(read(script, &said, &end))
    }
}

/// A folder for the scripts of one worker, which goes with it.
struct Place {
    folder: PathBuf,
}

impl Place {
    fn new(worker: usize) -> Result<Self, String> {
        let name = format!("tailor-conformance-{}-{worker}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("cannot make `{}`: {error}", folder.display()))?;
        Ok(Self { folder })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What is left lies in the system's folder for such files.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for a process: what it printed, and how it ended.
fn wait(child: Child, timeout: Duration) -> Result<(String, String), String> {
    let pid = child.id();
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || {
        // Whoever waited for it may have given up.
        let _ = done.send(child.wait_with_output());
    });
    let output = match ended.recv_timeout(timeout) {
        Ok(output) => output.map_err(|error| format!("cannot wait for the runtime: {error}"))?,
        Err(_) => {
            kill(pid);
            return Ok((String::new(), "it takes too long".to_owned()));
        }
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr);
    let first = stderr.lines().next().unwrap_or_default();
    Ok((said, format!("{}: {first}", output.status)))
}

#[cfg(unix)]
fn kill(pid: u32) {
    let Ok(pid) = i32::try_from(pid) else { return };
    // SAFETY: a system call without pointers. The process has not been waited for, so the number is
    // still its own.
    unsafe {
        libc::kill(pid, libc::SIGKILL);
    }
}

#[cfg(not(unix))]
fn kill(pid: u32) {
    let _ = Command::new("taskkill")
        .args(["/F", "/PID", &pid.to_string()])
        .status();
}

/// The results that a script reported, and one more if it did not come to its end.
fn read(script: &Script, said: &str, end: &str) -> Vec<TestResult> {
    let lines = said.lines().filter_map(|line| line.strip_prefix(MARK));
    let lines: Vec<Line> = lines
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let is_over = lines.iter().any(|line| line.last);
    let mut results: Vec<TestResult> = lines
        .into_iter()
        .filter(|line| line.test.is_some() || line.last)
        .map(|line| TestResult {
            name: match line.test {
                Some(test) => format!("{} | {}", script.name, one_line(&test)),
                None => script.name.clone(),
            },
            failure: line.failure.map(|why| one_line(&why)),
        })
        .collect();
    if !is_over {
        results.push(TestResult {
            name: script.name.clone(),
            failure: Some(one_line(&format!("it did not come to its end: {end}"))),
        });
    }
    results
}

/// A text in one line, with what nobody sees written as an escape.
fn one_line(text: &str) -> String {
    escape_hidden(text).replace('\n', "\\u{a}")
}

/// What a run comes to, against what was expected.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The folders, each with how many passed and how many there are.
    folders: BTreeMap<String, (usize, usize)>,
    /// Failures that nothing expects: the test, and why it failed.
    pub(crate) surprises: Vec<(String, String)>,
    /// Expected failures that passed, or that are no tests.
    pub(crate) stale: Vec<String>,
    /// Failures that were expected.
    expected: usize,
}

impl Verdict {
    /// Compares results with expectations. `depth` folders of a path make a row.
    pub(crate) fn of(
        results: &[TestResult],
        expectations: &Expectations,
        only: &[String],
        depth: usize,
    ) -> Self {
        let mut verdict = Self::default();
        let mut met = std::collections::BTreeSet::new();
        for result in results {
            let folder = verdict.folders.entry(folder(&result.name, depth));
            let (passed, all) = folder.or_default();
            *all += 1;
            let Some(why) = &result.failure else {
                *passed += 1;
                continue;
            };
            match expectations.find(&result.name) {
                Some(entry) => {
                    met.insert(entry.to_owned());
                    verdict.expected += 1;
                }
                None => verdict.surprises.push((result.name.clone(), why.clone())),
            }
        }
        let was_run =
            |entry: &&str| only.is_empty() || only.iter().any(|only| entry.contains(only.as_str()));
        let entries = expectations.entries().filter(was_run);
        verdict.stale = entries
            .filter(|entry| !met.contains(*entry))
            .map(str::to_owned)
            .collect();
        verdict
    }

    /// Whether everything came as expected.
    pub(crate) fn holds(&self) -> bool {
        self.surprises.is_empty() && self.stale.is_empty()
    }

    /// The table, a row a folder, with the sum.
    pub(crate) fn table(&self) -> String {
        let row = |name: &str, passed: usize, all: usize| {
            [
                name.to_owned(),
                format!("{passed} of {all}"),
                match all - passed {
                    0 => String::new(),
                    failed => format!("{failed} failed"),
                },
            ]
        };
        let mut rows: Vec<[String; 3]> = self
            .folders
            .iter()
            .map(|(name, (passed, all))| row(name, *passed, *all))
            .collect();
        let passed = self.folders.values().map(|(passed, _)| passed).sum();
        let all = self.folders.values().map(|(_, all)| all).sum();
        rows.push(row("all", passed, all));
        let mut text = columns(&rows);
        text.push_str(&format!(
            "\n{} failures were expected, {} were not; {} expectations are stale\n",
            self.expected,
            self.surprises.len(),
            self.stale.len()
        ));
        text
    }
}

/// The first folders of a test's path.
fn folder(name: &str, depth: usize) -> String {
    let path = name.split(['?', '|']).next().unwrap_or(name).trim();
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').take(depth).collect::<Vec<_>>().join("/")
}

/// Whether a test is asked for: no word was given, or its name has one of them.
pub(crate) fn is_wanted(name: &str, only: &[String]) -> bool {
    only.is_empty() || only.iter().any(|word| name.contains(word.as_str()))
}

/// The files below a folder whose names end like this, as paths from it with `/`, in order.
pub(crate) fn files_below(folder: &Path, ends: &[&str]) -> Result<Vec<String>, Report> {
    let mut found = Vec::new();
    for entry in files::walk(folder, |_| true) {
        let entry = entry?;
        let path = files::path_below(folder, entry.path());
        if !entry.file_type().is_dir() && ends.iter().any(|end| path.ends_with(end)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A text as a JavaScript literal.
pub(crate) fn literal(text: &str) -> String {
    // What JSON allows and old JavaScript does not is written as an escape.
    let json = serde_json::Value::from(text).to_string();
    json.replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// A script whose declarations at the top of it are seen by the scripts after it. Each is run as an
/// indirect `eval`, which keeps `const`, `let` and `class` for itself.
pub(crate) fn shared(script: &str) -> String {
    let mut text = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        let declared = ["const ", "let "]
            .iter()
            .find_map(|word| line.strip_prefix(word));
        if let Some(rest) = declared {
            text.push_str("var ");
            text.push_str(rest);
            continue;
        }
        if let Some(rest) = line.strip_prefix("class ") {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
            let name = &rest[..end.unwrap_or(rest.len())];
            text.push_str(&format!("var {name} = class "));
            text.push_str(rest);
            continue;
        }
        text.push_str(line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_shared() {
        assert_eq!(
            shared("const a = 1;\n  let b;\nclass C extends D {\n}\nlet e;"),
            "var a = 1;\n  let b;\nvar C = class C extends D {\n}\nvar e;"
        );
    }

    fn script() -> Script {
        Script {
            name: "url/a.any.js?x".to_owned(),
            text: String::new(),
            patience: 1,
        }
    }

    #[test]
    fn what_a_script_reports_is_read() {
        let said = "noise\nconformance:{\"test\":\"one\"}\n\
            conformance:{\"test\":\"two\\nlines\",\"failure\":\"no\"}\nconformance:{\"last\":true}\n";
        let results = read(&script(), said, "exit status: 0");
        let names: Vec<_> = results
            .iter()
            .map(|result| (result.name.as_str(), result.failure.as_deref()))
            .collect();
        assert_eq!(
            names,
            [
                ("url/a.any.js?x | one", None),
                ("url/a.any.js?x | two\\u{a}lines", Some("no")),
                ("url/a.any.js?x", None),
            ]
        );
    }

    #[test]
    fn a_script_that_does_not_come_to_its_end_has_failed() {
        let results = read(&script(), "", "signal: 9");
        assert_eq!(
            results[0].failure.as_deref(),
            Some("it did not come to its end: signal: 9")
        );
    }

    #[test]
    fn surprises_and_stale_expectations_fail_a_run() {
        let result = |name: &str, failure: Option<&str>| TestResult {
            name: name.to_owned(),
            failure: failure.map(str::to_owned),
        };
        let expectations = Expectations::parse(
            "[[fails]]\nwhy = \"a reason\"\ntests = [\"a/b/x.js\", \"a/b/gone.js\", \"a/c/\"]\n",
        )
        .expect("it is well formed");
        let results = [
            result("a/b/x.js", Some("no")),
            result("a/b/y.js", Some("not this")),
            result("a/c/z.js", Some("nor that")),
            result("a/c/w.js", None),
        ];
        let verdict = Verdict::of(&results, &expectations, &[], 2);
        assert!(!verdict.holds());
        assert_eq!(
            verdict.surprises,
            [("a/b/y.js".to_owned(), "not this".to_owned())]
        );
        assert_eq!(verdict.stale, ["a/b/gone.js"]);
        assert_eq!(
            verdict.table(),
            "a/b  0 of 2  2 failed\na/c  1 of 2  1 failed\nall  1 of 4  3 failed\n\n\
             2 failures were expected, 1 were not; 1 expectations are stale\n"
        );
        let some = Verdict::of(&results[..1], &expectations, &["x.js".to_owned()], 2);
        assert!(some.holds());
    }
}
