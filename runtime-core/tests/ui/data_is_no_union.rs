#![allow(unused)]
use runtime_core::prelude::*;

#[derive(FromJs)]
union Bits {
    number: f64,
    integer: u64,
}

fn main() {}
