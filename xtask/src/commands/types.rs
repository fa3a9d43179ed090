//! `cargo xtask types`: the TypeScript declarations of the runtime.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{checked, print};
use crate::diagnostics::Report;
use crate::drive::{dist, host_binary};
use crate::files::replace;
use crate::pipeline::SpecArgs;
use crate::spec::{Profile, Target};

/// Which spec, and where the declarations go.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Writes them to a file instead of printing them
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Fails where a dependency would have to be chosen that no lock file names
    #[arg(long)]
    locked: bool,
}

/// Builds what is needed, and asks the binary.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    // The declarations are the same in every profile, and this one compiles in seconds.
    let plan = checked(&args.spec.in_profile(Profile::Debug))?.plan();
    let told = match plan.target {
        Target::Native => dist::ask(&host_binary(&plan, args.locked)?, plan.app.is_some())?,
        Target::Wasm | Target::Android => dist::ask_host(&plan, args.locked)?,
    };
    let types = dist::types(&plan, &told.types)?;
    match &args.out {
        None => print(&types),
        Some(file) => {
            replace("the declarations", file, types.as_bytes()).map(|_| ExitCode::SUCCESS)
        }
    }
}
