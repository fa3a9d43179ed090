//! Where there is one thread, nothing watches a script but its engine. Touches nothing.

use std::io;
use std::time::Duration;

/// The engine alone looks at the clock.
pub(super) fn start(_cpu: Option<Duration>, _wall: Option<Duration>) -> io::Result<()> {
    Ok(())
}
