#![allow(unused)]
use runtime_core::prelude::*;

struct Options;

#[js_fn]
fn open(options: &Options) {}

fn main() {}
