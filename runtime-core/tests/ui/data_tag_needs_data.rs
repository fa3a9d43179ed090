#![allow(unused)]
use runtime_core::prelude::*;

#[derive(FromJs)]
#[js(tag = "kind")]
enum Mode {
    Fast,
    Slow,
}

fn main() {}
