#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn sum(bytes: &Vec<u8>, numbers: &[f64], names: &Vec<String>) {}

fn main() {}
