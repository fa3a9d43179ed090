#![allow(unused)]
use runtime_core::prelude::*;

#[derive(FromJs)]
struct Options {
    max_size: f64,
    #[js(name = "maxSize")]
    size: f64,
}

#[derive(IntoJs)]
enum Shape {
    Circle { r#type: f64 },
}

fn main() {}
