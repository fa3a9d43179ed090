//! Hostile scripts: what each must come to, on each engine and in each mode of isolation.
//!
//! The boundary: a script and the words in its first lines; a process, its streams and its status. Nothing here looks inside.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use crate::forms::{FORMS, Files, Form};
use crate::{engines, runtime};

/// The modes of isolation, each with a spec of its name.
const MODES: &[&str] = &["thread", "process"];

/// Every way in which a script may end: its name, its status, and what stands on standard error.
const ENDS: &[(&str, i32, &str)] = &[
    ("survives", 0, ""),
    ("throws", 1, "Uncaught"),
    ("engine", 1, "error: the engine"),
    ("engine", 70, "error: the engine"),
    ("memory", 81, "`limits.memory = "),
    ("cpu", 82, "`limits.cpu = "),
    ("wall", 83, "`limits.wall = "),
    ("stack", 84, "`limits.stack"),
    ("crash", 85, "error: the engine crashed"),
];

/// What nobody who runs a script wants to read.
const RAW: &[&str] = &[
    "panicked at",
    "RUST_BACKTRACE",
    "memory allocation of",
    "has overflowed its stack",
    "core dumped",
    "PanicError",
    "JsError {",
    "ESCAPED",
];

/// How long a script may take on the slowest machine before it counts as hanging. It judges nothing else.
const HANGS: Duration = Duration::from_secs(120);

/// An attack.
struct Attack {
    name: String,
    text: String,
    outcomes: BTreeMap<String, String>,
}

impl Attack {
    fn read(path: &Path, folder: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let name = path
            .strip_prefix(folder)
            .unwrap_or(path)
            .display()
            .to_string();
        let mut outcomes = BTreeMap::new();
        for line in text.lines().map_while(|line| line.strip_prefix("// ")) {
            let Some((key, value)) = line.split_once(": ") else {
                continue;
            };
            if key == "outcome" || key.starts_with("outcome.") {
                outcomes.insert(key.to_owned(), value.to_owned());
            }
        }
        let known = |end: &str| ENDS.iter().any(|(name, ..)| *name == end);
        for end in outcomes.values().flat_map(|value| value.split(" or ")) {
            if !known(end) {
                return Err(format!("{name}: there is no end `{end}`"));
            }
        }
        if outcomes.is_empty() {
            return Err(format!("{name} does not say how it must end"));
        }
        Ok(Self {
            name,
            text,
            outcomes,
        })
    }

    /// The ends that are right, by the most exact line. A form that begins again and again may end by any
    /// limit of time or memory, too.
    fn outcome(&self, run: &Run<'_>) -> Option<Vec<&str>> {
        let Run {
            engine, mode, form, ..
        } = run;
        let keys = [
            format!("outcome.{engine}.{}", form.name),
            format!("outcome.{engine}.{mode}"),
            format!("outcome.{engine}"),
            "outcome".to_owned(),
        ];
        let found = keys.iter().find_map(|key| self.outcomes.get(key))?;
        let mut ends: Vec<&str> = found.split(" or ").collect();
        if form.is_endless {
            ends.extend(["memory", "cpu", "wall"]);
        }
        Some(ends)
    }

    /// The files of a run; `None`: there is no such run. What a script survives or catches says nothing
    /// when it is begun again and again.
    fn files(&self, run: &Run<'_>) -> Option<Files> {
        let ends = self.outcome(run).unwrap_or_default();
        let goes_on = ["survives", "throws"].iter().any(|end| ends.contains(end));
        match run.form.is_endless && goes_on {
            true => None,
            false => run.form.files(&self.text),
        }
    }

    /// What is wrong with the way in which it ends; empty when nothing is.
    fn run(&self, run: &Run<'_>, files: &[(&str, String)]) -> Vec<String> {
        let what = format!(
            "{} on {}, {}, {}",
            self.name, run.engine, run.mode, run.form.name
        );
        let output = match self.output(&run.binary, files) {
            Ok(output) => output,
            Err(wrong) => return vec![format!("{what}: {wrong}")],
        };
        let (stdout, stderr) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        let mut wrong = Vec::new();
        for raw in RAW {
            if stdout.contains(raw) || stderr.contains(raw) {
                wrong.push(format!("it says `{raw}`"));
            }
        }
        if let Some(signal) = output.status.signal() {
            wrong.push(format!("signal {signal} ended it"));
        }
        let status = output.status.code();
        let end = ENDS
            .iter()
            .find(|(_, of, words)| Some(*of) == status && stderr.contains(words));
        let end = end.map_or("something else", |(name, ..)| *name);
        let expect = self
            .outcome(run)
            .unwrap_or_else(|| vec!["an outcome that it states"]);
        if !expect.contains(&end) {
            let expect = expect.join(" or ");
            wrong.push(format!(
                "it ends in `{end}` (status {status:?}) and not in `{expect}`"
            ));
        }
        if end == "survives" && !stdout.trim_end().ends_with("survived") {
            wrong.push("it ends well without having survived".to_owned());
        }
        if wrong.is_empty() {
            return Vec::new();
        }
        let short = |text: &str| text.chars().take(600).collect::<String>();
        vec![format!(
            "{what}: {}\n    {}\n    {}",
            wrong.join("; "),
            short(&stdout).trim_end().replace('\n', "\n    "),
            short(&stderr).trim_end().replace('\n', "\n    "),
        )]
    }

