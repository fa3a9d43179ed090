//! The watch over one runtime: what it has used of time and memory, and whether that is too much.
//!
//! The boundary: clocks and counts. It is asked often (a backend asks between some thousands of instructions), so a runtime without limits
//! costs it two loads.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{LimitHit, Limits, process};
use crate::error::Fatal;
use crate::event_loop::Inbox;

/// The clock of one runtime.
#[derive(Debug)]
pub(crate) struct Watch {
    limits: Limits,
    inbox: Arc<Inbox>,
    started: Instant,
    /// Computing time of the entries that have ended.
    used: Cell<Duration>,
    /// The thread's clock when the current entry began.
    entered: Cell<Option<Duration>>,
}

/// An entry into the engine; the time until it is dropped is computing time.
#[derive(Debug)]
pub(crate) struct Running<'a>(Option<&'a Watch>);

impl Watch {
    pub(crate) fn new(limits: Limits, inbox: Arc<Inbox>) -> Self {
        Self {
            limits,
            inbox,
            started: Instant::now(),
            used: Cell::default(),
            entered: Cell::default(),
        }
    }

    /// What may be used.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Begins to count computing time; an entry within an entry counts once.
    pub(crate) fn run(&self) -> Running<'_> {
        if self.limits.cpu.is_none() || self.entered.get().is_some() {
            return Running(None);
        }
        self.entered.set(Some(thread_time()));
        Running(Some(self))
    }

    /// The computing time so far.
    pub(crate) fn computed(&self) -> Duration {
        let current = self.entered.get().map_or(Duration::ZERO, |entered| {
            thread_time().saturating_sub(entered)
        });
        self.used.get() + current
    }

    /// When the runtime must have ended.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.started.checked_add(self.limits.wall?)
    }

    /// Why nothing more may run, if so: a limit of time or memory, or a wish to stop from another thread.
    pub(crate) fn over(&self) -> Option<Fatal> {
        if self.inbox.is_stopped() {
            return Some(Fatal::Stopped);
        }
        if let Some(limit) = self.limits.cpu
            && self.computed() > limit
        {
            return Some(LimitHit::time("cpu", limit).into());
        }
        if let Some(limit) = self.limits.wall
            && self.started.elapsed() >= limit
        {
            return Some(LimitHit::time("wall", limit).into());
        }
        if let Some(limit) = self.limits.memory
            && self.is_short()
        {
            return Some(LimitHit::memory(limit).into());
        }
        None
    }

    /// Whether the process holds more memory than a script may, where the process is what counts it. A backend that can collect
    /// garbage does so before it asks whether the script is [`over`](Self::over).
    pub(crate) fn is_short(&self) -> bool {
        process::is_short()
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(watch) = self.0 {
            watch.used.set(watch.computed());
            watch.entered.set(None);
        }
    }
}

/// The processor time of this thread.
#[cfg(unix)]
fn thread_time() -> Duration {
    clock(rustix::time::ClockId::ThreadCPUTime)
}

/// The processor time of the process.
#[cfg(unix)]
pub(super) fn process_time() -> Duration {
    clock(rustix::time::ClockId::ProcessCPUTime)
}

#[cfg(unix)]
fn clock(clock: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(clock);
    // Both clocks count from a start: never negative.
    Duration::new(
        time.tv_sec.unsigned_abs(),
        time.tv_nsec.unsigned_abs() as u32,
    )
}

/// The time on the clock: the nearest to the thread's own that there is without a system call of the platform.
#[cfg(not(unix))]
fn thread_time() -> Duration {
    use std::sync::OnceLock;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// As of a thread.
#[cfg(not(unix))]
pub(super) fn process_time() -> Duration {
    thread_time()
}
