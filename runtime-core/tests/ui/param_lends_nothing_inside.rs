#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn greet(name: Option<&str>, pair: (&str, f64)) -> String {
    String::new()
}

fn main() {}
