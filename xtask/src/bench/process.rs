//! One process from start to finish: what it said, how long it took, what it used.
//!
//! The boundary: the operating system. Only Unix tells what a process that has ended used.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::diagnostics::Report;

/// What a process that succeeded took.
#[derive(Debug)]
pub(super) struct Usage {
    /// From before it was started to after its end.
    pub(super) wall: Duration,
    /// The time of processors, in its own code and in the system's for it.
    pub(super) cpu: Duration,
    /// The most bytes that it had in memory at once.
    pub(super) peak: u64,
    /// Its standard output.
    pub(super) said: String,
}

/// How a process comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// As fast as the system can.
    Spawn,
    /// With pages of its own from the first: a process that borrows its parent's until it is another program is charged with
    /// the parent's memory. Only so is the peak its own.
    Fork,
}

/// Runs a program to its end. That it fails is an error.
pub(super) fn run(command: &mut Command, start: Start) -> Result<Usage, Report> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |what: &str| Report::error(format!("cannot measure `{name}`: {what}"));
    let usage = system::run(command, start).map_err(|error| failed(&error.to_string()))?;
    usage.ok_or_else(|| failed("it failed").help("what it said stands above"))
}

#[cfg(unix)]
mod system {
    use std::io::{self, Read as _};
    use std::os::unix::process::CommandExt as _;
    use std::process::{Command, Stdio};

    use super::{Duration, Instant, Start, Usage};

    /// What it used, if it succeeded. Its standard error is ours.
    pub(super) fn run(command: &mut Command, start: Start) -> io::Result<Option<Usage>> {
        if start == Start::Fork {
            // SAFETY: the closure does nothing. That there is one makes the standard library fork.
            unsafe { command.pre_exec(|| Ok(())) };
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let begun = Instant::now();
        let mut child = command.spawn()?;
        let mut said = String::new();
        if let Some(mut out) = child.stdout.take() {
            out.read_to_string(&mut said)?;
        }
        let id = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
        let (status, used) = wait(id)?;
        let wall = begun.elapsed();
        if !(libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0) {
            return Ok(None);
        }
        Ok(Some(Usage {
            wall,
            cpu: duration(used.ru_utime) + duration(used.ru_stime),
            peak: used.ru_maxrss.unsigned_abs() * UNIT_OF_PEAK,
            said,
        }))
    }

    /// Darwin counts bytes, the others KiB.
    const UNIT_OF_PEAK: u64 = if cfg!(target_vendor = "apple") {
        1
    } else {
        1024
    };

    fn wait(id: libc::pid_t) -> io::Result<(i32, libc::rusage)> {
        let mut status = 0;
        // SAFETY: a `rusage` is numbers, of which zero is one.
        let mut used: libc::rusage = unsafe { std::mem::zeroed() };
        loop {
            // SAFETY: both pointers are to locals of the right type.
            if unsafe { libc::wait4(id, &raw mut status, 0, &raw mut used) } == id {
                return Ok((status, used));
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
    }

    fn duration(time: libc::timeval) -> Duration {
        let seconds = Duration::from_secs(time.tv_sec.unsigned_abs());
        seconds + Duration::from_micros(u64::try_from(time.tv_usec).unwrap_or(0))
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;
    use std::process::Command;

    use super::{Start, Usage};

    /// Nothing: this system does not tell.
    pub(super) fn run(_: &mut Command, _: Start) -> io::Result<Option<Usage>> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "this system does not tell what a process used",
        ))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_process_is_measured() {
        let usage = run(&mut shell("echo hello"), Start::Fork).expect("it succeeds");
        assert_eq!(usage.said, "hello\n");
        assert!(usage.wall > Duration::ZERO && usage.cpu <= usage.wall * 8);
        assert!(usage.peak > 100_000, "{usage:?}");
    }

    #[test]
    fn a_process_that_fails_is_an_error() {
        let error = run(&mut shell("exit 3"), Start::Spawn).expect_err("it fails");
        let text = error.render(false);
        assert!(text.contains("cannot measure `sh`: it failed"), "{text}");
    }
}
