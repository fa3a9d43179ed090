#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn copy(from: &[u8], to: &mut [u8]) {}

fn main() {}
