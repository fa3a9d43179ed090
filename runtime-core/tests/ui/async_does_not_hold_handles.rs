#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
async fn run<'js>(function: Function<'js>) -> Value<'js> {
    unreachable!()
}

fn main() {}
