#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn ignore(_: f64) {}

fn main() {}
