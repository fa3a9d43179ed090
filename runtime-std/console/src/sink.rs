//! Where the console's lines go. The default sink is the process's own output; a test, an embedder or another target has its own.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use runtime_core::clock::Instant;
use runtime_core::engine::Cx;

/// One of the two streams of a console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output: `log`, `info`, `debug`, `dir`, `table` and the like.
    Out,
    /// Standard error: `warn`, `error`, `assert`, `trace`.
    Err,
}

/// What takes the console's lines.
pub trait Sink {
    /// Takes whole lines. An error of the kind `BrokenPipe` says that nobody reads any more: it ends the script, and is no failure.
    /// Others are thrown.
    fn write(&mut self, stream: Stream, lines: &str) -> io::Result<()>;

    /// Hands on what is held back. It is called when the script that wrote has run to its end.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Whether something is held back.
    fn is_holding(&self) -> bool {
        false
    }

    /// Whether `stream` shows colours.
    fn has_colours(&self, _stream: Stream) -> bool {
        false
    }

    /// Clears the screen, where there is one.
    fn clear(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sends what the scripts of this runtime log to `sink` from now on.
pub fn redirect(cx: &mut Cx<'_>, sink: impl Sink + 'static) {
    cx.local::<super::state::Console>().redirect(Box::new(sink));
}

/// The process's standard output and standard error.
///
/// A terminal, and a script that says little, see each line at once. A script that says much in one go, to a file or pipe, is
/// held back and written in blocks: when a block is full, when a moment has passed, before anything goes to standard error, when
/// the script has run to its end, and when the runtime is dropped.
#[derive(Debug)]
pub(super) struct Process {
    held: Vec<u8>,
    holds_back: bool,
    /// When the lines that are being counted began, and how many there were.
    since: Instant,
    lines: u32,
    out_has_colours: bool,
    err_has_colours: bool,
    /// Whether it has been said that nobody reads standard output any more.
    is_closed: bool,
}

/// How many bytes are held back at most.
const BLOCK: usize = 64 << 10;

/// How long at most, while the script goes on writing.
const MOMENT: Duration = Duration::from_millis(20);

/// How many lines of each moment go out at once.
const AT_ONCE: u32 = 64;

impl Default for Process {
    fn default() -> Self {
        let out = io::stdout().is_terminal();
        let err = io::stderr().is_terminal();
        Self {
            held: Vec::new(),
            holds_back: !out,
            since: Instant::now(),
            lines: 0,
            out_has_colours: colours(out),
            err_has_colours: colours(err),
            is_closed: false,
        }
    }
}

/// Whether colours are written: on a terminal that can show them, unless `NO_COLOR` is set; or because `FORCE_COLOR` is.
fn colours(is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(force) = set("FORCE_COLOR") {
        return force != "0";
    }
    is_terminal && set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb")
}

impl Process {
    fn out(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        let written = out.write_all(bytes).and_then(|()| out.flush());
        if let Err(error) = &written {
            self.is_closed = error.kind() == io::ErrorKind::BrokenPipe;
        }
        written
    }
}

impl Sink for Process {
    fn write(&mut self, stream: Stream, lines: &str) -> io::Result<()> {
        if stream == Stream::Err {
            self.flush()?;
            // A closed standard error is nobody's loss but its own.
            let _ = io::stderr().write_all(lines.as_bytes());
            return Ok(());
        }
        if !self.holds_back {
            return self.out(lines.as_bytes());
        }
        let now = Instant::now();
        if now.duration_since(self.since) > MOMENT {
            self.since = now;
            self.lines = 0;
        }
        self.lines = self.lines.saturating_add(1);
        self.held.extend_from_slice(lines.as_bytes());
        if self.lines <= AT_ONCE || self.held.len() >= BLOCK {
            return self.flush();
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let mut held = std::mem::take(&mut self.held);
        let result = self.out(&held);
        held.clear();
        self.held = held;
        result
    }

    fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    fn has_colours(&self, stream: Stream) -> bool {
        match stream {
            Stream::Out => self.out_has_colours,
            Stream::Err => self.err_has_colours,
        }
    }

    fn clear(&mut self) -> io::Result<()> {
        if self.holds_back {
            return Ok(());
        }
        // To the first line and column, and everything from there.
        self.out(b"\x1b[H\x1b[J")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The runtime is gone: nobody is left to tell that nobody reads.
        let _ = self.flush();
    }
}
