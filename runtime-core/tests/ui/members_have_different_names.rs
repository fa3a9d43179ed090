#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_class]
impl Counter {
    #[js(get)]
    fn count(&self) -> f64 {
        0.0
    }

    #[js(name = "count")]
    fn how_many(&self) -> f64 {
        0.0
    }
}

fn main() {}
