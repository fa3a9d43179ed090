#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_class]
impl Counter {}

#[js_fn]
fn take(counter: Counter) {}

fn main() {}
