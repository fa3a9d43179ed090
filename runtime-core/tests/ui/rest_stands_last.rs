#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn log(words: Rest<String>, level: f64) {}

fn main() {}
