#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_class]
impl Counter {
    #[js(set)]
    fn set_count(&mut self) {}
}

fn main() {}
