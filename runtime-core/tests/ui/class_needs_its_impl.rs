#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_fn]
fn make() -> Counter {
    Counter
}

fn main() {}
