//! The commands: one file each, which reads its arguments, calls the stages and prints.
//!
//! The boundary: this file dispatches and reports; what a command does is in its own file.

mod bench;
mod build;
mod check;
mod codegen;
mod conformance;
mod doctor;
mod eject;
mod engines;
mod explain;
mod list_modules;
mod new;
mod plan;
mod run;
mod size;
mod test;
mod tidy;
mod topics;
mod types;

use std::io::{IsTerminal, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::diagnostics::Report;
use crate::pipeline::{self, Checked, SpecArgs};
use crate::plan::Plan;
use crate::spec::Target;

/// Builds the JavaScript runtime you need from one `runtime.toml`
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts a runtime of your own in an empty folder
    New(new::Args),
    /// Says whether the spec holds
    Check(check::Args),
    /// Prints what would be built, and why each part of it is on
    Plan(plan::Args),
    /// Builds the runtime into `dist/`, in the spec's profile
    Build(build::Args),
    /// Builds what is needed, in profile debug, and runs a script with it
    Run(run::Args),
    /// Prints the TypeScript declarations of the runtime
    Types(types::Args),
    /// Says where the bytes of the binary go
    Size(size::Args),
    /// Copies the runtime out as a Rust project of its own
    Eject(eject::Args),
    /// Prints the modules that can be selected
    ListModules(list_modules::Args),
    /// Prints the documentation of a key, module, engine, attribute or error code, or the list of topics
    Explain(explain::Args),
    /// Writes what is generated from tables: the schema, and the README's table of modules
    Codegen(codegen::Args),
    /// Measures how fast and how small it is, against what is promised
    Bench(bench::Args),
    /// Runs a checkout of an official suite, wpt or test262, against the runtime
    Conformance(conformance::Args),
    /// Says what this machine lacks to build the spec, and what gets it
    Doctor(doctor::Args),
    /// Runs the tests
    Test(test::Args),
    /// Says whether the repository keeps its own rules
    Tidy(tidy::Args),
}

/// Reads the command line, does what it says, and reports.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::New(args) => new::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Types(args) => types::run(&args),
        Command::Size(args) => size::run(&args),
        Command::Eject(args) => eject::run(&args),
        Command::ListModules(args) => list_modules::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Codegen(args) => codegen::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Conformance(args) => conformance::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Tidy(args) => tidy::run(&args),
    };
    match result {
        Ok(code) => code,
        Err(report) => {
            eprint(&report);
            ExitCode::FAILURE
        }
    }
}

/// A spec that holds; its warnings are printed.
pub(crate) fn checked(args: &SpecArgs) -> Result<Checked, Report> {
    let checked = pipeline::load(args)?;
    eprint(&checked.warnings());
    Ok(checked)
}

/// An error for a command that has nothing to do for a target that is not native.
fn require_native(plan: &Plan, command: &str) -> Result<(), Report> {
    if plan.target == Target::Native {
        return Ok(());
    }
    Err(Report::error(format!(
        "`cargo xtask {command}` is for the target `native`, and not for `{}`",
        plan.target.name()
    ))
    .help(format!(
        "`cargo xtask build --target {}` gives what is to be used",
        plan.target.name()
    )))
}

/// Prints a report for a person.
pub(crate) fn eprint(report: &Report) {
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    eprint!("{}", report.render(colours));
}

/// Prints to standard output; a reader that has left is no error.
pub(crate) fn print(text: &str) -> Result<ExitCode, Report> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Report::error(format!("cannot print: {error}")))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// Prints a value as JSON.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<ExitCode, Report> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Report::error(format!("tailor's bug: cannot write JSON: {error}")))?;
    print(&(text + "\n"))
}
