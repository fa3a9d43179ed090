#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Words;

#[js_class]
impl Words {
    #[js(iterator)]
    fn iter(at: f64) {}
}

fn main() {}
