//! Functions on the global object.

use runtime_core::prelude::*;

/// Adds two numbers.
#[js_fn]
fn add(a: f64, b: f64) -> f64 {
    a + b
}

/// Divides whole numbers, which panics when `b` is 0.
#[js_fn]
fn divide(a: i32, b: i32) -> i32 {
    a / b
}
