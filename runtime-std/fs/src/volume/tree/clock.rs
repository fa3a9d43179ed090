//! The time at which files change: the machine's.

use std::time::SystemTime;

/// The time by the clock.
pub(super) fn now() -> SystemTime {
    SystemTime::now()
}
