//! The documents of this folder: each of their blocks of Rust is compiled and run as a test.

runtime_core::require_engine!();

#[cfg(doctest)]
#[doc = include_str!("embedding.md")]
#[doc = include_str!("native-modules.md")]
struct Documents;
