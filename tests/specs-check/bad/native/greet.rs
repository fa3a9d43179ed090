//! Greetings in two sizes.

use runtime_core::prelude::*;

/// Greets somebody.
#[js_fn]
fn greet(name: String) -> String {
    format!("Hello, {name}!")
}

/// Reads the sensor of a channel.
#[js_fn(permission = "sys:sensor")]
fn read_sensor(channel: u8) -> f64 {
    f64::from(channel)
}

/// Counts.
#[js_class]
pub struct Counter {
    n: u32,
}
