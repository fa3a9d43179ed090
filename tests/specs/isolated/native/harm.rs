//! What native code can do to a process, and no engine can prevent.

use std::hint::black_box;

use runtime_core::prelude::*;

/// Gives up.
#[js_fn]
fn abort() {
    std::process::abort();
}

/// Never returns.
#[js_fn]
fn spin() {
    while black_box(true) {}
}

/// Takes memory for as long as there is some.
#[js_fn]
fn hoard() -> f64 {
    let mut all = Vec::new();
    while black_box(true) {
        all.push(vec![1_u8; 1 << 20]);
    }
    all.len() as f64
}

/// Takes more memory at once than there is.
#[js_fn]
fn claim() -> f64 {
    vec![0_u8; 1 << 40].len() as f64
}

/// Calls itself until the stack is full.
#[js_fn]
fn overflow() -> f64 {
    deeper(0.0)
}

fn deeper(depth: f64) -> f64 {
    match black_box(depth) {
        f64::INFINITY => 0.0,
        depth => deeper(depth + 1.0) + black_box(depth),
    }
}
