#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Base;

#[js_class]
impl Base {}

#[js_class(extends = Base)]
struct Derived;

#[js_class]
impl Derived {}

fn main() {}
