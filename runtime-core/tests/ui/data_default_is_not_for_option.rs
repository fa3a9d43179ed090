#![allow(unused)]
use runtime_core::prelude::*;

#[derive(FromJs)]
struct Options {
    #[js(default)]
    name: Option<String>,
}

fn main() {}
