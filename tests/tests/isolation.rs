//! Signals and sudden ends under `isolation = "process"`, on each engine: what the cases of `specs/isolated/` cannot say.
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use tailor_tests::{engines, runtime};

/// A script that says that it runs, and then waits for longer than any test.
const WAITS: &str = "console.log('ready'); setTimeout(() => console.log('late'), 3_600_000)";

/// The same, computing.
const COMPUTES: &str = "console.log('ready'); for (let i = 0; ; i++) String(i)";

fn binary(engine: &str) -> PathBuf {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/isolated/runtime.toml");
    runtime(&spec, engine)
}

/// A supervisor whose script has said that it runs.
struct Supervised {
    supervisor: Child,
    stdout: BufReader<ChildStdout>,
}

impl Supervised {
    fn start(engine: &str, script: &str) -> Self {
        Self::run(Command::new(binary(engine)), script)
    }

    fn run(mut command: Command, script: &str) -> Self {
        let mut supervisor = command
            .args(["eval", script])
            // A group of its own, which has somebody to tell of a pause: in one that has nobody, nothing pauses.
            .process_group(0)
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
            ("SEGV", "the engine crashed: it met a bug"),
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
fn what_the_system_ends_for_its_time_is_told_as_that_limit() {
    for engine in engines() {
        let supervised = Supervised::start(engine, WAITS);
        send("XCPU", supervised.child());
        let (status, _, said) = supervised.end();
        assert_eq!(status, Some(82), "{said}");
        assert!(said.contains("`limits.cpu = "), "{said}");
    }
}

#[test]
fn who_is_killed_from_outside_has_hit_no_limit() {
    for engine in engines() {
        let supervised = Supervised::start(engine, WAITS);
        send("KILL", supervised.child());
        let (status, signal, said) = supervised.end();
        assert_eq!((status, signal), (None, Some(SIGKILL)));
        assert!(said.contains("was killed: by somebody"), "{said}");
    }
}

#[test]
fn a_child_that_cannot_end_itself_is_killed_after_its_wall_limit() {
    let all: Vec<_> = engines()
        .map(|engine| Supervised::start(engine, WAITS))
        .collect();
    // What stands still keeps no limit.
    for supervised in &all {
        send("STOP", supervised.child());
    }
    for supervised in all {
        let (status, _, said) = supervised.end();
        assert_eq!(status, Some(83), "{said}");
        assert!(said.contains("`limits.wall = \"6s\"` allows"), "{said}");
        assert!(said.contains("\n    at <eval>"), "{said}");
    }
}

#[test]
fn both_pause_and_go_on() {
    for engine in engines() {
        let supervised = Supervised::start(engine, WAITS);
        let both = [supervised.pid(), supervised.child()];
        send("TSTP", supervised.pid());
        while !both.iter().all(|pid| is_stopped(*pid)) {
            std::thread::yield_now();
        }
        send("CONT", supervised.pid());
        while both.iter().any(|pid| is_stopped(*pid)) {
            std::thread::yield_now();
        }
        // Not `INT`: a shell starts what it runs in the background with that ignored.
        send("TERM", supervised.pid());
        assert_eq!(supervised.end(), (None, Some(SIGTERM), String::new()));
    }
}

fn is_stopped(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("it is there");
    let (_, state) = stat.rsplit_once(") ").expect("the name ends");
    state.starts_with('T')
}

#[test]
fn what_was_ignored_from_the_start_stays_ignored() {
    for engine in engines() {
        let mut command = Command::new("nohup");
        command.arg(binary(engine));
        let supervised = Supervised::run(command, WAITS);
        send("HUP", supervised.pid());
        send("TERM", supervised.pid());
        let (_, signal, _) = supervised.end();
        assert_eq!(signal, Some(SIGTERM));
    }
}

#[test]
fn the_process_of_the_script_has_no_descriptor_of_whoever_started_it() {
    for engine in engines() {
        let mut command = Command::new("sh");
        command.args(["-c", "exec 7</ 9</; exec \"$0\" \"$@\""]);
        command.arg(binary(engine));
        let supervised = Supervised::run(command, WAITS);
        let leads_to = |pid: u32, descriptor: u32| {
            std::fs::read_link(format!("/proc/{pid}/fd/{descriptor}")).ok()
        };
        for descriptor in [7, 9] {
            let given = leads_to(supervised.pid(), descriptor);
            assert_eq!(given.as_deref(), Some(Path::new("/")), "it was given");
            let inherited = leads_to(supervised.child(), descriptor);
            assert_ne!(inherited.as_deref(), Some(Path::new("/")));
        }
        send("TERM", supervised.pid());
        assert_eq!(supervised.end(), (None, Some(SIGTERM), String::new()));
    }
}
