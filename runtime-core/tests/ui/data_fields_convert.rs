#![allow(unused)]
use runtime_core::prelude::*;

struct Mine;

#[derive(FromJs)]
struct Options {
    mine: Mine,
}

fn main() {}
