//! Two processes out of one: the child is a copy of the supervisor, made before there is anything in it but the program.
//!
//! No program is started again: that would take longer, would need to find itself, and would need a mark by which a child knows that it
//! is one, which anybody could forge. The boundary: `fork` and `wait4`.

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rustix::process::{Pid, getpid, getppid};

use super::signals::{Received, Signals};
use super::{Ended, How, place};

/// In which of the two processes the caller is now.
pub(super) enum Started {
    /// The child, and who made it.
    Here(Supervisor),
    /// The supervisor, and whom it made.
    Child(Child),
}

/// The supervisor, as the child knows it.
pub(super) struct Supervisor(Pid);

/// The child, as the supervisor knows it.
pub(super) struct Child {
    pid: libc::pid_t,
    signals: Signals,
    started: Instant,
}

/// Splits this process in two.
pub(super) fn start() -> io::Result<Started> {
    place::share()?;
    let supervisor = Supervisor(getpid());
    // From here on no signal is lost: what comes waits until the supervisor takes it.
    let (signals, before) = Signals::hold()?;
    // SAFETY: this is the only thread, since `main` has only just begun: the child finds every lock as it would at its own start.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => {
            before.restore()?;
            super::descriptors::close_all_but_streams()?;
            Ok(Started::Here(supervisor))
        }
        pid => Ok(Started::Child(Child {
            pid,
            signals,
            started: Instant::now(),
        })),
    }
}

impl Supervisor {
    /// Sees to it that nothing survives the supervisor, where the system can.
    pub(super) fn is_there(&self) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
        // It may have died before that was asked for.
        if getppid() == Some(self.0) {
            return Ok(());
        }
        Err(io::Error::other("its supervisor is gone"))
    }
}

impl Child {
    /// Waits for the end, and kills what runs on after the deadline. Signals pass through meanwhile.
    pub(super) fn wait(self, deadline: Option<Duration>) -> io::Result<Ended> {
        if let Some(deadline) = deadline {
            self.signals.wake_after(deadline);
        }
        let is_late = || deadline.is_some_and(|deadline| self.started.elapsed() >= deadline);
        loop {
            match self.signals.next()? {
                Received::Child => {
                    if let Some(ended) = self.reap(libc::WNOHANG)? {
                        return Ok(ended);
                    }
                }
                Received::Alarm if is_late() => {
                    // It is not waited for yet, so this is nobody else; if it has ended in this moment, nothing happens.
                    self.send(libc::SIGKILL);
                    let ended = self.reap(0)?.unwrap_or_default();
                    return Ok(Ended {
                        how: How::Late,
                        ..ended
                    });
                }
                Received::Alarm => self.send(libc::SIGALRM),
                Received::Stop { sent_to_all } => {
                    if !sent_to_all {
                        self.send(libc::SIGTSTP);
                    }
                    super::signals::stop();
                }
                Received::Other {
                    signal,
                    sent_to_all,
                } => {
                    if !sent_to_all {
                        self.send(signal);
                    }
                }
            }
        }
    }

    fn send(&self, signal: i32) {
        // SAFETY: the child has not been waited for, so its number is its own. That it has ended already is no error.
        unsafe { libc::kill(self.pid, signal) };
    }

    /// What became of the child, if anything.
    fn reap(&self, options: i32) -> io::Result<Option<Ended>> {
        let mut status = 0;
        // SAFETY: a `rusage` is numbers, of which zero is one.
        let mut used: libc::rusage = unsafe { std::mem::zeroed() };
        let reaped = loop {
            // SAFETY: both pointers are to locals of the right type.
            match unsafe { libc::wait4(self.pid, &raw mut status, options, &raw mut used) } {
                -1 if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => {}
                -1 => return Err(io::Error::last_os_error()),
                reaped => break reaped,
            }
        };
        let how = if libc::WIFSIGNALED(status) {
            How::Signal(libc::WTERMSIG(status))
        } else {
            How::Status(libc::WEXITSTATUS(status))
        };
        Ok((reaped == self.pid).then(|| Ended {
            how,
            cpu: time(used.ru_utime) + time(used.ru_stime),
            peak: u64::try_from(used.ru_maxrss).unwrap_or(0) * UNIT_OF_PEAK,
        }))
    }
}

/// Darwin counts bytes, the others KiB.
const UNIT_OF_PEAK: u64 = if cfg!(target_vendor = "apple") {
    1
} else {
    1024
};

fn time(time: libc::timeval) -> Duration {
    let seconds = Duration::from_secs(u64::try_from(time.tv_sec).unwrap_or(0));
    seconds + Duration::from_micros(u64::try_from(time.tv_usec).unwrap_or(0))
}

/// Ends with the status of the child.
pub(super) fn pass(code: i32) -> ExitCode {
    // Unix has statuses of one byte.
    ExitCode::from(code as u8)
}
