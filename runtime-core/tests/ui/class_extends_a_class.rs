#![allow(unused)]
use runtime_core::prelude::*;

struct Base;

#[js_class(extends = Base)]
struct Derived {
    #[js(base)]
    base: Base,
}

#[js_class]
impl Derived {}

fn main() {}
