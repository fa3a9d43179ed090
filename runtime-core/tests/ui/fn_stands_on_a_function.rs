#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
struct Sensor;

fn main() {}
