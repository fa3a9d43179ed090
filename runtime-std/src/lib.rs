//! The module library: one folder and one cargo feature for each module, declared here and nowhere else.

runtime_core::require_engine!();

#[cfg(feature = "console")]
pub mod console;
#[cfg(feature = "dom")]
pub mod dom;
#[cfg(feature = "fs")]
pub mod fs;
#[cfg(feature = "timers")]
pub mod timers;

/// The documents whose code stands on the modules: each of their blocks is compiled and run as a test.
#[cfg(all(doctest, feature = "all"))]
#[doc = include_str!("../../docs/embedding.md")]
#[doc = include_str!("../../docs/native-modules.md")]
struct Documents;
