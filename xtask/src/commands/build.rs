//! `cargo xtask build`: from the spec to `dist/`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use serde_json::json;

use super::{checked, eprint, print, print_json};
use crate::diagnostics::Report;
use crate::drive::android;
use crate::drive::dist::{self, Packed};
use crate::drive::manifest::FileRow;
use crate::drive::wasm::{self, Package};
use crate::machine::android::javac;
use crate::pipeline::SpecArgs;
use crate::size;
use crate::spec::Target;
use crate::text::spoken;

/// Which spec, and how to build it.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Fails where a dependency would have to be chosen that no lock file names
    #[arg(long)]
    locked: bool,
    /// Prints what was built as JSON
    #[arg(long)]
    json: bool,
}

/// Builds, and says what stands where.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let started = Instant::now();
    let plan = checked(&args.spec)?.plan();
    if plan.target == Target::Wasm {
        return package(&wasm::build(&plan, args.locked)?, args.json, started);
    }
    if plan.target == Target::Android {
        return for_android(&android::build(&plan, args.locked)?, args.json, started);
    }
    let packed = dist::build(&plan, args.locked)?;
    if args.json {
        let rows: Vec<_> = packed
            .iter()
            .map(|packed| json!({ "folder": packed.folder, "unchanged": packed.is_unchanged, "manifest": packed.manifest }))
            .collect();
        return print_json(&rows);
    }
    let mut out = String::new();
    for packed in &packed {
        out.push_str(&summary(packed));
    }
    out.push_str(&format!("done in {}\n", spoken(started.elapsed())));
    print(&out)
}

/// Says what the npm package is and where.
fn package(package: &Package, json: bool, started: Instant) -> Result<ExitCode, Report> {
    if json {
        return print_json(&json!({
            "folder": package.folder,
            "package": package.name,
            "manifest": package.manifest,
            "untried": package.untried,
        }));
    }
    let mut tried = match &package.untried {
        None => "it was tried in Node".to_owned(),
        Some(why) => format!("not tried: {why}"),
    };
    if let Some(why) = &package.unused {
        tried.push_str(&format!("\n  {why}"));
    }
    if let Some(command) = &package.manifest.command {
        tried.push_str(&format!(
            "\n  command for hosts of WASI `{}`, {}, {} by gzip",
            command.file,
            size::spoken(command.bytes),
            size::spoken(command.gzipped),
        ));
    }
    let module = &package.manifest.binary;
    print(&format!(
        "{} is built as an npm package\n  {}  module {}, {} by gzip, {} by brotli\n  compiled by {}\n  {tried}\ndone in {}\n",
        package.name,
        shown(&package.folder),
        size::spoken(module.bytes),
        size::spoken(module.gzipped),
        size::spoken(module.brotli.unwrap_or_default()),
        package.backend(),
        spoken(started.elapsed()),
    ))
}

/// Says what was made for Android and where. An AAR that was asked for and is not there fails the command.
fn for_android(
    package: &android::Package,
    json: bool,
    started: Instant,
) -> Result<ExitCode, Report> {
    let code = match package.no_aar {
        Some(_) if package.is_aar_asked => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    };
    if json {
        print_json(&json!({
            "folder": package.folder,
            "manifest": package.manifest,
            "no_aar": package.no_aar,
        }))?;
        return Ok(code);
    }
    let android = package.android();
    let mut out = format!(
        "{} {} is built for Android, fit for {}\n",
        package.manifest.name, package.manifest.version, android.fit_for
    );
    let mut add = |row: &FileRow| {
        out.push_str(&format!(
            "  {}  {}, {} compressed\n",
            shown(&package.folder.join(&row.file)),
            size::spoken(row.bytes),
            size::spoken(row.gzipped),
        ));
    };
    for abi in &android.abis {
        abi.library.iter().chain(&abi.command).for_each(&mut add);
    }
    android.aar.iter().for_each(&mut add);
    out.push_str(&format!("done in {}\n", spoken(started.elapsed())));
    print(&out)?;
    if let Some(why) = &package.no_aar {
        let report = Report::error(format!("the AAR is not built: {why}"));
        eprint(&report.help(javac::GET).help(
            "or write `artifact = [\"so\"]` in `[targets.android]`; the libraries are built",
        ));
    }
    Ok(code)
}

fn summary(packed: &Packed) -> String {
    let manifest = &packed.manifest;
    let state = if packed.is_unchanged {
        "is up to date"
    } else {
        "is built"
    };
    let change = match &packed.before {
        Some(before) if before.total < manifest.binary.bytes => {
            format!(
                ", {} more than before",
                size::spoken(manifest.binary.bytes - before.total)
            )
        }
        Some(before) if before.total > manifest.binary.bytes => {
            format!(
                ", {} less than before",
                size::spoken(before.total - manifest.binary.bytes)
            )
        }
        _ => String::new(),
    };
    let symbols = match (manifest.binary.stripped, manifest.profile.as_str()) {
        (true, _) => "",
        (false, "debug") => ", with its symbols",
        (false, _) => {
            ", with its symbols: no program that takes them out was found, see `cargo xtask doctor`"
        }
    };
    format!(
        "{} {} {state} for {}, profile {}\n  {}  {}, {} compressed{change}{symbols}\n  {}\n",
        manifest.name,
        manifest.version,
        manifest.triple,
        manifest.profile,
        shown(&packed.binary()),
        size::spoken(manifest.binary.bytes),
        size::spoken(manifest.binary.gzipped),
        ["runtime.d.ts", "manifest.json", "size.html"].join(", ") + " beside it",
    )
}

/// A path as a person here would write it.
pub(super) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here)
        .unwrap_or(path)
        .display()
        .to_string()
}
