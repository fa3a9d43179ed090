//! One process from start to finish: what it said, how long it took, what it used.
//!
//! The boundary: the operating system. Only Unix tells what a process that has ended used, and only Linux what it had in memory.

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
    /// Its standard output.
    pub(super) said: String,
}

/// Runs a program to its end. That it fails is an error.
pub(super) fn run(command: &mut Command) -> Result<Usage, Report> {
    let name = name(command);
    let failed = |what: &str| Report::error(format!("cannot measure `{name}`: {what}"));
    let usage = system::run(command).map_err(|error| failed(&error.to_string()))?;
    usage.ok_or_else(|| failed("it failed").help("what it said stands above"))
}

/// The most bytes that a program has in memory at once, from its start to its end.
pub(super) fn peak(command: &mut Command) -> Result<u64, Report> {
    let name = name(command);
    memory::peak(command)
        .map_err(|error| Report::error(format!("cannot measure the memory of `{name}`: {error}")))
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

#[cfg(unix)]
mod system {
    use std::io::{self, Read as _};
    use std::process::{Command, Stdio};

    use super::{Duration, Instant, Usage};

    /// What it used, if it succeeded. Its standard error is ours.
    pub(super) fn run(command: &mut Command) -> io::Result<Option<Usage>> {
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
            said,
        }))
    }

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

    use super::Usage;

    /// Nothing: this system does not tell.
    pub(super) fn run(_: &mut Command) -> io::Result<Option<Usage>> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "this system does not tell what a process used",
        ))
    }
}

/// What the system says of an ended process counts what its parent had when it came about. So the process is stopped, as a debugger
/// does it, when it is about to end, and asked while its memory is still there.
#[cfg(target_os = "linux")]
mod memory {
    use std::os::unix::process::CommandExt as _;
    use std::process::{Command, Stdio};
    use std::{fs, io, ptr};

    /// The peak, if it succeeded.
    pub(super) fn peak(command: &mut Command) -> io::Result<u64> {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        // SAFETY: it is one system call, which allocates nothing; the process is then stopped when it becomes another program.
        unsafe {
            command.pre_exec(|| {
                let asked = libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0);
                (asked == 0)
                    .then_some(())
                    .ok_or_else(io::Error::last_os_error)
            });
        }
        let child = command.spawn()?;
        let id = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
        let mut peak = None;
        loop {
            let status = wait(id)?;
            if libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0 {
                return peak.ok_or_else(|| io::Error::other("it ended before it was asked"));
            }
            if !libc::WIFSTOPPED(status) {
                return Err(io::Error::other("it failed"));
            }
            let ends = status >> 8 == libc::SIGTRAP | (libc::PTRACE_EVENT_EXIT << 8);
            if ends {
                peak = read(id);
            }
            // The first stop is the new program's; what stops it later is a signal that is meant for it.
            let signal = match libc::WSTOPSIG(status) {
                libc::SIGTRAP => 0,
                signal => signal,
            };
            let options = libc::PTRACE_O_TRACEEXIT | libc::PTRACE_O_EXITKILL;
            // SAFETY: numbers only; the process is ours, and stopped.
            unsafe {
                libc::ptrace(libc::PTRACE_SETOPTIONS, id, 0, options);
                libc::ptrace(libc::PTRACE_CONT, id, ptr::null_mut::<u8>(), signal);
            }
        }
    }

    fn wait(id: libc::pid_t) -> io::Result<i32> {
        let mut status = 0;
        // SAFETY: the pointer is to a local.
        match unsafe { libc::waitpid(id, &raw mut status, 0) } {
            waited if waited == id => Ok(status),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Its high-water mark.
    fn read(id: libc::pid_t) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes << 10)
    }
}

#[cfg(not(target_os = "linux"))]
mod memory {
    use std::io;
    use std::process::Command;

    /// Nothing: this system does not tell.
    pub(super) fn peak(_: &mut Command) -> io::Result<u64> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "only Linux tells what a process had in memory",
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
        let usage = run(&mut shell("echo hello")).expect("it succeeds");
        assert_eq!(usage.said, "hello\n");
        assert!(usage.wall > Duration::ZERO && usage.cpu <= usage.wall * 8);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_memory_of_a_process_is_its_own() {
        // More than the shell has, and not this process's.
        let ours = vec![1_u8; 64 << 20];
        let peak = peak(&mut shell("exit 0")).expect("it is measured");
        assert!((100_000..ours.len() as u64 / 2).contains(&peak), "{peak}");
        let error = super::peak(&mut shell("exit 3")).expect_err("it fails");
        assert!(error.render(false).contains("it failed"));
    }

    #[test]
    fn a_process_that_fails_is_an_error() {
        let error = run(&mut shell("exit 3")).expect_err("it fails");
        let text = error.render(false);
        assert!(text.contains("cannot measure `sh`: it failed"), "{text}");
    }
}
