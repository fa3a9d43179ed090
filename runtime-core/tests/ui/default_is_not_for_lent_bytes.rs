#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn sum(#[js(default = &[])] bytes: &[u8]) {}

fn main() {}
