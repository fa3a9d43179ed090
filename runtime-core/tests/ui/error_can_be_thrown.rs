#![allow(unused)]
use runtime_core::prelude::*;

struct Mine;

#[js_fn]
fn fail() -> Result<f64, Mine> {
    Err(Mine)
}

fn main() {}
