//! `cargo xtask size`: where the bytes of the binary go.

use std::process::ExitCode;

use serde_json::json;

use super::build::shown;
use super::{checked, print, print_json};
use crate::diagnostics::Report;
use crate::drive::dist;
use crate::pipeline::SpecArgs;
use crate::size;

/// Which spec, and how to answer.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Fails where a dependency would have to be chosen that no lock file names
    #[arg(long)]
    locked: bool,
    /// Prints the bytes of every part as JSON
    #[arg(long)]
    json: bool,
}

/// Builds what is needed, and prints the bytes of each part.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let plan = checked(&args.spec)?.plan();
    let packed = dist::build(&plan, args.locked)?;
    if args.json {
        let rows: Vec<_> = packed
            .iter()
            .map(|packed| {
                json!({
                    "triple": packed.manifest.triple,
                    "profile": packed.manifest.profile,
                    "binary": packed.manifest.binary,
                    "size": packed.manifest.size,
                    "before": packed.before,
                    "page": packed.page(),
                })
            })
            .collect();
        return print_json(&rows);
    }
    let texts: Vec<String> = packed
        .iter()
        .map(|packed| {
            let manifest = &packed.manifest;
            format!(
                "{} {} for {}, profile {}; {} compressed\n\n{}\nthe same to look at: {}\n",
                manifest.name,
                manifest.version,
                manifest.triple,
                manifest.profile,
                size::spoken(manifest.binary.gzipped),
                size::table(&manifest.size, packed.before.as_ref()),
                shown(&packed.page()),
            )
        })
        .collect();
    print(&texts.join("\n"))
}
