//! `cargo xtask test`: everything that is tested, in as few runs of cargo as its features allow.

use std::process::ExitCode;
use std::time::Instant;

use runtime_core::engine::capabilities::ENGINES;

use super::print;
use crate::diagnostics::Report;
use crate::drive::{
    cannot_archive_for_android, cannot_browse, cannot_build_for_android, cannot_command,
    cannot_package, cannot_run_for_android, cannot_run_java,
};
use crate::fuzz;
use crate::machine::target_dir;
use crate::pipeline;
use crate::suites::{self, Tally};
use crate::text::{columns, spoken};
use crate::times;

/// Which tests.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Runs what stands on an engine of C under AddressSanitizer instead; takes a nightly toolchain
    #[arg(long)]
    sanitize: bool,
    /// Runs only the tests whose names contain this
    filter: Option<String>,
    /// What each test binary is given, after `--`: `-- --test-threads 1`
    #[arg(last = true, value_name = "ARGS")]
    rest: Vec<String>,
}

/// Runs every suite, also after one has failed.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let workspace = pipeline::workspace();
    let filter = args.filter.as_deref();
    let times = target_dir(&workspace).join("test-times.tsv");
    times::begin(&times);
    let mut binaries = Vec::new();
    let mut rows = Vec::new();
    let mut total = Tally::default();
    let mut is_success = true;
    if let Some(why) = suites::cannot_sanitize().filter(|_| args.sanitize) {
        return print(&format!(
            "skipped: nothing is tested under AddressSanitizer, {why}\n"
        ));
    }
    let suites = match args.sanitize {
        true => suites::sanitized(),
        false => suites::suites(),
    };
    for suite in &suites {
        let started = Instant::now();
        eprintln!("\n== {}: {}", suite.name, suite.about);
        let outcome = suite.run(
            &workspace,
            filter,
            &args.rest,
            &times,
            &mut std::io::stdout(),
        )?;
        let verdict = match (outcome.is_success, outcome.tally.failed) {
            (true, _) => "passed",
            (false, 0) => "did not compile, or ended before its tests did",
            (false, _) => "failed",
        };
        rows.push([
            format!("  {}", suite.name),
            format!("{} passed", outcome.tally.passed),
            format!("{} failed", outcome.tally.failed),
            spoken(started.elapsed()),
            format!("({} of it compiling)", spoken(outcome.compiling)),
            verdict.to_owned(),
        ]);
        binaries.extend(outcome.binaries);
        total = total.and(outcome.tally);
        is_success &= outcome.is_success;
    }
    let no_fuzzer = match filter {
        Some(_) => None,
        None if args.sanitize => None,
        None => fuzz::missing(),
    };
    if filter.is_none() && !args.sanitize && no_fuzzer.is_none() {
        for run in fuzz::runs() {
            let started = Instant::now();
            eprintln!("\n== fuzzer: {}", run.name());
            let holds = run.run(&workspace)?;
            let verdict = if holds { "passed" } else { "failed" };
            rows.push([
                format!("  fuzzer: {}", run.name()),
                String::new(),
                String::new(),
                spoken(started.elapsed()),
                String::new(),
                verdict.to_owned(),
            ]);
            is_success &= holds;
        }
    }
    if let Some(filter) = filter
        && is_success
        && total.filtered_out > 0
        && total.passed + total.ignored == 0
    {
        return Err(
            Report::error(format!("no test has a name that contains `{filter}`"))
                .help("`cargo xtask test -- --list` prints the names"),
        );
    }
    let mut text = times::table(binaries, times::builds(&times));
    text.push_str(&format!("\nsuites\n{}", columns(&rows)));
    let mut skipped = suites::skipped(total, filter);
    skipped.extend(
        no_fuzzer
            .map(|why| format!("the fuzzer; its seeds and inputs made of them were run: {why}")),
    );
    if filter.is_none() && !args.sanitize {
        let engines = ENGINES.iter().filter(|engine| engine.not_yet.is_none());
        for engine in engines {
            let kind = engine.kind;
            match cannot_package(kind) {
                Some(why) => skipped.push(format!("the npm package on {kind}: {why}")),
                None => skipped.extend(
                    cannot_command(kind).map(|why| format!("its flavour `wasi` on {kind}: {why}")),
                ),
            }
        }
        skipped
            .extend(cannot_build_for_android().map(|why| format!("libraries for Android: {why}")));
        skipped.extend(cannot_archive_for_android().map(|why| format!("the AAR: {why}")));
        skipped.extend(cannot_run_java().map(|why| format!("the Java API: {why}")));
        skipped.extend(
            cannot_run_for_android()
                .map(|why| format!("the command for Android, which is built: {why}")),
        );
        skipped.extend(cannot_browse().map(|why| format!("the npm package in a browser: {why}")));
    }
    if !skipped.is_empty() {
        text.push_str("skipped\n");
    }
    for skipped in skipped {
        text.push_str(&format!("  {skipped}\n"));
    }
    text.push_str(&format!(
        "\n{} passed, {} failed\n",
        total.passed, total.failed
    ));
    print(&text)?;
    Ok(if is_success {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
