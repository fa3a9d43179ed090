//! The supervisor: it starts the child, waits, and says what the child could not.

use std::io;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::time::Duration;

use super::notes::Notes;
use super::{CRASHED, MARK};
use crate::limits::{LimitHit, Limits};

/// How long after its wall limit a child has to end by itself.
const GRACE: Duration = Duration::from_secs(1);

/// Runs this program again as a child with the same arguments, and ends as it does.
pub(crate) fn supervise(limits: &Limits) -> ExitCode {
    let notes = Notes::create();
    let started = notes.and_then(|notes| {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(std::env::args_os().skip(1))
            .env(MARK, notes.number().to_string());
        // What is said in the help is the name that the program was called by.
        #[cfg(unix)]
        if let Some(name) = std::env::args_os().next() {
            std::os::unix::process::CommandExt::arg0(&mut command, name);
        }
        signals::prepare()?;
        Ok((command.spawn()?, notes))
    });
    let (mut child, notes) = match started {
        Ok(started) => started,
        Err(error) => {
            return say(
                &format!("error: cannot start the process of the script: {error}"),
                70,
            );
        }
    };
    match wait(&mut child, limits) {
        Ok(Ended::ByItself(status)) => judge(status, limits, &notes),
        Ok(Ended::Late(limit)) => {
            let hit = LimitHit {
                at: notes.read(),
                ..LimitHit::time("wall", limit)
            };
            say(&format!("error: {hit}"), hit.status())
        }
        Err(error) => say(
            &format!("error: cannot wait for the process of the script: {error}"),
            70,
        ),
    }
}

