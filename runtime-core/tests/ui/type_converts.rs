#![allow(unused)]
use runtime_core::prelude::*;

struct Mine;

#[js_fn]
fn take(value: Mine) {}

#[js_fn]
fn give() -> Mine {
    Mine
}

fn main() {}
