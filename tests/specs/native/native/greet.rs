//! Greetings, sensors: the shapes of native functions.

use std::collections::HashMap;
use std::fmt;

use runtime_core::prelude::*;

/// Greets somebody.
#[js_fn]
fn greet(name: String, times: Option<u32>) -> String {
    vec![format!("Hello, {name}!"); times.unwrap_or(1) as usize].join(" ")
}

/// How a word is shouted.
#[derive(FromJs)]
struct Shout {
    /// How many exclamation marks.
    #[js(default = 1)]
    marks: u32,
    upper: Option<bool>,
}

/// Shouts.
#[js_fn]
fn shout(word: &str, how: Option<Shout>) -> String {
    let how = how.unwrap_or(Shout { marks: 1, upper: None });
    let word = if how.upper.unwrap_or(true) { word.to_uppercase() } else { word.to_owned() };
    word + &"!".repeat(how.marks as usize)
}

/// What a sensor says.
#[derive(IntoJs)]
struct Reading {
    channel: u32,
    raw_value: f64,
}

#[derive(Debug)]
enum SensorError {
    NoSuchChannel(u32),
}

impl fmt::Display for SensorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchChannel(channel) => write!(f, "there is no channel {channel}"),
        }
    }
}

impl std::error::Error for SensorError {}

impl IntoError for SensorError {
    fn into_error(self) -> JsError {
        JsError::new("SensorError", self.to_string()).with_code("ERR_NO_CHANNEL")
    }
}

/// Reads a sensor once it is ready.
#[js_fn(permission = "sys:sensor")]
async fn read_sensor(channel: u32) -> Result<Reading, SensorError> {
    tokio_yield().await;
    if channel > 3 {
        return Err(SensorError::NoSuchChannel(channel));
    }
    Ok(Reading { channel, raw_value: f64::from(channel) * 1.5 })
}

/// Waits for one turn of the executor.
async fn tokio_yield() {
    let mut yielded = false;
    std::future::poll_fn(|task| {
        if yielded {
            return std::task::Poll::Ready(());
        }
        yielded = true;
        task.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

/// Needs a permission that the spec does not grant.
#[js_fn(permission = "sys:motor")]
fn start_motor() {}

/// Adds up all arguments.
#[js_fn]
fn sum(numbers: Rest<f64>) -> f64 {
    numbers.iter().sum()
}

/// Counts the words of a text.
#[js_fn]
fn count_words(text: String) -> HashMap<String, u32> {
    let mut counts = HashMap::new();
    for word in text.split_whitespace() {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    counts
}

/// The bytes, summed, without a copy.
#[js_fn]
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(*byte)).sum()
}

/// The bytes the other way round.
#[js_fn]
fn reversed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.reverse();
    bytes
}

/// A big product.
#[js_fn]
fn multiply(a: i64, b: i64) -> i128 {
    i128::from(a) * i128::from(b)
}

/// Parses a number.
#[js_fn]
fn parse(text: &str) -> Result<i32, std::num::ParseIntError> {
    text.parse()
}

/// Fails with the class of JavaScript's own.
#[js_fn]
fn at(items: Vec<f64>, index: u32) -> Result<f64, JsError> {
    let found = items.get(index as usize).copied();
    found.ok_or_else(|| JsError::range_error(format!("index {index} of {}", items.len())))
}
