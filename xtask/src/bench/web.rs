//! What packages for the web do, in Node and in a browser, against npm's `quickjs-emscripten` in the same host: the size of the module,
//! the start, plain JavaScript, calls and bytes. `templates/bench/page/` measures.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::programs::{Page, Programs};
use super::samples::Samples;
use super::{Figure, Side};
use crate::diagnostics::Report;
use crate::drive::digest::{brotlied, gzipped};
use crate::files::failed;

/// How many fresh hosts each figure is of.
const ROUNDS: u32 = 10;

/// What they are compared with, as it lies where npm puts it.
const PEER: &str = "peer";
const PEER_MODULE: &str =
    "node_modules/@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm";

/// The driver of a browser, which the tests use too.
const DRIVER: &str = "tests/browser/browser.mjs";

/// The sizes of the module: as it is, and as servers send it.
pub(super) fn package(programs: &Programs) -> Result<Vec<Side>, Report> {
    let Page { folder, packages } = programs.page()?;
    let module = folder.join(PEER_MODULE);
    let bytes = std::fs::read(&module).map_err(|error| failed("read", &module, &error))?;
    let theirs = [bytes.len() as u64, gzipped(&bytes), brotlied(&bytes, true)];
    let sides = packages.iter().map(|(engine, module)| {
        let ours = [
            module.bytes,
            module.gzipped,
            module.brotli.unwrap_or_default(),
        ];
        let figures = ours.iter().zip(theirs).map(|(&ours, theirs)| Figure {
            value: ours as f64 / 1e3,
            detail: format!("quickjs-emscripten: {:.0} KB", theirs as f64 / 1e3),
        });
        (Some(*engine), figures.collect())
    });
    Ok(sides.collect())
}

/// What is measured in Node.
pub(super) fn node(programs: &Programs) -> Result<Vec<Side>, Report> {
    measured(programs, "node")
}

/// What is measured in a page of a browser.
pub(super) fn browser(programs: &Programs) -> Result<Vec<Side>, Report> {
    measured(programs, "browser")
}

/// What the program that measures prints.
#[derive(Deserialize)]
struct Told {
    host: String,
    /// The figures of each run of a side.
    figures: HashMap<String, Vec<Vec<f64>>>,
}

impl Told {
    /// The samples of each figure of a side.
    fn samples(&self, side: &str) -> Vec<Samples> {
        let runs = self.figures.get(side).map_or(&[][..], Vec::as_slice);
        let count = runs.first().map_or(0, Vec::len);
        let of = |at| runs.iter().filter_map(|run| run.get(at)).copied().collect();
        (0..count).map(|at| Samples::new(of(at))).collect()
    }
}

fn measured(programs: &Programs, host: &str) -> Result<Vec<Side>, Report> {
    let Page { folder, packages } = programs.page()?;
    let told = ask(folder, &programs.workspace().join(DRIVER), host)?;
    let theirs = told.samples(PEER);
    let sides = packages.iter().map(|(engine, _)| {
        let ours = told.samples(engine);
        let figures = ours.iter().zip(&theirs).map(|(ours, theirs)| Figure {
            value: ours.least() / theirs.least(),
            detail: format!(
                "{:.1} ms to {:.1} ms in {}",
                ours.least(),
                theirs.least(),
                told.host
            ),
        });
        (Some(*engine), figures.collect())
    });
    Ok(sides.collect())
}

fn ask(folder: &Path, driver: &Path, host: &str) -> Result<Told, Report> {
    let output = Command::new("node")
        .args(["run.mjs", host, &ROUNDS.to_string()])
        .current_dir(folder)
        .env("SERVED", folder)
        .env("DRIVER", driver)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Report::error(format!("cannot run `node`: {error}")))?;
    let failed = |why: String| {
        Report::error(format!("nothing was measured in the host `{host}`: {why}")).help(
            "`node` and, for the browser, `chromedriver` must be in the path; what they said stands above",
        )
    };
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))
}
