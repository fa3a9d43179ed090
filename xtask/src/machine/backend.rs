//! What cargo is told when another toolchain than the one that runs compiles, or the same with more.
//!
//! The boundary: words for cargo's command line and environment, and for the user; which they are is found by target.

use std::process::Command;

use super::toolchain::{cargo_command, nightly};

/// How a crate is built otherwise than by the toolchain that runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct With {
    /// Whether by the nightly.
    pub(crate) is_nightly: bool,
    /// What cargo is told.
    pub(crate) args: Vec<String>,
    /// Environment variables.
    pub(crate) env: Vec<(String, String)>,
}

impl With {
    /// The cargo that compiles, which is told nothing yet.
    pub(crate) fn cargo(&self) -> Command {
        match self.is_nightly {
            true => nightly(&["cargo"]),
            false => cargo_command(),
        }
    }
}

/// What compiles for a target on this machine.
#[derive(Debug)]
pub(crate) struct Backend {
    /// What cargo is told.
    pub(crate) with: With,
    /// What it is, in words.
    pub(crate) said: String,
}
