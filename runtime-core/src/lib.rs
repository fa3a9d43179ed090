//! Tailor's core: the engine port and everything written once above it.
//!
//! With the feature of an engine it is the runtime: a program that embeds one begins at `JsRuntime::builder`, and
//! `docs/embedding.md` shows the way. Suggested reading order: `engine`, `definition`, `error`, `convert`, `classes`, `event_loop`,
//! `loader`, `permissions`, `runtime`, `cli`. Without an engine it is its spec-facing tables, which is all that the xtask takes.
#![cfg_attr(
    not(feature = "engine"),
    doc = "\n**This documentation was made without an engine, so it has no `JsRuntime`.** Make it with one: `cargo docs` in Tailor's \
           folder, or `cargo doc --features runtime-core/ENGINE` in yours, with one of the engines of [`engine::capabilities`]."
)]

// The macros name this crate from outside; its own code uses them too.
#[cfg(feature = "engine")]
extern crate self as runtime_core;

pub mod engine;
pub mod tables;

/// An error of compilation where no engine is chosen, for crates that stand on one.
#[cfg(not(feature = "engine"))]
#[doc(hidden)]
#[macro_export]
macro_rules! require_engine {
    () => {
        compile_error!(
            "a runtime needs an engine: choose one by a feature of `runtime-core`, as in \
             `runtime-core = { path = \"…\", features = [\"ENGINE\"] }`; docs/embedding.md lists them"
        );
    };
}

/// Nothing, as there is an engine.
#[cfg(feature = "engine")]
#[doc(hidden)]
#[macro_export]
macro_rules! require_engine {
    () => {};
}

#[cfg(feature = "engine")]
mod declaration;
#[cfg(feature = "engine")]
pub mod definition;
#[cfg(feature = "engine")]
mod error;
#[cfg(feature = "engine")]
mod excerpt;
#[cfg(feature = "engine")]
pub mod ts;

#[cfg(feature = "engine")]
mod callback;
#[cfg(feature = "engine")]
mod classes;
#[cfg(feature = "engine")]
pub mod clock;
#[cfg(feature = "engine")]
mod convert;
#[cfg(feature = "engine")]
#[doc(hidden)]
pub mod support;

#[cfg(feature = "engine")]
mod advice;
#[cfg(feature = "engine")]
pub mod ahead;
#[cfg(feature = "engine")]
mod bindings;
#[cfg(feature = "engine")]
mod charge;
#[cfg(feature = "engine")]
pub mod cli;
#[cfg(feature = "engine")]
mod dts;
#[cfg(feature = "engine")]
mod event_loop;
#[cfg(feature = "engine")]
pub mod files;
#[cfg(feature = "engine")]
pub mod inspect;
#[cfg(feature = "engine")]
pub mod io_code;
#[cfg(feature = "isolation")]
mod isolation;
#[cfg(all(feature = "engine", not(feature = "isolation")))]
#[path = "isolation/absent.rs"]
mod isolation;
#[cfg(feature = "engine")]
mod limits;
#[cfg(feature = "engine")]
mod loader;
#[cfg(feature = "engine")]
mod module_text;
#[cfg(feature = "engine")]
mod module_url;
#[cfg(feature = "engine")]
mod panics;
#[cfg(feature = "engine")]
pub mod permissions;
#[cfg(feature = "engine")]
mod report;
#[cfg(feature = "engine")]
mod runtime;
#[cfg(feature = "engine")]
mod schedule;
#[cfg(feature = "engine")]
mod slots;
#[cfg(feature = "engine")]
mod sources;
#[cfg(feature = "engine")]
mod state;
#[cfg(feature = "engine")]
mod tasks;
#[cfg(feature = "engine")]
mod thrown;
#[cfg(feature = "engine")]
mod uncaught;

#[cfg(feature = "engine")]
pub mod webidl;

#[cfg(feature = "engine")]
pub mod prelude;

#[cfg(feature = "engine")]
pub use charge::{Charged, Charger};
#[cfg(feature = "engine")]
pub use engine::Error;
#[cfg(feature = "engine")]
pub use error::{ErrorValue, Fatal, JsError, LimitHit, Mismatch};
#[cfg(feature = "engine")]
pub use event_loop::TimerId;
#[cfg(feature = "engine")]
pub use limits::{Account, Counting, Held, Limits};
#[cfg(all(feature = "engine", target_arch = "wasm32", target_os = "unknown"))]
pub use runtime::guard_instance;
#[cfg(feature = "engine")]
pub use runtime::{Extension, JsHandle, JsRuntime, Plain, RuntimeConfig};
#[cfg(feature = "engine")]
pub use uncaught::Uncaught;
