#![allow(unused)]
use runtime_core::prelude::*;

#[js_module(globals, namespace = "sensor", more = ["x"])]
mod sensor {
    use super::*;

    #[js_fn]
    fn read() {}
}

fn main() {}
