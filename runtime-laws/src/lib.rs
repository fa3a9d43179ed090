//! The laws of modules: what must hold for every module of a runtime, whoever wrote it.
//!
//! Each module has a test, `tests/laws.rs`, that calls [`Laws::hold`]. What a test says by scripts may be a table for [`scripts`].
//! The boundary: a module's definition and its manifest. What the module is for is tested beside it.

runtime_core::require_engine!();

mod manifest;
mod memory;
pub mod scripts;

use runtime_core::definition::ModuleDef;
use runtime_core::engine::Cx;

/// A module that is judged.
#[derive(Clone, Copy, Debug)]
pub struct Laws {
    module: &'static ModuleDef,
    prepare: fn(&mut Cx<'_>),
}

impl Laws {
    /// The laws for a module.
    pub fn of(module: &'static ModuleDef) -> Self {
        Self {
            module,
            prepare: |_| {},
        }
    }

    /// Does something first in each runtime of a test, such as silencing it.
    #[must_use]
    pub fn prepare(self, prepare: fn(&mut Cx<'_>)) -> Self {
        Self { prepare, ..self }
    }

    /// Checks every law. `manifest` is the text of the module's `module.toml`.
    ///
    /// A test binary has this as its only test: the law of memory counts the bytes of the whole process.
    #[track_caller]
    pub fn hold(&self, manifest: &str) {
        manifest::agrees(self.module, manifest);
        self.functions_stay_within_memory();
    }
}
