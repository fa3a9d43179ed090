#![allow(unused)]
use runtime_core::prelude::*;

#[js_class(error)]
struct Exception;

#[js_class]
impl Exception {}

fn main() {}
