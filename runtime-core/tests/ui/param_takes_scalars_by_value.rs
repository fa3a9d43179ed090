#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn add(a: &f64, b: &mut u32) -> f64 {
    *a
}

fn main() {}
