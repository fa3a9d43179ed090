#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn greet(#[js(default = "three")] times: u32) {}

fn main() {}