    fn output(&self, binary: &Path, files: &[(&str, String)]) -> Result<Output, String> {
        let failed = |error: std::io::Error| error.to_string();
        let place = tempfile::tempdir().map_err(failed)?;
        prepare(files, place.path()).map_err(failed)?;
        let child = Command::new(binary)
            .arg("main.js")
            .current_dir(place.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let pid = child.id().to_string();
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            let (done, ended) = mpsc::channel();
            if self.name.contains("symlink-race") {
                scope.spawn(|| race(place.path(), &is_over));
            }
            scope.spawn(move || {
                // Whoever waited for it may have given up.
                let _ = done.send(child.wait_with_output());
            });
            let output = ended.recv_timeout(HANGS);
            let output = output.map_err(|_| {
                let _ = Command::new("kill").args(["-KILL", &pid]).status();
                "it hangs".to_owned()
            });
            is_over.store(true, Ordering::Release);
            output?.map_err(failed)
        })
    }
}

/// A form of an attack on a runtime.
struct Run<'a> {
    attack: &'a Attack,
    form: &'static Form,
    engine: &'a str,
    mode: &'a str,
    binary: PathBuf,
}

/// What each script finds: a folder that is granted, and ways out of it.
fn prepare(files: &[(&str, String)], place: &Path) -> std::io::Result<()> {
    for (name, text) in files {
        fs::write(place.join(name), text)?;
    }
    fs::write(place.join("secret.txt"), "secret")?;
    for folder in ["work/inside", "outside"] {
        fs::create_dir_all(place.join(folder))?;
    }
    fs::write(place.join("work/ok.txt"), "ok")?;
    fs::write(place.join("work/inside/file.txt"), "granted")?;
    fs::write(place.join("outside/file.txt"), "secret")?;
    symlink("..", place.join("work/link"))?;
    symlink("/etc/passwd", place.join("work/passwd"))?;
    symlink("inside", place.join("work/race"))
}

/// Turns a link from what is granted to what is not and back, as fast as can be.
fn race(place: &Path, is_over: &AtomicBool) {
    let next = place.join("work/next");
    for target in ["../outside", "inside"].iter().cycle() {
        if is_over.load(Ordering::Acquire) {
            return;
        }
        let turned =
            symlink(target, &next).and_then(|()| fs::rename(&next, place.join("work/race")));
        if turned.is_err() {
            return;
        }
    }
}

/// Every attack, in order.
fn attacks(folder: &Path) -> Result<Vec<Attack>, String> {
    let list = |folder: &Path| -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect()
    };
    let mut paths = Vec::new();
    for group in list(folder).map_err(|error| error.to_string())? {
        if group.is_dir() {
            paths.extend(list(&group).map_err(|error| error.to_string())?);
        }
    }
    paths.retain(|path| path.extension().is_some_and(|end| end == "js"));
    paths.sort();
    paths
        .iter()
        .map(|path| Attack::read(path, folder))
        .collect()
}

/// Runs every attack in every form on every engine, and plainly in every mode; what is wrong, and how
/// many runs there were.
pub fn run_hostile() -> Result<(Vec<String>, usize), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hostile");
    let attacks = attacks(&folder)?;
    let mut runs = Vec::new();
    for engine in engines() {
        for (at, &mode) in MODES.iter().enumerate() {
            let binary = runtime(&folder.join(format!("{mode}.toml")), engine);
            let forms = FORMS.iter().filter(|form| form.in_every_mode || at == 0);
            runs.extend(forms.flat_map(|form| {
                attacks.iter().map(|attack| Run {
                    attack,
                    form,
                    engine,
                    mode,
                    binary: binary.clone(),
                })
            }));
        }
    }
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let ran = AtomicUsize::new(0);
    let workers = thread::available_parallelism()
        .map_or(2, usize::from)
        .min(4);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(run) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Some(files) = run.attack.files(run) else {
                        continue;
                    };
                    ran.fetch_add(1, Ordering::Relaxed);
                    let found = run.attack.run(run, &files);
                    wrong
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .extend(found);
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    wrong.sort();
    Ok((wrong, ran.into_inner()))
}
