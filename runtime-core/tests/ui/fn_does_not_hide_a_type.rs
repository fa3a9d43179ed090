#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn bool(value: f64) -> f64 {
    value
}

fn main() {}
