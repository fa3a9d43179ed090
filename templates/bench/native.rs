//! The native functions of the benchmark.

use runtime_core::prelude::*;

/// A place.
#[derive(FromJs, IntoJs)]
pub struct Point {
    x: f64,
    y: f64,
}

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

/// Copies bytes.
#[js_fn]
pub fn copy(bytes: &[u8]) -> Vec<u8> {
    bytes.to_vec()
}

/// Mirrors a place.
#[js_fn]
pub fn mirror(place: Point) -> Point {
    Point {
        x: place.y,
        y: place.x,
    }
}

/// Gives the number back, later.
#[js_fn]
pub async fn later(value: f64) -> f64 {
    value
}
