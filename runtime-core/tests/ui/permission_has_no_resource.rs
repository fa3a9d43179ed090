#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn(permission = "read:/etc")]
fn read() {}

#[js_fn(permission = "sensor")]
fn measure() {}

fn main() {}
