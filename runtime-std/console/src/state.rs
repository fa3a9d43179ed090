//! What one runtime's console keeps: its sink, and the groups, counts and timers that are open.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::time::Duration;

use runtime_core::clock::Instant;
use runtime_core::engine::{Cx, Value};
use runtime_core::inspect::Options;
use runtime_core::{Error, Fatal, Held, JsError};

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
    counts: RefCell<HashMap<String, Labelled<u64>>>,
    timers: RefCell<HashMap<String, Labelled<Instant>>>,
    /// Whether a flush has been queued for the end of the script that runs now.
    will_flush: Cell<bool>,
}

/// What is known under a label, which is on the account.
struct Labelled<T> {
    value: T,
    _held: Held,
}

/// What a label takes beside its characters.
const LABEL: usize = 96;

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
        self.print(cx, stream, text.as_str())
    }

    /// Prints `text`, each of its lines in the group that is open.
    pub(super) fn print<'js>(
        &self,
        cx: &mut Cx<'js>,
        stream: Stream,
        text: &str,
    ) -> Result<(), Error<'js>> {
        let indent = " ".repeat(self.indent());
        let breaks = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let room = text.len() + breaks * (indent.len() + 1);
        // The sink may hold back a copy.
        let _held = cx.charge(2 * room)?;
        let mut lines = String::with_capacity(room);
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
    pub(super) fn count<'js>(&self, cx: &mut Cx<'js>, label: &str) -> Result<u64, Error<'js>> {
        if let Some(count) = self.counts.borrow_mut().get_mut(label) {
            count.value += 1;
            return Ok(count.value);
        }
        let first = labelled(cx, label, 1)?;
        self.counts.borrow_mut().insert(label.to_owned(), first);
        Ok(1)
    }

    /// Forgets the count of `label`; whether there was one.
    pub(super) fn reset_count(&self, label: &str) -> bool {
        self.counts.borrow_mut().remove(label).is_some()
    }

    /// Starts the timer `label`; whether there was none.
    pub(super) fn start_timer<'js>(
        &self,
        cx: &mut Cx<'js>,
        label: &str,
    ) -> Result<bool, Error<'js>> {
        if self.timers.borrow().contains_key(label) {
            return Ok(false);
        }
        let started = labelled(cx, label, Instant::now())?;
        self.timers.borrow_mut().insert(label.to_owned(), started);
        Ok(true)
    }

    /// How long the timer `label` has run; none when there is no such timer. `stops` forgets it.
    pub(super) fn timer(&self, label: &str, stops: bool) -> Option<Duration> {
        let mut timers = self.timers.borrow_mut();
        let started = if stops {
            timers.remove(label).map(|started| started.value)
        } else {
            timers.get(label).map(|started| started.value)
        };
        started.map(|started| started.elapsed())
    }
}

fn labelled<'js, T>(cx: &mut Cx<'js>, label: &str, value: T) -> Result<Labelled<T>, Error<'js>> {
    let _held = cx.charge(label.len() + LABEL)?;
    Ok(Labelled { value, _held })
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
