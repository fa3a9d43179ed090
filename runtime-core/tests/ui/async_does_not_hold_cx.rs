#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
async fn run(cx: &mut Cx<'_>) {}

fn main() {}
