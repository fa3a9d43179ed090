#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
fn send(cx: &mut Cx<'_>, bytes: &[u8]) {}

fn main() {}
