#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn show() -> impl ToString {
    1
}

#[js_fn]
fn count() -> impl Iterator<Item = f64> {
    std::iter::once(1.0)
}

fn main() {}
