#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn greet(#[js(default = None)] name: Option<String>) {}

fn main() {}
