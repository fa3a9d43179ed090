#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Words;

#[js_class]
impl Words {
    #[js(next)]
    fn next(&mut self) -> f64 {
        0.0
    }
}

fn main() {}
