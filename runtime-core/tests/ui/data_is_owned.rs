#![allow(unused)]
use runtime_core::prelude::*;

#[derive(FromJs)]
struct Options {
    name: &'static str,
}

#[derive(IntoJs)]
struct Reading<'a> {
    unit: &'a str,
}

fn main() {}
