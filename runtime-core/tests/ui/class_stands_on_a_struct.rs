#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
fn counter() {}

fn main() {}
