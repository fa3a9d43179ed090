#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
unsafe fn poke(address: f64) {}

fn main() {}
