//! `cargo xtask bench`: how fast and how small, against what is promised.

use std::process::ExitCode;

use super::print_json;
use crate::bench::goals::GOALS;
use crate::diagnostics::Report;

/// What to measure.
#[derive(clap::Args, Debug)]
pub(super) struct Args {}

/// Prints the goals.
pub(super) fn run(_args: &Args) -> Result<ExitCode, Report> {
    print_json(&GOALS)
}
