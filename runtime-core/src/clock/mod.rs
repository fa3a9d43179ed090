//! The clock of the platform, and waiting by it: tokio's natively, the host's own where the host is a JavaScript engine itself, and sleep
//! where there is one thread.
//!
//! The boundary: time alone. The files of a module here have the same items.

#[cfg_attr(all(target_arch = "wasm32", target_os = "unknown"), path = "web.rs")]
#[cfg_attr(target_os = "wasi", path = "wasi.rs")]
#[cfg_attr(
    not(any(all(target_arch = "wasm32", target_os = "unknown"), target_os = "wasi")),
    path = "native.rs"
)]
mod platform;

#[cfg_attr(target_os = "wasi", path = "sleeping.rs")]
mod waiting;

pub use platform::Instant;
pub(crate) use platform::{Moment, moment, within};
pub(crate) use waiting::Waiting;
