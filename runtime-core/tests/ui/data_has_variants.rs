#![allow(unused)]
use runtime_core::prelude::*;

#[derive(FromJs)]
enum Never {}

fn main() {}
