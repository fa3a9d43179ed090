//! The watch over one runtime: what it has used of time and memory, and whether that is too much.
//!
//! The boundary: clocks and counts. It is asked often (a backend asks between some thousands of instructions), so a runtime without limits
//! costs it two loads.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use super::{Account, Limits, Stop, process};
use crate::clock::Instant;
use crate::error::{Fatal, LimitHit};

/// The clock of one runtime.
///
/// The thread's own clock is exact and dear: each look is a call of the system. So entries are timed by the clock on the wall, which
/// never shows less than was computed, and the thread's clock is looked at when that would be too much.
#[derive(Debug)]
pub(crate) struct Watch {
    limits: Limits,
    account: Arc<Account>,
    stop: Arc<Stop>,
    started: Instant,
    /// Computing time up to the last look.
    used: Cell<Duration>,
    /// What the thread's clock showed then.
    looked: Cell<Duration>,
    /// Time on the wall of the entries that have ended since.
    since: Cell<Duration>,
    /// When the current entry began, or was last looked at.
    entered: Cell<Option<Instant>>,
}

/// An entry into the engine; the time until it is dropped is computing time.
#[derive(Debug)]
pub(crate) struct Running<'a>(Option<&'a Watch>);

impl Watch {
    pub(crate) fn new(limits: Limits, stop: Arc<Stop>) -> Self {
        Self {
            account: Arc::new(Account::new(limits.memory)),
            limits,
            stop,
            started: Instant::now(),
            used: Cell::default(),
            looked: Cell::new(match limits.cpu {
                Some(_) => thread_time(),
                None => Duration::ZERO,
            }),
            since: Cell::default(),
            entered: Cell::default(),
        }
    }

    /// What may be used.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The bytes that are held for the runtime's scripts.
    pub(crate) fn account(&self) -> &Arc<Account> {
        &self.account
    }

    /// Begins to count computing time; an entry within an entry counts once.
    pub(crate) fn run(&self) -> Running<'_> {
        if self.limits.cpu.is_none() || self.entered.get().is_some() {
            return Running(None);
        }
        self.entered.set(Some(Instant::now()));
        Running(Some(self))
    }

    /// Whether more than `limit` was computed.
    fn computed_more_than(&self, limit: Duration) -> bool {
        let entered = self.entered.get();
        let current = entered.map_or(Duration::ZERO, |entered| entered.elapsed());
        let since = self.since.get() + current;
        if self.used.get() + since <= limit {
            return false;
        }
        let now = thread_time();
        let computed = now.saturating_sub(self.looked.replace(now));
        // The embedding program may have computed on this thread, too, between entries.
        self.used.set(self.used.get() + computed.min(since));
        self.since.set(Duration::ZERO);
        self.entered.set(entered.map(|_| Instant::now()));
        self.used.get() > limit
    }

    /// When the runtime must have ended.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.started.checked_add(self.limits.wall?)
    }

    /// Why nothing more may run, if so: a limit of time or memory, or a wish to stop from another thread.
    pub(crate) fn over(&self) -> Option<Fatal> {
        if self.stop.is_asked() {
            return Some(Fatal::Stopped);
        }
        // Before the clocks: what a script does when it was refused takes time, too.
        if let Some(hit) = self.account.hit() {
            return Some(hit.into());
        }
        if let Some(limit) = self.limits.cpu
            && self.computed_more_than(limit)
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
            let ended = watch.entered.take();
            let current = ended.map_or(Duration::ZERO, |entered| entered.elapsed());
            watch.since.set(watch.since.get() + current);
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
#[cfg(not(any(unix, target_os = "wasi")))]
pub(super) fn process_time() -> Duration {
    thread_time()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn watch(cpu: Duration) -> Watch {
        let limits = Limits {
            cpu: Some(cpu),
            ..Limits::NONE
        };
        Watch::new(limits, Arc::default())
    }

    /// Computes for some time of the thread's own.
    fn compute(time: Duration) {
        let start = thread_time();
        while thread_time() - start < time {}
    }

    #[test]
    fn entries_are_added_up() {
        let watch = watch(Duration::from_millis(10));
        for _ in 0..3 {
            assert_eq!(watch.over(), None);
            let _running = watch.run();
            let _within = watch.run();
            compute(Duration::from_millis(4));
        }
        assert!(matches!(watch.over(), Some(Fatal::Limit(hit)) if hit.key == "cpu"));
    }

    #[test]
    fn what_is_computed_between_entries_does_not_count() {
        let watch = watch(Duration::from_millis(10));
        drop(watch.run());
        compute(Duration::from_millis(20));
        drop(watch.run());
        assert_eq!(watch.over(), None);
    }

    #[test]
    fn time_in_which_the_thread_does_not_compute_does_not_count() {
        let watch = watch(Duration::from_millis(10));
        let _running = watch.run();
        let since = watch.entered.get().expect("it has begun");
        // As if the thread had been stopped for a while in the entry.
        let earlier = since.checked_sub(Duration::from_secs(5));
        watch.entered.set(earlier);
        assert_eq!(watch.over(), None);
        compute(Duration::from_millis(11));
        assert!(watch.over().is_some());
    }
}
