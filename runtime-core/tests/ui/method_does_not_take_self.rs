#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_class]
impl Counter {
    fn finish(self) {}

    fn wrapped(self: Box<Self>) {}
}

fn main() {}
