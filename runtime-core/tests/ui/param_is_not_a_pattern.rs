#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn add((a, b): (f64, f64), [c, d]: [f64; 2]) -> f64 {
    a + b + c + d
}

fn main() {}
