//! A wish from another thread that a runtime stops.

use std::sync::atomic::{AtomicBool, Ordering};

use super::process;

/// Whether somebody asked a runtime to stop. While it is asked and the runtime exists, scripts are
/// judged at every opportunity.
#[derive(Debug, Default)]
pub(crate) struct Stop(AtomicBool);

impl Stop {
    /// Asks for it.
    pub(crate) fn ask(&self) {
        if !self.0.swap(true, Ordering::AcqRel) {
            process::wish();
        }
    }

    /// Whether somebody asked for it.
    pub(crate) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        if self.is_asked() {
            process::unwish();
        }
    }
}
