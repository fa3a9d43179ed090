#![allow(unused)]
use runtime_core::prelude::*;

struct Listener;

#[js_class]
struct Target {
    #[js(slot)]
    listeners: Vec<Listener>,
}

#[js_class]
impl Target {}

fn main() {}
