#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Words;

#[js_class]
impl Words {
    #[js(iterator)]
    fn iter(&self) -> Vec<f64> {
        Vec::new()
    }

    #[js(next)]
    fn next(&mut self) -> Option<f64> {
        None
    }
}

fn main() {}
