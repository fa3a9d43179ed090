#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn run<'js>(function: Function<'js>, cx: &mut Cx<'js>) {}

fn main() {}
