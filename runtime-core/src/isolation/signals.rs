//! The signals of a supervisor: held back from before there is a child, and taken one by one.
//!
//! So there is no handler, and nothing can come between two steps. What is ignored when the program starts reaches the child too, which
//! ignores it as well: `nohup` wants that.

use std::io;
use std::mem::MaybeUninit;
use std::process::ExitCode;
use std::ptr;
use std::time::Duration;

/// What is passed on: what a user or a system sends to end a program, or to tell it something.
const PASSED: &[i32] = &[
    libc::SIGINT,
    libc::SIGTERM,
    libc::SIGHUP,
    libc::SIGQUIT,
    libc::SIGUSR1,
    libc::SIGUSR2,
    libc::SIGWINCH,
    libc::SIGCONT,
];

/// What the supervisor needs for itself, or does itself, too.
const OWN: &[i32] = &[libc::SIGCHLD, libc::SIGALRM, libc::SIGTSTP];

/// A signal that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Received {
    /// Something became of the child.
    Child,
    /// The alarm went off, or somebody sent its signal.
    Alarm,
    /// Both should pause.
    Stop { sent_to_all: bool },
    /// One to pass on, unless the child has it already.
    Other { signal: i32, sent_to_all: bool },
}

/// The signals that are held back.
pub(super) struct Signals(libc::sigset_t);

/// What was held back before.
pub(super) struct Before(libc::sigset_t);

impl Signals {
    /// Holds them back, from the child to come, too.
    pub(super) fn hold() -> io::Result<(Self, Before)> {
        let held = set(PASSED.iter().chain(OWN));
        let mut before = MaybeUninit::uninit();
        // SAFETY: the default, under which a child that has ended waits to be waited for, takes the place of whatever was inherited.
        unsafe { libc::signal(libc::SIGCHLD, libc::SIG_DFL) };
        // SAFETY: `held` is a set, and `before` becomes one.
        check(unsafe { libc::sigprocmask(libc::SIG_BLOCK, &raw const held, before.as_mut_ptr()) })?;
        // SAFETY: the call succeeded.
        Ok((Self(held), Before(unsafe { before.assume_init() })))
    }

    /// Sets the alarm, to whole seconds.
    pub(super) fn wake_after(&self, time: Duration) {
        let whole = time.as_secs().saturating_add(1);
        // SAFETY: the signal is held back, so it does nothing but wait to be taken.
        unsafe { libc::alarm(u32::try_from(whole).unwrap_or(u32::MAX)) };
    }

    /// Waits for the next one.
    pub(super) fn next(&self) -> io::Result<Received> {
        let (signal, sent_to_all) = loop {
            match take(&self.0) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                taken => break taken?,
            }
        };
        Ok(match signal {
            libc::SIGCHLD => Received::Child,
            libc::SIGALRM => Received::Alarm,
            libc::SIGTSTP => Received::Stop { sent_to_all },
            signal => Received::Other {
                signal,
                sent_to_all,
            },
        })
    }
}

impl Before {
    /// Lets the others come again, in the child. What has come until now is the supervisor's to pass on.
    pub(super) fn restore(&self) -> io::Result<()> {
        // SAFETY: it is the set that was.
        check(unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const self.0, ptr::null_mut()) })
    }
}

/// Takes one, and whether every process of the terminal's group has it: then the system sent it, because of a key.
#[cfg(target_os = "linux")]
fn take(held: &libc::sigset_t) -> io::Result<(i32, bool)> {
    let mut about = MaybeUninit::<libc::siginfo_t>::uninit();
    // SAFETY: `held` is a set, and `about` is written when a signal is taken.
    let signal = unsafe { libc::sigwaitinfo(held, about.as_mut_ptr()) };
    if signal < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call succeeded.
    let code = unsafe { about.assume_init() }.si_code;
    Ok((signal, code == libc::SI_KERNEL))
}

/// Takes one. This system does not say who sent it; two of a kind do no harm.
#[cfg(not(target_os = "linux"))]
fn take(held: &libc::sigset_t) -> io::Result<(i32, bool)> {
    let mut signal = 0;
    // SAFETY: `held` is a set, and `signal` a local.
    match unsafe { libc::sigwait(held, &raw mut signal) } {
        0 => Ok((signal, false)),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// Pauses this process, until it is told to continue.
pub(super) fn stop() {
    // SAFETY: it stops this process, and that is what was asked for.
    unsafe { libc::raise(libc::SIGSTOP) };
}

/// Ends this process by the signal that ended the child: whoever waits sees the same.
pub(super) fn die_by(signal: i32) -> ExitCode {
    // The child's core file, if there should be one, is not this process's to write.
    let none = rustix::process::Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    let only = set([&signal]);
    // SAFETY: the default takes the place of whatever there was, for a signal that ended a process a moment ago.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::sigprocmask(libc::SIG_UNBLOCK, &raw const only, ptr::null_mut());
        libc::raise(signal);
    }
    // The first process of a container is not ended by its own signals; a shell would give this status.
    ExitCode::from(128_u8.wrapping_add(signal as u8))
}

fn set<'a>(signals: impl IntoIterator<Item = &'a i32>) -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the set is emptied, and thereby made, before anything is added.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        for signal in signals {
            libc::sigaddset(set.as_mut_ptr(), *signal);
        }
        set.assume_init()
    }
}

fn check(result: i32) -> io::Result<()> {
    match result {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
