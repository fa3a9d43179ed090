//! What a property of an error holds.

use std::borrow::Cow;

/// What a property of an error may be.
#[derive(Clone, Debug)]
pub enum ErrorValue {
    /// A string.
    Text(String),
    /// A number.
    Number(f64),
    /// A boolean.
    Bool(bool),
}

impl PartialEq for ErrorValue {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::Number(one), Self::Number(other)) => one.to_bits() == other.to_bits(),
            (Self::Bool(one), Self::Bool(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for ErrorValue {}

impl From<&str> for ErrorValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for ErrorValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Cow<'_, str>> for ErrorValue {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(text.into_owned())
    }
}

impl From<f64> for ErrorValue {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for ErrorValue {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for ErrorValue {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for ErrorValue {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}
