//! What one runtime's console keeps: its sink, and the groups, counts and timers that are open.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::time::Duration;

use runtime_core::clock::Instant;
use runtime_core::engine::{Cx, Value};
use runtime_core::inspect::Options;
use runtime_core::{Error, Fatal, JsError};

use super::format;
use super::sink::{Process, Sink, Stream};

/// How many columns a level of groups indents.
const INDENT: usize = 2;

/// How many columns groups indent at most, so that there is room for what they contain.
const DEEPEST: usize = 40;

/// The console of one runtime.
pub(super) struct Console {
    sink: RefCell<Box<dyn Sink>>,
    groups: Cell<usize>,
    counts: RefCell<HashMap<String, u64>>,
    timers: RefCell<HashMap<String, Instant>>,
    /// Whether a flush has been queued for the end of the script that runs now.
    will_flush: Cell<bool>,
}

impl Default for Console {
    fn default() -> Self {
        Self {
            sink: RefCell::new(Box::<Process>::default()),
            groups: Cell::new(0),
            counts: RefCell::default(),
            timers: RefCell::default(),
            will_flush: Cell::new(false),
        }
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Console")
    }
}

impl Console {
    pub(super) fn redirect(&self, sink: Box<dyn Sink>) {
        let old = self.sink.replace(sink);
        // Dropped after the borrow ends, and flushed by that.
        drop(old);
    }

    /// How values are shown on `stream`, in the group that is open.
    pub(super) fn options(&self, stream: Stream) -> Options {
        let options = Options::default();
        Options {
            colours: self.sink.borrow().has_colours(stream),
            width: options.width - self.indent(),
            ..options
        }
    }

    /// Formats `data` as `console.log` does, and prints it.
    pub(super) fn log<'js>(
        &self,
        cx: &mut Cx<'js>,
        stream: Stream,
        data: &[Value<'js>],
    ) -> Result<(), Error<'js>> {
        let text = format::format(cx, data, &self.options(stream))?;
        self.print(cx, stream, &text)
    }

    /// Prints `text`, each of its lines in the group that is open.
    pub(super) fn print<'js>(
        &self,
        cx: &mut Cx<'js>,
        stream: Stream,
        text: &str,
    ) -> Result<(), Error<'js>> {
        let indent = " ".repeat(self.indent());
        let mut lines = String::with_capacity(text.len() + indent.len() + 1);
        for line in text.split('\n') {
            if !line.is_empty() {
                lines.extend([&*indent, line]);
            }
            lines.push('\n');
        }
        let written = self.sink.borrow_mut().write(stream, &lines);
        if self.sink.borrow().is_holding() && !self.will_flush.replace(true) {
            cx.queue_microtask(|cx| {
                let console = cx.local::<Self>();
                console.will_flush.set(false);
                let flushed = console.sink.borrow_mut().flush();
                if let Err(error) = flushed {
                    cx.report(lost(&error));
                }
            });
        }
        written.map_err(|error| lost(&error))
    }

    fn indent(&self) -> usize {
        (self.groups.get() * INDENT).min(DEEPEST)
    }

    pub(super) fn open_group(&self) {
        self.groups.set(self.groups.get() + 1);
    }

    pub(super) fn close_group(&self) {
        self.groups.set(self.groups.get().saturating_sub(1));
    }

    /// Closes all groups and clears the screen.
    pub(super) fn clear<'js>(&self) -> Result<(), Error<'js>> {
        self.groups.set(0);
        let cleared = self.sink.borrow_mut().clear();
        cleared.map_err(|error| lost(&error))
    }

    /// Counts one more of `label`.
    pub(super) fn count(&self, label: &str) -> u64 {
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(label.to_owned()).or_default();
        *count += 1;
        *count
    }

    /// Forgets the count of `label`; whether there was one.
    pub(super) fn reset_count(&self, label: &str) -> bool {
        self.counts.borrow_mut().remove(label).is_some()
    }

    /// Starts the timer `label`; whether there was none.
    pub(super) fn start_timer(&self, label: &str) -> bool {
        let mut timers = self.timers.borrow_mut();
        if timers.contains_key(label) {
            return false;
        }
        timers.insert(label.to_owned(), Instant::now());
        true
    }

    /// How long the timer `label` has run; none when there is no such timer. `stops` forgets it.
    pub(super) fn timer(&self, label: &str, stops: bool) -> Option<Duration> {
        let mut timers = self.timers.borrow_mut();
        let started = if stops {
            timers.remove(label)
        } else {
            timers.get(label).copied()
        };
        started.map(|started| started.elapsed())
    }
}

/// What a line that could not be written is to the script: when nobody reads any more, there is nothing left to run for.
fn lost<'js>(error: &io::Error) -> Error<'js> {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Error::Fatal(Fatal::Stopped);
    }
    let cause = JsError::from_std(error);
    JsError::error("cannot write to standard output")
        .with_cause(cause)
        .into()
}
