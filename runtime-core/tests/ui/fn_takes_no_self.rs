#![allow(unused)]
use runtime_core::prelude::*;

struct Sensor;

impl Sensor {
    #[js_fn]
    fn read(&self) -> f64 {
        0.0
    }
}

fn main() {}
