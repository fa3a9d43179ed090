#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn log(#[js(default)] words: Rest<String>) {}

fn main() {}
