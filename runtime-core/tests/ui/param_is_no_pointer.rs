#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn poke(address: *mut u8) {}

fn main() {}
