#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_class]
impl Counter {
    #[js(get)]
    fn count(&self, at: f64) {}
}

fn main() {}
