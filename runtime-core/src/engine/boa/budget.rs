//! The budget of instructions: the engine counts what it executes, and stops when nothing is left, which no script can catch.
//!
//! The engine takes a count and no clock, and takes it once. So the count is what the fastest machine would execute within the
//! limit: it never ends a script too early, and any other machine runs on for longer. Where a process guards the limit, that is what
//! ends the script in time.

use boa_engine::{Context, context::ContextBuilder};

use crate::limits::Limits;

/// Instructions a second that no machine executes: five cycles for each, at 5 GHz. Measured were 150 million a second of empty loops,
/// and 95 million of calls (`size`, a server of 2025): those end after seven and ten times their limit. In a page it is a quarter: the same
/// server executed 90 million a second in Node.
#[cfg(feature = "boa-budget")]
const FASTEST: u64 = match cfg!(all(target_arch = "wasm32", target_os = "unknown")) {
    true => 250_000_000,
    false => 1_000_000_000,
};

/// Gives the engine what it may execute under `limits`.
#[cfg(feature = "boa-budget")]
pub(super) fn grant(builder: ContextBuilder, limits: &Limits) -> ContextBuilder {
    let time = limits.cpu.into_iter().chain(limits.wall).min();
    // The engine's own default is to execute nothing.
    let count = time.map_or(usize::MAX, |time| {
        let count = time.as_micros().saturating_mul(u128::from(FASTEST)) / 1_000_000;
        usize::try_from(count).unwrap_or(usize::MAX)
    });
    builder.instructions_remaining(count)
}

/// Without the engine's count there is nothing to give.
#[cfg(not(feature = "boa-budget"))]
pub(super) fn grant(builder: ContextBuilder, _limits: &Limits) -> ContextBuilder {
    builder
}

/// Whether all was executed. The engine's error is lost when the script was resumed by a promise, so this is asked, too.
#[cfg(feature = "boa-budget")]
pub(super) fn is_spent(context: &Context) -> bool {
    context.instructions_remaining() == 0
}

/// What is not counted is never spent.
#[cfg(not(feature = "boa-budget"))]
pub(super) fn is_spent(_context: &Context) -> bool {
    false
}
