#![allow(unused)]
use runtime_core::prelude::*;

#[js_fn]
async fn send(name: &str, bytes: &[u8]) {}

fn main() {}
