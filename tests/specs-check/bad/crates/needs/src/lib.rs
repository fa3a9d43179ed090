//! A crate that describes its module.
