#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn first(text: &str) -> Option<&str> {
    text.lines().next()
}

fn main() {}
