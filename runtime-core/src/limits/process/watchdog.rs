//! A thread that ends the process when a script computes or runs on, some time after its limit.
//!
//! It counts the processor time of the whole process, in which the threads that read and write files for the script have their
//! part. It sleeps for as long as the limit cannot have been reached.

use std::thread;
use std::time::{Duration, Instant};

use super::super::watch::process_time;
use crate::error::LimitHit;

/// How long the engine has to end the script itself.
const GRACE: Duration = Duration::from_millis(100);

/// What it needs: it formats a line.
const STACK: usize = 128 << 10;

struct Watchdog {
    started: Instant,
    cpu: Option<Duration>,
    wall: Option<Duration>,
}

/// Starts the thread. It ends with the process.
pub(super) fn start(cpu: Option<Duration>, wall: Option<Duration>) -> std::io::Result<()> {
    let watchdog = Watchdog {
        started: Instant::now(),
        cpu,
        wall,
    };
    let thread = thread::Builder::new()
        .name("watchdog".to_owned())
        .stack_size(STACK);
    thread.spawn(move || watchdog.run()).map(drop)
}

impl Watchdog {
    fn run(&self) {
        let mut grace = Duration::ZERO;
        loop {
            match self.judge(process_time(), self.started.elapsed(), grace) {
                Ok(_) if grace.is_zero() => {
                    super::wish();
                    grace = GRACE;
                }
                Ok(hit) if super::claim() => {
                    super::end(super::words(&hit).as_bytes(), hit.status());
                }
                // Another thread is saying why the process ends.
                Ok(_) => return,
                Err(left) => thread::park_timeout(left),
            }
        }
    }

    /// The limit that was passed by more than `grace`, or how long that takes at least.
    fn judge(
        &self,
        computed: Duration,
        elapsed: Duration,
        grace: Duration,
    ) -> Result<LimitHit, Duration> {
        let mut left = Duration::MAX;
        for (key, limit, used) in [("cpu", self.cpu, computed), ("wall", self.wall, elapsed)] {
            let Some(limit) = limit else { continue };
            match limit.saturating_add(grace).checked_sub(used) {
                None | Some(Duration::ZERO) => return Ok(LimitHit::time(key, limit)),
                Some(rest) => left = left.min(rest),
            }
        }
        Err(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_passed_after_its_grace() {
        let seconds = Duration::from_secs;
        let watchdog = Watchdog {
            started: Instant::now(),
            cpu: Some(seconds(2)),
            wall: Some(seconds(9)),
        };
        let check = |computed, elapsed, expect: Result<&str, Duration>| {
            let judged = watchdog.judge(computed, elapsed, GRACE);
            let judged = judged.as_ref().map(|hit| hit.key).map_err(|left| *left);
            assert_eq!(judged, expect, "{computed:?} {elapsed:?}");
        };
        check(seconds(0), seconds(0), Err(seconds(2) + GRACE));
        check(seconds(2), seconds(3), Err(GRACE));
        check(seconds(1), seconds(9), Err(GRACE));
        check(seconds(2) + GRACE, seconds(3), Ok("cpu"));
        check(seconds(1), seconds(10), Ok("wall"));
    }

    #[test]
    fn a_limit_that_no_clock_reaches_is_slept_through() {
        let watchdog = Watchdog {
            started: Instant::now(),
            cpu: None,
            wall: Some(Duration::MAX),
        };
        let day = Duration::from_secs(86_400);
        assert!(
            watchdog
                .judge(day, day, GRACE)
                .is_err_and(|left| left > day)
        );
    }
}
