//! The counts of a crossing: what the conversion that is going on in a runtime has taken over.
//! `convert/budget.rs` counts.

use std::cell::Cell;

/// What the crossing that is going on in a runtime has taken over.
#[derive(Debug, Default)]
pub(crate) struct Crossing {
    pub(crate) depth: Cell<usize>,
    pub(crate) parts: Cell<usize>,
    pub(crate) bytes: Cell<u64>,
    /// Where the stack ended when the crossing began.
    pub(crate) top: Cell<usize>,
    /// Work since the clocks were looked at. Small crossings add up.
    pub(crate) work: Cell<usize>,
}
