#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn show(value: impl ToString) -> String {
    value.to_string()
}

fn main() {}
