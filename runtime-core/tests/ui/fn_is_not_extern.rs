#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
extern "C" fn callback(value: f64) {}

fn main() {}
