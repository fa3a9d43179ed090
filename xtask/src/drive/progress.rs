//! What a person sees of a long step: one live line on a terminal, a few plain lines elsewhere. Standard error only.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// How often a plain line is printed where there is no terminal.
const PLAIN_EVERY: Duration = Duration::from_secs(15);

/// The width that a live line keeps within when the terminal does not say.
const WIDTH: usize = 80;

/// A step under way.
#[derive(Debug)]
pub(crate) struct Progress {
    what: String,
    done: (usize, usize),
    names: String,
    started: Instant,
    live: bool,
    is_shown: bool,
    printed: Instant,
}

impl Progress {
    /// Starts a step: `compiling acme-js`.
    pub(crate) fn start(what: impl Into<String>) -> Self {
        let now = Instant::now();
        Self {
            what: what.into(),
            done: (0, 0),
            names: String::new(),
            started: now,
            live: std::io::stderr().is_terminal(),
            is_shown: false,
            printed: now,
        }
    }

    /// How far it is: `done` of `total`, and what is being worked on.
    pub(crate) fn step(&mut self, done: usize, total: usize, names: &str) {
        self.done = (done, total);
        names.clone_into(&mut self.names);
        self.tick();
    }

    /// Shows the step again, with the time.
    pub(crate) fn tick(&mut self) {
        let (done, total) = self.done;
        if total == 0 {
            return;
        }
        let clock = clock(self.started.elapsed());
        if self.live {
            let line = format!("{} {done}/{total}  {clock}  {}", self.what, self.names);
            let width = std::env::var("COLUMNS")
                .ok()
                .and_then(|text| text.parse().ok())
                .unwrap_or(WIDTH);
            let line: String = line.chars().take(width.saturating_sub(1)).collect();
            eprint!("\r\x1b[K{line}");
            self.is_shown = true;
        } else if self.printed.elapsed() >= PLAIN_EVERY {
            self.printed = Instant::now();
            eprintln!("{} {done}/{total}, {clock} so far", self.what);
        }
    }

    /// Prints something of its own above the live line.
    pub(crate) fn say(&mut self, text: &str) {
        self.clear();
        eprintln!("{}", text.trim_end());
    }

    /// Takes the live line away.
    pub(crate) fn clear(&mut self) {
        if self.is_shown {
            eprint!("\r\x1b[K");
            // A terminal that is gone needs no progress.
            let _ = std::io::stderr().flush();
            self.is_shown = false;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// `0:07`, `12:30`.
fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A duration as a person says it: `0.4 s`, `12 s`, `2 min 30 s`.
pub(crate) fn spoken(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    if seconds < 9.95 {
        format!("{seconds:.1} s")
    } else if seconds < 119.5 {
        format!("{seconds:.0} s")
    } else {
        format!(
            "{} min {} s",
            elapsed.as_secs() / 60,
            elapsed.as_secs() % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spoken() {
        let check =
            |millis, expect: &str| assert_eq!(spoken(Duration::from_millis(millis)), expect);
        check(430, "0.4 s");
        check(12_400, "12 s");
        check(150_000, "2 min 30 s");
    }
}
