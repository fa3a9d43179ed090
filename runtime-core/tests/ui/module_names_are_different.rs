#![allow(unused)]
use runtime_core::prelude::*;

#[js_module]
mod sensor {
    use super::*;

    #[js_fn]
    fn read_all() {}

    #[js_fn(name = "readAll")]
    fn read_more() {}
}

fn main() {}
