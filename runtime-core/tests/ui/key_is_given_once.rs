#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn(name = "a", name = "b")]
fn read() {}

fn main() {}
