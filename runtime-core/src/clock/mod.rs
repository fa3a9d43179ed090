//! The clock of the platform, and waiting by it: tokio's natively, the host's own where the host is a JavaScript engine itself.
//!
//! The boundary: time alone. Both files have the same items.

#[cfg_attr(all(target_arch = "wasm32", target_os = "unknown"), path = "web.rs")]
#[cfg_attr(
    not(all(target_arch = "wasm32", target_os = "unknown")),
    path = "native.rs"
)]
mod platform;

pub use platform::Instant;
pub(crate) use platform::{Moment, moment, within};
