//! What this machine has to build with: tool chains, compilers, and the programs beside them.
//!
//! The boundary: what is found, in values and in words, with the help that gets what is not. `doctor` judges it before a build and
//! `drive` builds with it; nothing is built here. Suggested reading order: `toolchain`, `native`, `backend`, `wasm`, `wasi`,
//! `android`, then `clang` and `optimiser`.

pub(crate) mod android;
pub(crate) mod backend;
pub(crate) mod clang;
pub(crate) mod native;
pub(crate) mod optimiser;
pub(crate) mod toolchain;
pub(crate) mod wasi;
pub(crate) mod wasm;

use std::path::{Path, PathBuf};

/// The folder of cargo's output.
pub(crate) fn target_dir(workspace: &Path) -> PathBuf {
    let said = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    let folder = said.map_or_else(|| workspace.join("target"), PathBuf::from);
    std::path::absolute(&folder).unwrap_or(folder)
}
