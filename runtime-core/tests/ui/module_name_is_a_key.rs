#![allow(unused)]
use runtime_core::prelude::*;

#[js_module(name = "My Sensor", specifier = "./sensor")]
mod sensor {
    use super::*;

    #[js_fn]
    fn read() {}
}

fn main() {}
