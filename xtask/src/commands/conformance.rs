//! `cargo xtask conformance`: runs a checkout of an official suite against a runtime.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{checked, print, require_native};
use crate::conformance::expectations::Expectations;
use crate::conformance::{Runner, TestResult, Verdict, test262, wpt};
use crate::diagnostics::Report;
use crate::drive::host_binary;
use crate::pipeline::{self, SpecArgs};

/// How many lines of a list are printed, unless all are asked for.
const LINES: usize = 40;

/// Which suite, where it is, and which of its tests.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The suite: `wpt` or `test262`
    suite: Suite,
    /// The folder of a checkout of the suite
    #[arg(long = "suite", value_name = "DIR")]
    folder: PathBuf,
    /// Runs only tests whose paths contain this; may be given more than once
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    #[command(flatten)]
    spec: SpecArgs,
    /// Prints every unexpected failure and every stale expectation
    #[arg(long)]
    all: bool,
    /// How many seconds a test may take before it counts as hanging
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    timeout: u64,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Suite {
    Wpt,
    Test262,
}

impl Suite {
    fn name(self) -> &'static str {
        match self {
            Self::Wpt => "wpt",
            Self::Test262 => "test262",
        }
    }

    /// How many folders of a path make a row of the table.
    fn depth(self) -> usize {
        match self {
            Self::Wpt => 2,
            Self::Test262 => 3,
        }
    }
}

/// Runs the tests, prints a table, and fails on what nobody expected.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let folder = std::fs::canonicalize(&args.folder).map_err(|error| {
        Report::error(format!(
            "cannot find the suite at `{}`: {error}",
            args.folder.display()
        ))
        .help("name the folder of a checkout: `--suite ../test262`")
    })?;
    // The suite's own modules are imported from where they lie.
    let mut spec = args.spec.clone();
    spec.set.push(format!(
        "permissions.read=[{:?}]",
        folder.display().to_string()
    ));
    let plan = checked(&spec)?.plan();
    require_native(&plan, "conformance")?;
    let file = format!("{}.{}.toml", args.suite.name(), plan.engine.kind);
    let path = pipeline::workspace().join("tests/conformance").join(file);
    let expectations = read(&path)?;
    let binary = host_binary(&plan, false)?;
    let runner = Runner {
        binary,
        timeout: Duration::from_secs(args.timeout),
        workers: std::thread::available_parallelism().map_or(1, usize::from),
    };
    let results = match args.suite {
        Suite::Test262 => {
            let tests = test262::tests(&folder, &args.only, &expectations)?;
            let script = |at: usize| test262::script(&folder, &tests[at]);
            run_all(&runner, &script, tests.len())?
        }
        Suite::Wpt => {
            let tests = wpt::tests(&folder, &args.only)?;
            let script = |at: usize| wpt::script(&folder, &tests[at]);
            run_all(&runner, &script, tests.len())?
        }
    };
    if results.is_empty() {
        return Err(Report::error("no test of the suite was asked for")
            .help("`--only` takes a part of a path, such as `url/` or `built-ins/Array/`"));
    }
    let verdict = Verdict::of(&results, &expectations, &args.only, args.suite.depth());
    print(&verdict.table())?;
    print(&lists(&verdict, args.all, &path))?;
    Ok(match verdict.holds() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn run_all(
    runner: &Runner,
    script: &(dyn Fn(usize) -> crate::conformance::Script + Sync),
    count: usize,
) -> Result<Vec<TestResult>, Report> {
    let done = AtomicUsize::new(0);
    runner.run(script, count, &|_| {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(1000) {
            eprintln!("{done} of {count}");
        }
    })
}

/// What is expected on an engine; without a file, that everything passes.
fn read(path: &Path) -> Result<Expectations, Report> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Expectations::default());
        }
        Err(error) => {
            return Err(Report::error(format!(
                "cannot read `{}`: {error}",
                path.display()
            )));
        }
    };
    Expectations::parse(&text)
        .map_err(|error| Report::error(format!("`{}`: {error}", path.display())))
}

/// The failures that nobody expected and the expectations that are stale, and what to do with them.
fn lists(verdict: &Verdict, all: bool, path: &Path) -> String {
    let most = if all { usize::MAX } else { LINES };
    let mut text = String::new();
    let mut list = |title: &str, lines: Vec<String>| {
        if lines.is_empty() {
            return;
        }
        text.push_str(&format!("\n{title}\n"));
        for line in lines.iter().take(most) {
            text.push_str(&format!("  {line}\n"));
        }
        if lines.len() > most {
            let more = lines.len() - most;
            text.push_str(&format!("  and {more} more; `--all` prints them\n"));
        }
    };
    let surprises = verdict.surprises.iter();
    list(
        "not expected to fail",
        surprises
            .map(|(name, why)| format!("{name}\n      {why}"))
            .collect(),
    );
    list(
        &format!(
            "expected to fail, and did not: take them out of {}",
            path.display()
        ),
        verdict.stale.clone(),
    );
    text
}
