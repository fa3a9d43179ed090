//! `cargo xtask eject`: the runtime as a Rust project of its own.

use std::path::PathBuf;
use std::process::ExitCode;

use super::new::refuse_if_occupied;
use super::{checked, print, require_native};
use crate::diagnostics::Report;
use crate::eject;
use crate::pipeline::SpecArgs;

/// Which spec, and where the project goes.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The folder; it must be empty, or not there yet
    folder: PathBuf,
    #[command(flatten)]
    spec: SpecArgs,
}

/// Writes the project and says how to build it.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let plan = checked(&args.spec)?.plan();
    require_native(&plan, "eject")?;
    refuse_if_occupied(&args.folder)?;
    let folder = std::path::absolute(&args.folder).unwrap_or_else(|_| args.folder.clone());
    eject::eject(&plan, &folder)?;
    print(&format!(
        "ejected {} to {}\nbuild it there with `cargo build --profile {}`; README.md says what is where\n",
        plan.name,
        args.folder.display(),
        plan.profile.value.cargo_name(),
    ))
}
