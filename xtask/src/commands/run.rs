//! `cargo xtask run`: builds what is needed and becomes the runtime. It is what an edit is tried with, so it builds in profile debug,
//! in seconds, unless the command line says another.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

use super::{checked, require_native};
use crate::diagnostics::Report;
use crate::drive::{dist, host_binary};
use crate::files::failed;
use crate::pipeline::SpecArgs;
use crate::spec::Profile;

/// Which spec, and what to run.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Fails where a dependency would have to be chosen that no lock file names
    #[arg(long)]
    locked: bool,
    /// The script and its arguments, or whatever else the runtime takes; write options of the runtime after `--`
    #[arg(
        value_name = "ARGS",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    args: Vec<OsString>,
}

/// Builds for this machine and starts the binary in the place of this process.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let plan = checked(&args.spec.in_profile(Profile::Debug))?.plan();
    require_native(&plan, "run")?;
    let binary = host_binary(&plan, args.locked)?;
    dist::refresh_types(&plan, || {
        let told = dist::ask(&binary, plan.app.is_some())?;
        dist::types(&plan, &told.types)
    })?;
    start(&binary, &args.args)
}

#[cfg(unix)]
fn start(binary: &Path, args: &[OsString]) -> Result<ExitCode, Report> {
    use std::os::unix::process::CommandExt as _;

    // Nothing is between the runtime and its streams, signals and status: this process is gone.
    let error = Command::new(binary).args(args).exec();
    Err(failed("start the runtime", binary, &error))
}

#[cfg(not(unix))]
fn start(binary: &Path, args: &[OsString]) -> Result<ExitCode, Report> {
    let status = Command::new(binary)
        .args(args)
        .status()
        .map_err(|error| failed("start the runtime", binary, &error))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
