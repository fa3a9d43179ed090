#![allow(unused)]
use runtime_core::prelude::*;

#[js_module]
mod sensor {}

fn main() {}
