//! What this xtask does: its own binary, run as `cargo xtask` runs it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Figure;
use super::peers::PEERS;
use super::process::run;
use super::programs::{Programs, Runtime};
use super::samples::{Samples, interleaved};
use crate::diagnostics::Report;
use crate::pipeline;

/// How many runs each figure is of.
const ANSWERS: usize = 10;
const BUILDS: usize = 5;

/// The plan of the workspace's own spec.
pub(super) fn plan(_: &Programs) -> Result<Vec<Figure>, Report> {
    answer("plan")
}

/// The check of the workspace's own spec.
pub(super) fn check(_: &Programs) -> Result<Vec<Figure>, Report> {
    answer("check")
}

/// A build with nothing changed.
pub(super) fn build(programs: &Programs) -> Result<Vec<Figure>, Report> {
    // Built already, or now, with the default engine.
    let peer = &PEERS[0];
    programs.runtime(peer, Runtime::MINIMAL)?;
    let spec = programs.spec(peer, Runtime::MINIMAL)?;
    let [[took]] = interleaved::<1, 1>(BUILDS, |_| Ok([xtask(&["build"], &spec)?]))?;
    Ok(vec![figure(&took, BUILDS, "s")])
}

/// A debug build after a module was turned on, and after it was turned off again.
pub(super) fn toggle(programs: &Programs) -> Result<Vec<Figure>, Report> {
    let build = |fs| -> Result<f64, Report> {
        xtask(
            &["build", "--profile", "debug"],
            &programs.toggled_spec(fs)?,
        )
    };
    build(false)?;
    programs.forget_modules()?;
    let on = build(true)?;
    programs.forget_modules()?;
    let off = build(false)?;
    Ok(vec![Figure {
        value: on.max(off),
        detail: format!("{on:.1} s on, {off:.1} s off, the module library compiled anew each time"),
    }])
}

fn answer(command: &str) -> Result<Vec<Figure>, Report> {
    let spec = pipeline::workspace().join("runtime.toml");
    let [[took]] = interleaved::<1, 1>(ANSWERS, |_| Ok([xtask(&[command], &spec)? * 1e3]))?;
    Ok(vec![figure(&took, ANSWERS, "ms")])
}

fn figure(took: &Samples, runs: usize, unit: &str) -> Figure {
    Figure {
        value: took.median(),
        detail: format!(
            "median of {runs}; from {:.2} to {:.2} {unit}",
            took.least(),
            took.greatest()
        ),
    }
}

/// Runs this xtask and gives the seconds that it took.
fn xtask(args: &[&str], spec: &Path) -> Result<f64, Report> {
    let binary: PathBuf = std::env::current_exe()
        .map_err(|error| Report::error(format!("cannot find the xtask's own binary: {error}")))?;
    let usage = run(Command::new(binary).args(args).arg("--spec").arg(spec))?;
    Ok(usage.wall.as_secs_f64())
}
