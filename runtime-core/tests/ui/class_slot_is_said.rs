#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Target {
    listeners: Vec<Slot>,
}

#[js_class]
impl Target {}

fn main() {}
