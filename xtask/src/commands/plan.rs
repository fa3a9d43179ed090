//! `cargo xtask plan`: what would be built, and why.

use std::process::ExitCode;

use super::{checked, print, print_json};
use crate::diagnostics::Report;
use crate::pipeline::SpecArgs;

/// Which spec, and how to answer.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Prints the plan as JSON
    #[arg(long)]
    json: bool,
}

/// Prints the plan.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let plan = checked(&args.spec)?.plan();
    if args.json {
        return print_json(&plan);
    }
    print(&plan.to_text())
}
