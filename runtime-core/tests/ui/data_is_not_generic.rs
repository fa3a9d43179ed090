#![allow(unused)]
use runtime_core::prelude::*;

#[derive(FromJs, IntoJs)]
struct Page<T> {
    item: T,
}

fn main() {}
