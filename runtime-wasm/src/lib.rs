//! What a WebAssembly package exports: a runtime, as the few functions that the package's own JavaScript is written on.
//!
//! The boundary: between two JavaScript engines, the host's and the one inside. Everything that crosses is a plain value. The
//! generated crate says what the runtime is made of ([`set_runtime`]); the package's JavaScript has one instance of the module for
//! each runtime, so that one that is lost takes nothing else with it.

#![cfg(all(target_arch = "wasm32", target_os = "unknown"))]

mod errors;
#[cfg(feature = "fs")]
mod files;
mod host;
#[cfg(feature = "dom")]
mod page;
mod runtime;
mod values;

pub use runtime::{WasmRuntime, set_runtime};
