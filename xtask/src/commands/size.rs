//! `cargo xtask size`: where the bytes of the binary go.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::build::shown;
use super::{checked, print, print_json};
use crate::diagnostics::Report;
use crate::drive::android;
use crate::drive::dist::{self, Packed};
use crate::drive::manifest::Manifest;
use crate::drive::wasm;
use crate::pipeline::SpecArgs;
use crate::size;
use crate::size::history::Entry;
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
    let weighed: Vec<Weighed> = match plan.target {
        Target::Native => {
            let packed = dist::build(&plan, args.locked)?.into_iter();
            packed.map(Weighed::binary).collect()
        }
        Target::Wasm => vec![Weighed::module(wasm::build(&plan, args.locked)?)],
        Target::Android => vec![Weighed::library(android::build(&plan, args.locked)?)],
    };
    if args.json {
        let rows: Vec<_> = weighed.iter().map(Weighed::json).collect();
        return print_json(&rows);
    }
    let texts: Vec<String> = weighed.iter().map(Weighed::text).collect();
    print(&texts.join("\n"))
}

/// A file whose bytes were counted.
struct Weighed {
    /// What is said of it in `dist/`.
    manifest: Manifest,
    /// The build before that was another.
    before: Option<Entry>,
    /// The page of its bytes.
    page: PathBuf,
}

impl Weighed {
    fn binary(packed: Packed) -> Self {
        Self {
            page: packed.page(),
            manifest: packed.manifest,
            before: packed.before,
        }
    }

    /// The module of an npm package.
    fn module(package: wasm::Package) -> Self {
        Self {
            page: package.page(),
            manifest: package.manifest,
            before: package.before,
        }
    }

    /// The first library for Android.
    fn library(package: android::Package) -> Self {
        Self {
            page: package.page(),
            manifest: package.manifest,
            before: package.before,
        }
    }

    fn json(&self) -> Value {
        let manifest = &self.manifest;
        let mut row = json!({
            "triple": manifest.triple,
            "profile": manifest.profile,
            "binary": manifest.binary,
            "size": manifest.size,
            "before": self.before,
            "page": self.page,
        });
        if let Some(android) = &manifest.android {
            row["android"] = json!(android);
        }
        row
    }

    fn text(&self) -> String {
        let manifest = &self.manifest;
        let gzipped = size::spoken(manifest.binary.gzipped);
        // Servers send a module, by either; what is installed is compressed in its archive.
        let (target, compressed) = match manifest.binary.brotli.map(size::spoken) {
            Some(brotli) => ("wasm", format!("{gzipped} by gzip, {brotli} by brotli")),
            None => (manifest.triple.as_str(), format!("{gzipped} compressed")),
        };
        format!(
            "{} {} for {target}, profile {}; {compressed}\n\n{}\nthe same to look at: {}\n",
            manifest.name,
            manifest.version,
            manifest.profile,
            size::table(&manifest.size, self.before.as_ref()),
            shown(&self.page),
        )
    }
}
