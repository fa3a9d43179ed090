#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_class]
impl Default for Counter {
    fn default() -> Self {
        Self
    }
}

#[js_class]
impl Counter {}

fn main() {}
