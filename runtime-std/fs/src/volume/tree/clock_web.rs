//! The time at which files change: the page's, as this target has no clock of its own.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time by the clock.
pub(super) fn now() -> SystemTime {
    let milliseconds = js_sys::Date::now().max(0.0);
    UNIX_EPOCH + Duration::from_micros((milliseconds * 1e3) as u64)
}
