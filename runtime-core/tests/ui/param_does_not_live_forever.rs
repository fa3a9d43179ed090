#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn greet(name: &'static str) {}

fn main() {}
