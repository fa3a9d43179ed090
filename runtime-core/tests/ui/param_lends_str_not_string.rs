#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn greet(name: &String) -> String {
    name.clone()
}

fn main() {}
