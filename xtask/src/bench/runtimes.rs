//! What runtimes do: their start, their size, calls into native functions, timers. Each against the program around the bare
//! engine: the same scripts, profile and allocator, in turns.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use super::Figure;
use super::process::{Start, Usage, run};
use super::programs::Programs;
use super::samples::{Samples, interleaved};
use crate::diagnostics::Report;
use crate::drive::files::failed;

/// How many runs each figure is of.
const STARTS: usize = 60;
const PEAKS: usize = 10;
const CALLS: usize = 9;
const TIMERS: usize = 9;
const SLEEPS: usize = 3;

/// The numbers of timers that are compared.
const FEW: u32 = 10_000;
const MANY: u32 = 100_000;

/// Start to finish, memory and size of the smallest runtime.
pub(super) fn hello(programs: &Programs) -> Result<Vec<Figure>, Report> {
    let script = programs.hello()?;
    let both = [programs.minimal()?, programs.bare()?];
    let hello = |which: usize, start| {
        let usage = script_run(both[which], &script, start)?;
        (usage.said == "hello\n")
            .then_some(usage)
            .ok_or_else(|| Report::error("hello did not say hello"))
    };
    let [[ours], [bare]] =
        interleaved::<2, 1>(STARTS, |which| Ok([millis(&hello(which, Start::Spawn)?)]))?;
    let time = compared(&ours, &bare, "ms", 2, STARTS);
    let [[ours], [bare]] = interleaved::<2, 1>(PEAKS, |which| {
        Ok([megabytes(hello(which, Start::Fork)?.peak)])
    })?;
    let memory = compared(&ours, &bare, "MB", 2, PEAKS);
    let [ours, bare] = [length(both[0])?, length(both[1])?];
    let size = Figure {
        value: ours as f64 / bare as f64,
        detail: format!("{:.2} MB to {:.2} MB", megabytes(ours), megabytes(bare)),
    };
    Ok(vec![time, memory, size])
}

/// Calls into native functions with numbers and with strings.
pub(super) fn calls(programs: &Programs) -> Result<Vec<Figure>, Report> {
    let script = programs.calls()?;
    let both = [programs.natives()?, programs.bare()?];
    let [ours, bare] = interleaved::<2, 2>(CALLS, |which| {
        let said = script_run(both[which], &script, Start::Spawn)?.said;
        let figures: Vec<f64> = said.lines().filter_map(|line| line.parse().ok()).collect();
        <[f64; 2]>::try_from(figures).map_err(|_| {
            Report::error(format!(
                "the script that times calls said `{}`",
                said.trim()
            ))
        })
    })?;
    let figures = ours.iter().zip(&bare);
    Ok(figures
        .map(|(ours, bare)| compared(ours, bare, "ns", 0, CALLS))
        .collect())
}

/// Many timers at once, and none due for long.
pub(super) fn timers(programs: &Programs) -> Result<Vec<Figure>, Report> {
    let runtime = programs.natives()?;
    let scripts = [
        programs.timers(0)?,
        programs.timers(FEW)?,
        programs.timers(MANY)?,
    ];
    let [[none], [few], [many]] = interleaved::<3, 1>(TIMERS, |which| {
        Ok([cpu_millis(&script_run(
            runtime,
            &scripts[which],
            Start::Spawn,
        )?)])
    })?;
    let [few, many] = [few, many].map(|some| some.least() - none.least());
    let n_log_n = |n: u32| f64::from(n) * f64::from(n).ln();
    let growth = Figure {
        value: (many / few) / (n_log_n(MANY) / n_log_n(FEW)),
        detail: format!(
            "{many:.0} ms to {few:.1} ms, least of {TIMERS}: {:.1} times, n log n is {:.1}",
            many / few,
            n_log_n(MANY) / n_log_n(FEW)
        ),
    };
    let sleep = programs.sleep()?;
    let [[cpu, wall]] = interleaved::<1, 2>(SLEEPS, |_| {
        let usage = script_run(runtime, &sleep, Start::Spawn)?;
        Ok([cpu_millis(&usage), millis(&usage)])
    })?;
    let sleep = Figure {
        value: cpu.median(),
        detail: format!(
            "the most of {SLEEPS} runs {:.1} ms, of {:.0} ms",
            cpu.greatest(),
            wall.median()
        ),
    };
    Ok(vec![growth, sleep])
}

fn script_run(program: &Path, script: &Path, start: Start) -> Result<Usage, Report> {
    run(Command::new(program).arg(OsStr::new(script)), start)
}

/// The ratio of the least: on a busy machine, a median says how busy it was.
fn compared(ours: &Samples, bare: &Samples, unit: &str, digits: usize, runs: usize) -> Figure {
    let pair = |ours: f64, bare: f64| format!("{ours:.digits$} {unit} to {bare:.digits$} {unit}");
    Figure {
        value: ours.least() / bare.least(),
        detail: format!(
            "{}, least of {runs}; medians {}",
            pair(ours.least(), bare.least()),
            pair(ours.median(), bare.median())
        ),
    }
}

fn millis(usage: &Usage) -> f64 {
    usage.wall.as_secs_f64() * 1e3
}

fn cpu_millis(usage: &Usage) -> f64 {
    usage.cpu.as_secs_f64() * 1e3
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn length(path: &Path) -> Result<u64, Report> {
    let data = path
        .metadata()
        .map_err(|error| failed("measure", path, &error))?;
    Ok(data.len())
}
