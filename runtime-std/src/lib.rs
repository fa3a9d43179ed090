//! The module library: one folder and one cargo feature for each module, declared here and nowhere else.

#[cfg(feature = "console")]
pub mod console;
#[cfg(feature = "dom")]
pub mod dom;
#[cfg(feature = "fs")]
pub mod fs;
#[cfg(feature = "timers")]
pub mod timers;
