#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn show<T, const N: usize>(value: T) -> String {
    String::new()
}

fn main() {}
