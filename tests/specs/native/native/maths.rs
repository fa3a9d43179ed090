//! Functions on the global object.

use runtime_core::prelude::*;

/// Adds two numbers.
#[js_fn]
fn add(a: f64, b: f64) -> f64 {
    a + b
}
