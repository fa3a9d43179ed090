#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn(name, permission = sensor)]
fn read(#[js] a: f64) {}

fn main() {}
