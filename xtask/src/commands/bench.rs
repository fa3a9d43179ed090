//! `cargo xtask bench`: how fast and how small, against what is promised.

use std::process::ExitCode;

use super::{print, print_json};
use crate::bench::Bench;
use crate::diagnostics::Report;
use crate::pipeline::parse_target;
use crate::spec::Target;

/// What to measure, and how to answer.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Measures only the goals with this in their names: `hello`, `calls.strings`, …
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
    /// The kind of target
    #[arg(long, value_name = "TARGET", default_value = "native", value_parser = parse_target)]
    target: Target,
    /// Prints the figures as JSON
    #[arg(long)]
    json: bool,
}

/// Measures, prints the figures, and writes them to BENCHMARKS.md when they are all there. A goal that is missed is a failure.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let bench = Bench::run(args.target, args.filter.as_deref())?;
    if args.json {
        print_json(&bench)?;
    } else {
        print(&bench.to_text())?;
    }
    if bench.write()? {
        eprintln!("wrote BENCHMARKS.md");
    }
    Ok(if bench.is_met() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
