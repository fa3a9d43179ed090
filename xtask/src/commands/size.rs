//! `cargo xtask size`: where the bytes of the binary go.

use std::process::ExitCode;

use serde_json::json;

use super::build::shown;
use super::{checked, print, print_json};
use crate::diagnostics::Report;
use crate::drive::android;
use crate::drive::dist;
use crate::drive::wasm::{self, Package};
use crate::pipeline::SpecArgs;
use crate::size;
use crate::spec::Target;

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
    if plan.target == Target::Wasm {
        return module(&wasm::build(&plan, args.locked)?, args.json);
    }
    if plan.target == Target::Android {
        return library(&android::build(&plan, args.locked)?, args.json);
    }
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

/// Says where the bytes of the first library for Android go.
fn library(package: &android::Package, json: bool) -> Result<ExitCode, Report> {
    let manifest = &package.manifest;
    if json {
        return print_json(&[json!({
            "triple": manifest.triple,
            "profile": manifest.profile,
            "binary": manifest.binary,
            "android": manifest.android,
            "size": manifest.size,
            "before": package.before,
            "page": package.page(),
        })]);
    }
    print(&format!(
        "{} {} for {}, profile {}; {} compressed\n\n{}\nthe same to look at: {}\n",
        manifest.name,
        manifest.version,
        manifest.triple,
        manifest.profile,
        size::spoken(manifest.binary.gzipped),
        size::table(&manifest.size, package.before.as_ref()),
        shown(&package.page()),
    ))
}

/// Says where the bytes of the module of an npm package go.
fn module(package: &Package, json: bool) -> Result<ExitCode, Report> {
    let manifest = &package.manifest;
    if json {
        return print_json(&[json!({
            "triple": manifest.triple,
            "profile": manifest.profile,
            "binary": manifest.binary,
            "size": manifest.size,
            "before": package.before,
            "page": package.page(),
        })]);
    }
    print(&format!(
        "{} {} for wasm, profile {}; {} by gzip, {} by brotli\n\n{}\nthe same to look at: {}\n",
        manifest.name,
        manifest.version,
        manifest.profile,
        size::spoken(manifest.binary.gzipped),
        size::spoken(manifest.binary.brotli.unwrap_or_default()),
        size::table(&manifest.size, package.before.as_ref()),
        shown(&package.page()),
    ))
}
