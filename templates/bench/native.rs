//! The native functions of the benchmark.

use runtime_core::prelude::*;

/// Adds two numbers.
#[js_fn]
pub fn add(a: f64, b: f64) -> f64 {
    a + b
}

/// Joins two strings.
#[js_fn]
pub fn concat(a: String, b: String) -> String {
    a + &b
}
