//! A runtime as the xtask generates one, under small limits: for scripts on an engine that keeps its limits with the process's help.

use std::alloc::System;
use std::process::ExitCode;
use std::time::Duration;

use runtime_core::definition::{GrantsDef, RuntimeDef};
use runtime_core::{Counting, Limits};

#[global_allocator]
static ALLOCATOR: Counting<System> = Counting(System);

static RUNTIME: RuntimeDef = RuntimeDef {
    name: "runtime",
    version: "0.1.0",
    description: "",
    modules: &[
        module_timers::MODULE,
        module_fs::MODULE,
        tailor_fuzz::NATIVES,
    ],
    permissions: GrantsDef::NONE,
    mounts: &[],
    limits: Limits {
        memory: Some(64 << 20),
        cpu: Some(Duration::from_millis(100)),
        wall: Some(Duration::from_millis(500)),
        timers_max: Some(100),
        ..Limits::NONE
    },
    app: None,
    missing: &[],
};

fn main() -> ExitCode {
    runtime_core::cli::main(&RUNTIME)
}