/// How a child ended.
#[derive(Debug)]
enum Ended {
    ByItself(ExitStatus),
    /// It ran on after its wall limit, and was killed.
    Late(Duration),
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn wait(child: &mut Child, limits: &Limits) -> io::Result<Ended> {
    use std::time::Instant;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    let pid = Pid::from_child(child);
    let forwarding = signals::forward_to(pid)?;
    let pidfd = pidfd_open(pid, PidfdFlags::empty())?;
    let started = Instant::now();
    loop {
        let left = limits
            .wall
            .map(|wall| (wall + GRACE).saturating_sub(started.elapsed()));
        let timeout = left.and_then(|left| Timespec::try_from(left).ok());
        let mut ready = [PollFd::new(&pidfd, PollFlags::IN)];
        match poll(&mut ready, timeout.as_ref()) {
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
            Ok(0) => {
                // It may have ended in this very moment; killing it then does nothing.
                child.kill()?;
                child.wait()?;
                return Ok(Ended::Late(limits.wall.unwrap_or_default()));
            }
            Ok(_) => {
                drop(forwarding);
                return child.wait().map(Ended::ByItself);
            }
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn wait(child: &mut Child, limits: &Limits) -> io::Result<Ended> {
    use std::time::Instant;

    /// How often a child with a wall limit is asked whether it has ended.
    const ASK: Duration = Duration::from_millis(20);

    let Some(wall) = limits.wall else {
        return child.wait().map(Ended::ByItself);
    };
    let started = Instant::now();
    while started.elapsed() < wall + GRACE {
        if let Some(status) = child.try_wait()? {
            return Ok(Ended::ByItself(status));
        }
        std::thread::park_timeout(ASK);
    }
    child.kill()?;
    child.wait()?;
    Ok(Ended::Late(wall))
}

/// Ends as the child did, and says what it could not.
fn judge(status: ExitStatus, limits: &Limits, notes: &Notes) -> ExitCode {
    if let Some(code) = status.code() {
        return crash_code(code).map_or_else(
            || ExitCode::from(u8::try_from(code).unwrap_or(1)),
            |what| crashed(what, notes),
        );
    }
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return killed(signal, limits, notes);
    }
    let _ = limits;
    crashed("it ended without a status", notes)
}

/// What a status says of a crash, where crashes are statuses.
fn crash_code(code: i32) -> Option<&'static str> {
    if !cfg!(windows) {
        return None;
    }
    // The upper half is the system's own: `0xC0000005` and its like.
    ((code as u32) >= 0xC000_0000).then_some("the system ended it")
}

#[cfg(unix)]
fn killed(signal: i32, limits: &Limits, notes: &Notes) -> ExitCode {
    let hit = match signal {
        libc::SIGXCPU => limits.cpu.map(|limit| LimitHit::time("cpu", limit)),
        // The system kills what takes the processor on and on after it was told, and what takes the memory of others.
        libc::SIGKILL => limits.memory.map(LimitHit::memory),
        _ => None,
    };
    if let Some(hit) = hit {
        let hit = LimitHit {
            at: notes.read(),
            ..hit
        };
        return say(&format!("error: {hit}"), hit.status());
    }
    match signal {
        libc::SIGSEGV | libc::SIGBUS => {
            crashed("it overflowed its stack, or met a bug of its own", notes)
        }
        libc::SIGABRT => crashed("it gave up", notes),
        libc::SIGILL | libc::SIGFPE | libc::SIGTRAP | libc::SIGSYS => {
            crashed("it met a bug of its own", notes)
        }
        // Somebody asked it to end, and the supervisor was asked with it: whoever waits sees the same.
        signal => signals::die_by(signal),
    }
}

fn crashed(what: &str, notes: &Notes) -> ExitCode {
    let mut text = format!("error: the engine crashed: {what}");
    if let Some(place) = notes.read() {
        text.push_str(&format!("\n    last seen at {place}"));
    }
    text.push_str("\n    note: nothing else was harmed; the script may have a way around it");
    say(&text, CRASHED)
}

fn say(text: &str, status: u8) -> ExitCode {
    use std::io::Write as _;
    // Nobody may be reading; there is nothing more to say then.
    let _ = writeln!(io::stderr(), "{text}");
    ExitCode::from(status)
}

#[cfg(unix)]
mod signals {
    //! Signals pass through: what is sent to the supervisor reaches the child.

    use std::io;
    use std::process::ExitCode;
    use std::sync::atomic::{AtomicI32, Ordering};

    use rustix::process::Pid;

    /// What a user or a system sends to end, or to tell something to, a program. A terminal sends to both already, and a second one
    /// changes nothing.
    const FORWARDED: &[i32] = &[
        libc::SIGINT,
        libc::SIGTERM,
        libc::SIGHUP,
        libc::SIGQUIT,
        libc::SIGUSR1,
        libc::SIGUSR2,
    ];

    /// The child; none before it is there.
    static CHILD: AtomicI32 = AtomicI32::new(0);

    /// What came before there was a child.
    static EARLY: AtomicI32 = AtomicI32::new(0);

    extern "C" fn forward(signal: i32) {
        match CHILD.load(Ordering::Acquire) {
            0 => EARLY.store(signal, Ordering::Release),
            // SAFETY: a handler may call it; the child is not waited for while it is named here.
            child => unsafe {
                libc::kill(child, signal);
            },
        }
    }

    /// Catches the signals. A child has them again as they were, since a handler does not outlive the start of a program.
    pub(super) fn prepare() -> io::Result<()> {
        for signal in FORWARDED {
            // SAFETY: the handler does nothing but what a handler may.
            unsafe {
                let mut action: libc::sigaction = std::mem::zeroed();
                let mut old: libc::sigaction = std::mem::zeroed();
                libc::sigaction(*signal, std::ptr::null(), &raw mut old);
                // What was ignored when the program started stays so, for the child too: `nohup` wants that.
                if old.sa_sigaction == libc::SIG_IGN {
                    continue;
                }
                action.sa_sigaction = forward as *const () as usize;
                action.sa_flags = libc::SA_RESTART;
                if libc::sigaction(*signal, &raw const action, std::ptr::null_mut()) != 0 {
                    return Err(io::Error::last_os_error());
                }
            }
        }
        Ok(())
    }

    /// Forwarding lasts until this is dropped, which is before the child is waited for.
    pub(super) struct Forwarding;

    pub(super) fn forward_to(child: Pid) -> io::Result<Forwarding> {
        CHILD.store(child.as_raw_nonzero().get(), Ordering::Release);
        match EARLY.swap(0, Ordering::AcqRel) {
            0 => {}
            signal => forward(signal),
        }
        Ok(Forwarding)
    }

    impl Drop for Forwarding {
        fn drop(&mut self) {
            CHILD.store(0, Ordering::Release);
        }
    }

    /// Ends this process by the signal that ended the child.
    pub(super) fn die_by(signal: i32) -> ExitCode {
        // SAFETY: the default takes the place of a handler, and the signal is one that ended a process a moment ago.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        }
        // A signal that does not end a process cannot have ended the child.
        ExitCode::from(128_u8.wrapping_add(signal as u8))
    }
}

#[cfg(not(unix))]
mod signals {
    //! This system has no signals to pass on: a console tells every process of its group.

    pub(super) fn prepare() -> std::io::Result<()> {
        Ok(())
    }
}
