#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_class]
impl Counter {
    fn merge(&mut self, other: &Counter) {}
}

fn main() {}
