#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn run(cx: &Cx<'_>) {}

fn main() {}
