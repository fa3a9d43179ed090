#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
async fn run(function: Function) {}

#[js_fn]
async fn give() -> Value {
    Value::undefined()
}

fn main() {}
