//! What a person sees of a long step: one live line on a terminal, a few plain lines elsewhere. Standard error only.
//!
//! The boundary: it is told what happens and decides what of it is printed. Who reads cargo's output is in `cargo`.

use std::io::{IsTerminal as _, Write};
use std::time::{Duration, Instant};

/// How often a plain line is printed where there is no terminal.
const PLAIN_EVERY: Duration = Duration::from_secs(15);

/// The width that a live line keeps within when the terminal does not say.
const WIDTH: usize = 80;

/// How many names of crates a plain line lists at most.
const NAMES: usize = 3;

/// A step under way.
pub(crate) struct Progress {
    what: String,
    /// What it does at the moment, and what is being worked on.
    now: String,
    names: String,
    started: Instant,
    /// The width of the terminal, where there is one.
    terminal: Option<usize>,
    is_shown: bool,
    is_preparing: bool,
    /// When a plain line was printed last; none was yet: the first is printed at once.
    printed: Option<Instant>,
    out: Box<dyn Write + Send>,
}

impl Progress {
    /// Starts a step: `compiling acme-js`.
    pub(crate) fn start(what: impl Into<String>) -> Self {
        let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
        let is_terminal = std::io::stderr().is_terminal();
        Self::writing(
            what,
            is_terminal.then(|| columns().unwrap_or(WIDTH)),
            Box::new(std::io::stderr()),
        )
    }

    fn writing(
        what: impl Into<String>,
        terminal: Option<usize>,
        out: Box<dyn Write + Send>,
    ) -> Self {
        Self {
            what: what.into(),
            now: String::new(),
            names: String::new(),
            started: Instant::now(),
            terminal,
            is_shown: false,
            is_preparing: false,
            printed: None,
            out,
        }
    }

    /// How far it is: `done` of `total`, and the crates that are being worked on.
    pub(crate) fn step(&mut self, done: usize, total: usize, names: &str) {
        if std::mem::take(&mut self.is_preparing) {
            // Where nobody sees a live line, the first step is worth a line of its own.
            self.printed = None;
        }
        self.turn_to(format!("{} {done}/{total}", self.what), names);
    }

    /// What goes on before the step itself: `downloading crates`.
    pub(crate) fn preparing(&mut self, what: &str, names: &str) {
        self.is_preparing = true;
        self.turn_to(what.to_owned(), names);
    }

    fn turn_to(&mut self, now: String, names: &str) {
        self.now = now;
        names.clone_into(&mut self.names);
        self.tick();
    }

    /// Shows the step again, with the time.
    pub(crate) fn tick(&mut self) {
        if self.now.is_empty() {
            return;
        }
        let elapsed = self.started.elapsed();
        if let Some(width) = self.terminal {
            let line = format!("{}  {}  {}", self.now, clock(elapsed), self.names);
            let line: String = line.chars().take(width.saturating_sub(1)).collect();
            self.write(&format!("\r\x1b[K{line}"));
            self.is_shown = true;
        } else if self.is_due() {
            self.printed = Some(Instant::now());
            let line = format!("{}{}, {} so far\n", self.now, self.list(), clock(elapsed));
            self.write(&line);
        }
    }

    fn is_due(&self) -> bool {
        self.printed
            .is_none_or(|printed| printed.elapsed() >= PLAIN_EVERY)
    }

    /// The names of the crates for a plain line.
    fn list(&self) -> String {
        let names: Vec<&str> = self.names.split(", ").filter(|n| !n.is_empty()).collect();
        match names.len() {
            0 => String::new(),
            many if many > NAMES => {
                format!(": {} and {} more", names[..NAMES].join(", "), many - NAMES)
            }
            _ => format!(": {}", names.join(", ")),
        }
    }

    /// Prints something of its own above the live line.
    pub(crate) fn say(&mut self, text: &str) {
        self.clear();
        self.write(&format!("{}\n", text.trim_end()));
    }

    /// Takes the live line away.
    pub(crate) fn clear(&mut self) {
        if self.is_shown {
            self.write("\r\x1b[K");
            self.is_shown = false;
        }
    }

    fn write(&mut self, text: &str) {
        // A terminal that is gone needs no progress.
        let _ = self.out.write_all(text.as_bytes());
        let _ = self.out.flush();
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

#[cfg(test)]
pub(super) mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What a progress wrote.
    #[derive(Clone, Default)]
    pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

    impl Written {
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.lock().expect("no writer panicked").clone())
                .expect("progress is text")
        }

        /// A progress of `compiling x` that writes here, as it does without a terminal.
        pub(crate) fn plain(&self) -> Progress {
            Progress::writing("compiling x", None, Box::new(self.clone()))
        }
    }

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no writer panicked").extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_plain_line_names_the_crates_and_comes_at_once_but_not_for_every_step() {
        let written = Written::default();
        let mut progress = written.plain();
        progress.preparing("downloading crates", "3 crates");
        progress.preparing("downloading crates", "2 crates");
        progress.step(3, 160, "boa_engine, syn, a, b, c");
        progress.step(4, 160, "syn");
        assert_eq!(
            written.text(),
            "downloading crates: 3 crates, 0:00 so far\n\
             compiling x 3/160: boa_engine, syn, a and 2 more, 0:00 so far\n"
        );
    }

    #[test]
    fn a_terminal_has_one_line_that_is_written_over_and_taken_away() {
        let written = Written::default();
        let mut progress = Progress::writing("compiling x", Some(30), Box::new(written.clone()));
        progress.step(3, 160, "boa_engine, a_name_that_is_longer_than_the_line");
        drop(progress);
        assert_eq!(
            written.text(),
            "\r\x1b[Kcompiling x 3/160  0:00  boa_\r\x1b[K"
        );
    }
}
