//! Where there is one thread, nothing watches a script but its engine, which must stop loops by itself. Touches nothing.

use std::io;
use std::time::Duration;

/// An error when a limit is said that the engine, as it was built, cannot keep.
pub(super) fn start(_cpu: Option<Duration>, _wall: Option<Duration>) -> io::Result<()> {
    if super::STOPS_LOOPS {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "a command of WASI has no thread to watch the clock, and this engine was built to stop no loops: leave the limits of time out",
    ))
}
