#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_class]
impl Counter {
    #[js(constructor)]
    fn new(&self) {}
}

fn main() {}
