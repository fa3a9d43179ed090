#![allow(unused)]
use runtime_core::prelude::*;

#[derive(FromJs)]
struct Pair(f64, f64);

#[derive(FromJs)]
enum Shape {
    Line(f64, f64),
}

#[derive(FromJs)]
struct Nothing;

fn main() {}
