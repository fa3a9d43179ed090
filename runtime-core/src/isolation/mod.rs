//! `isolation = "process"`: the script in a process of its own, under limits of the operating system.
//!
//! The process that a user starts is the supervisor. On Unix it splits in two before anything else has begun: the child goes on as the
//! runtime, the supervisor passes signals and the exit status on, and says in words what ended a child that could not say so itself.
//! The boundary: processes. Standard streams and arguments are the same ones, so nothing is between a script and its terminal. The child
//! keeps the limits of the runtime as it would without a supervisor, and adds those of the system; only what kills it is left to tell.

mod place;
mod verdict;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod confine;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[path = "unconfined.rs"]
mod confine;
#[cfg(any(target_os = "linux", target_os = "android"))]
mod overflow;

#[cfg(unix)]
mod descriptors;
#[cfg(not(unix))]
#[path = "again.rs"]
mod processes;
#[cfg(unix)]
#[path = "split.rs"]
mod processes;
#[cfg(unix)]
mod signals;

use std::io;
use std::process::ExitCode;
use std::time::Duration;

pub(crate) use confine::watch_stack;
pub(crate) use place::note;
use processes::{Started, start};
use verdict::Verdict;

use crate::limits::Limits;

/// The status of a runtime whose engine crashed.
const CRASHED: u8 = 85;

/// The status of a runtime that could not do as it should, and not because of a script.
const BROKEN: u8 = 70;

/// How long a child has to end by itself after its limit of time.
const GRACE: Duration = Duration::from_secs(1);

/// What became of a child.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Ended {
    how: How,
    /// Processor time that it used, where the system tells.
    cpu: Duration,
    /// The most bytes that it had in memory at once, where the system tells.
    peak: u64,
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    /// With this status.
    Status(i32),
    /// By this signal.
    #[cfg_attr(not(unix), allow(dead_code, reason = "there are no signals"))]
    Signal(i32),
    /// It was killed, because it ran on after its wall limit.
    Late,
}

impl Default for How {
    fn default() -> Self {
        Self::Status(0)
    }
}

/// Runs `runtime` in a child, and ends as the child does.
pub(crate) fn supervise(limits: &Limits, runtime: impl FnOnce() -> ExitCode) -> ExitCode {
    let child = match start() {
        Ok(Started::Here(supervisor)) => {
            return match supervisor
                .is_there()
                .and_then(|()| confine::confine(limits))
            {
                Ok(()) => runtime(),
                Err(error) => fail("confine", &error),
            };
        }
        Ok(Started::Child(child)) => child,
        Err(error) => return fail("start", &error),
    };
    let deadline = limits.wall.map(|wall| wall.saturating_add(GRACE));
    match child.wait(deadline) {
        Ok(ended) => obey(verdict::judge(ended, limits, place::read())),
        Err(error) => fail("wait for", &error),
    }
}

fn obey(verdict: Verdict) -> ExitCode {
    match verdict {
        Verdict::Pass(code) => processes::pass(code),
        Verdict::Say(text, status) => {
            say(&text);
            ExitCode::from(status)
        }
        #[cfg(unix)]
        Verdict::Die(text, signal) => {
            if let Some(text) = text {
                say(&text);
            }
            signals::die_by(signal)
        }
    }
}

fn fail(what: &str, error: &io::Error) -> ExitCode {
    say(&format!(
        "error: cannot {what} the process of the script: {error}"
    ));
    ExitCode::from(BROKEN)
}

fn say(text: &str) {
    use io::Write as _;
    // Nobody may be reading; there is nothing more to say then.
    let _ = writeln!(io::stderr(), "{text}");
}
