#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn(name = "read-all")]
fn read() {}

fn main() {}
