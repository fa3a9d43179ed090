#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Holder<T> {
    value: T,
}

#[js_class]
struct View<'a> {
    text: &'a str,
}

fn main() {}
