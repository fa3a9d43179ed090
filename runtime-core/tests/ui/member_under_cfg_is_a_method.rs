#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_class]
impl Counter {
    #[js(get)]
    #[cfg(unix)]
    fn count(&self) -> f64 {
        0.0
    }
}

fn main() {}
