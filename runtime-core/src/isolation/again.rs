//! Two processes where one cannot split: the program starts itself again with the same arguments. The boundary: `std::process`.
//!
//! What this program opens itself is not inherited; a handle that its caller has marked as inheritable is, and nothing here closes it.

use std::io;
use std::process::{Command, ExitCode, exit};
use std::time::{Duration, Instant};

use super::{Ended, How};

/// What tells a child that it is one. Who sets it by hand has no supervisor and all the limits of the runtime.
const MARK: &str = "TAILOR_SUPERVISED";

/// How often a child with a deadline is asked whether it has ended.
const ASK: Duration = Duration::from_millis(20);

/// Which of the two processes this is.
pub(super) enum Started {
    /// The child.
    Here(Supervisor),
    /// The supervisor, and whom it started.
    Child(Child),
}

/// The supervisor, as the child knows it: not at all.
pub(super) struct Supervisor;

/// The child, as the supervisor knows it.
pub(super) struct Child(std::process::Child);

/// Starts this program again, unless it is the one that was.
pub(super) fn start() -> io::Result<Started> {
    if std::env::var_os(MARK).is_some() {
        // SAFETY: this is the only thread, since `main` has only just begun.
        unsafe { std::env::remove_var(MARK) };
        return Ok(Started::Here(Supervisor));
    }
    let mut command = Command::new(std::env::current_exe()?);
    let child = command.args(std::env::args_os().skip(1)).env(MARK, "1");
    Ok(Started::Child(Child(child.spawn()?)))
}

impl Supervisor {
    /// Nothing can be asked of it here.
    pub(super) fn is_there(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Child {
    /// Waits for the end, and kills what runs on after the deadline.
    pub(super) fn wait(mut self, deadline: Option<Duration>) -> io::Result<Ended> {
        let started = Instant::now();
        let is_late = || deadline.is_some_and(|deadline| started.elapsed() >= deadline);
        let how = loop {
            let status = match deadline {
                Some(_) => self.0.try_wait()?,
                None => Some(self.0.wait()?),
            };
            match status {
                Some(status) => break How::Status(status.code().unwrap_or(1)),
                None if is_late() => {
                    self.0.kill()?;
                    self.0.wait()?;
                    break How::Late;
                }
                None => std::thread::park_timeout(ASK),
            }
        };
        Ok(Ended {
            how,
            ..Ended::default()
        })
    }
}

/// Ends with the status of the child, which may be more than a byte.
pub(super) fn pass(code: i32) -> ExitCode {
    exit(code)
}
