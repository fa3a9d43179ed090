//! What a spec may say that the runtime, too, must know: permissions and limits, and how their values are written.
//!
//! The boundary: rows of constants and pure functions on text. No engine, no I/O and no dependency, so that the xtask takes
//! them without compiling an engine, and the runtime checks a flag exactly as the build checked the spec.

mod limits;
mod nearest;
mod permissions;
mod units;

pub use limits::{Keeper, LIMITS, Limit, limit};
pub use nearest::{distance, nearest};
pub use permissions::{PERMISSIONS, Permission, permission};
pub use units::{Amount, Unit, parse_bytes, parse_duration, parse_rate, show_bytes, show_duration};

use std::ops::Range;

/// What is said to a person who writes a spec: the tool has it, a built runtime does not.
pub(crate) const fn prose(text: &'static str) -> &'static str {
    if cfg!(feature = "prose") { text } else { "" }
}

/// Why a value written as text is refused, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong, as a lowercase phrase.
    pub what: String,
    /// What would be right.
    pub help: String,
    /// The offending bytes of the text.
    pub at: Range<usize>,
}

impl Mistake {
    /// A mistake that concerns the whole text.
    pub(crate) fn whole(text: &str, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: help.into(),
            at: 0..text.len(),
        }
    }

    /// A mistake in one part of the text.
    pub(crate) fn part(at: Range<usize>, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: help.into(),
            at,
        }
    }
}
