#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Sensor;

#[js_class]
impl Sensor {}

#[js_fn]
fn send(cx: &mut Cx<'_>, sensor: &mut Sensor) {}

fn main() {}
