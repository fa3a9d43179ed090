//! What the tests of the Java API want to know, and what no script should be able to do.

use runtime_core::engine::capabilities::Keeps;
use runtime_core::prelude::*;

/// Whether a script that is running can be ended.
#[js_fn]
fn interrupts() -> bool {
    runtime_core::engine::interrupts()
}

/// Whether the engine keeps this limit by itself, in any process.
#[js_fn]
fn keeps(limit: &str) -> bool {
    runtime_core::engine::keeps(limit) == Keeps::Itself
}

/// Fails as no native function should.
#[js_fn]
fn explode() {
    panic!("boom");
}
