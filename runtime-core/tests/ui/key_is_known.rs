#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn(permision = "sys:sensor", colour = "red")]
fn read() {}

fn main() {}
