#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn(nam = "a")]
fn read(_: f64, name: &String, (a, b): (f64, f64)) -> Option<&str> {
    None
}

const USED: runtime_core::definition::FnDef = runtime_core::definition::FnDef::of::<read>();

fn main() {}
