#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Derived {
    #[js(base)]
    base: f64,
}

#[js_class]
impl Derived {}

fn main() {}
