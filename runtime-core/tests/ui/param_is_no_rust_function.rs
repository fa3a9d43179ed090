#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn each(call: impl Fn(f64), other: Box<dyn Fn(f64) -> f64>, third: fn(f64)) {}

fn main() {}
