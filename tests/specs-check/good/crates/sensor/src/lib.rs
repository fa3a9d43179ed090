//! A sensor as a crate.
pub use sensor::MODULE;
