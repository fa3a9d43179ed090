//! Signals and sudden ends under `isolation = "process"`, on each engine: what the cases of `specs/isolated/` cannot say.
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use tailor_tests::{engines, runtime};

/// A script that says that it runs, and then waits for longer than any test.
const WAITS: &str = "console.log('ready'); setTimeout(() => console.log('late'), 3_600_000)";

/// The same, computing.
const COMPUTES: &str = "console.log('ready'); for (let i = 0; ; i++) String(i)";

/// A supervisor whose script has said that it runs.
struct Supervised {
    supervisor: Child,
    stdout: BufReader<ChildStdout>,
}

impl Supervised {
    fn start(engine: &str, script: &str) -> Self {
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/isolated/runtime.toml");
        let mut supervisor = Command::new(runtime(&spec, engine))
            .args(["eval", script])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the runtime starts");
        let mut stdout = BufReader::new(supervisor.stdout.take().expect("it is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("it is text");
        assert_eq!(line, "ready\n");
        Self { supervisor, stdout }
    }

    fn pid(&self) -> u32 {
        self.supervisor.id()
    }

    /// The process of the script.
    fn child(&self) -> u32 {
        let pid = self.pid();
        let path = format!("/proc/{pid}/task/{pid}/children");
        let children = std::fs::read_to_string(path).expect("the supervisor is there");
        children.trim().parse().expect("it has one child")
    }

    /// How it ends: the status, the signal and what stood on standard error. Standard output ends when no process has it open.
    fn end(mut self) -> (Option<i32>, Option<i32>, String) {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).expect("it is text");
        assert_eq!(rest, "", "the script went on");
        let mut said = String::new();
        let mut stderr = self.supervisor.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut said).expect("it is text");
        let status = self.supervisor.wait().expect("it can be waited for");
        (status.code(), status.signal(), said)
    }
}

fn send(signal: &str, pid: u32) {
    let status = Command::new("kill")
        .args([format!("-{signal}"), pid.to_string()])
        .status();
    assert!(status.expect("there is a `kill`").success());
}

const SIGKILL: i32 = 9;
const SIGTERM: i32 = 15;

#[test]
fn a_signal_reaches_the_script_and_ends_both_alike() {
    for engine in engines() {
        for script in [WAITS, COMPUTES] {
            let supervised = Supervised::start(engine, script);
            send("TERM", supervised.pid());
            assert_eq!(supervised.end(), (None, Some(SIGTERM), String::new()));
        }
    }
}

#[test]
fn a_script_does_not_survive_its_supervisor() {
    for engine in engines() {
        let supervised = Supervised::start(engine, WAITS);
        send("KILL", supervised.pid());
        assert_eq!(supervised.end(), (None, Some(SIGKILL), String::new()));
    }
}

#[test]
fn a_crash_is_told_in_words_with_a_status_of_its_own() {
    for engine in engines() {
        for (signal, what) in [
            ("SEGV", "the engine crashed: it overflowed its stack"),
            ("ABRT", "the engine crashed: it gave up"),
            ("ILL", "the engine crashed: it met a bug"),
        ] {
            let supervised = Supervised::start(engine, WAITS);
            send(signal, supervised.child());
            let (status, _, said) = supervised.end();
            assert_eq!(status, Some(85), "{said}");
            assert!(said.contains(what), "{said}");
            assert!(said.contains("last seen at <eval>"), "{said}");
        }
    }
}

#[test]
fn what_the_system_ends_for_its_memory_or_time_is_told_as_that_limit() {
    for engine in engines() {
        for (signal, limit, expect) in [("KILL", "memory", 81), ("XCPU", "cpu", 82)] {
            let supervised = Supervised::start(engine, WAITS);
            send(signal, supervised.child());
            let (status, _, said) = supervised.end();
            assert_eq!(status, Some(expect), "{said}");
            assert!(said.contains(&format!("`limits.{limit} = ")), "{said}");
        }
    }
}

#[test]
fn a_mark_that_nobody_gave_changes_nothing() {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/isolated/runtime.toml");
    for engine in engines() {
        for mark in ["0", "2", "7", "x"] {
            let output = Command::new(runtime(&spec, engine))
                .args(["eval", "while (true);"])
                .env("TAILOR_SUPERVISED", mark)
                .output()
                .expect("the runtime starts");
            assert_eq!(output.status.code(), Some(82), "{mark}");
        }
    }
}
