//! `cargo xtask check`: whether the spec holds.

use std::process::ExitCode;

use serde_json::json;

use super::{checked, print, print_json};
use crate::diagnostics::Report;
use crate::pipeline::{self, SpecArgs};

/// Which spec, and how to answer.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Prints what was found as JSON
    #[arg(long)]
    json: bool,
}

/// Checks the spec and says so.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    if args.json {
        let (ok, found) = match pipeline::load(&args.spec) {
            Ok(checked) => (true, checked.warnings().to_json()),
            Err(report) => (false, report.to_json()),
        };
        print_json(&json!({ "ok": ok, "found": found }))?;
        return Ok(if ok {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        });
    }
    let checked = checked(&args.spec)?;
    let spec = &checked.spec;
    let name = &checked.sources.get(checked.root).name;
    let modules = match spec.modules.len() {
        0 => "no module".to_owned(),
        1 => "1 module".to_owned(),
        many => format!("{many} modules"),
    };
    print(&format!(
        "{name} holds: {} {} on {}, {modules}\n",
        spec.name.value, spec.version.value, spec.engine.value.kind
    ))
}
