//! `cargo xtask list-modules`: what can be selected.

use std::process::ExitCode;

use super::{print, print_json};
use crate::diagnostics::Report;
use crate::pipeline;
use crate::spec::presets::PRESETS;
use crate::text::columns;

/// How to answer.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Prints the manifests as JSON
    #[arg(long)]
    json: bool,
}

/// Prints the modules of the standard set.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let catalog = pipeline::catalog()?;
    if args.json {
        return print_json(&catalog.iter().collect::<Vec<_>>());
    }
    let mut rows =
        vec![["MODULE", "PRESETS", "SEEN AS", "PERMISSIONS", "WHAT IT IS"].map(str::to_owned)];
    for module in catalog.iter() {
        let globals = module.globals.len();
        let seen = match (&module.specifier, globals) {
            (Some(specifier), 0) => specifier.clone(),
            (Some(specifier), _) => format!("{specifier}, {globals} globals"),
            (None, 1) => format!("the global {}", module.globals[0]),
            (None, _) => format!("{globals} globals"),
        };
        let permissions = match module.permissions.as_slice() {
            [] => "none".to_owned(),
            kinds => kinds.join(", "),
        };
        let presets = PRESETS.iter().filter(|preset| preset.holds(module));
        let presets: Vec<&str> = presets.map(|preset| preset.name).collect();
        rows.push([
            module.name.clone(),
            presets.join(", "),
            seen,
            permissions,
            module.summary.clone(),
        ]);
    }
    print(&format!(
        "{}\n`cargo xtask explain NAME` says more about a module or a preset.\n",
        columns(&rows)
    ))
}
