#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_class]
impl Counter {
    fn each(&self, cx: &mut Cx<'_>) {}
}

fn main() {}
