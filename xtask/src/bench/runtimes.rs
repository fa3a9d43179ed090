//! What runtimes do: their start, their size, calls into native functions, promises, timers, plain JavaScript, and what limits cost. Each
//! against the program around the bare engine where that can do the same: the same scripts, profile and allocator, in turns.

use std::path::Path;
use std::process::Command;

use runtime_core::engine::capabilities::engine;

use super::Figure;
use super::peers::Peer;
use super::process::{Usage, peak, run};
use super::programs::{Programs, Runtime, Script};
use super::samples::{Samples, interleaved};
use crate::diagnostics::Report;
use crate::files::failed;

/// How many runs each figure is of.
const STARTS: usize = 60;
const PEAKS: usize = 10;
const CALLS: usize = 9;
const TIMERS: usize = 9;
const PROGRAMS: usize = 7;
const SLEEPS: usize = 3;

/// The numbers of timers that are compared.
const FEW: u32 = 10_000;
const MANY: u32 = 100_000;

/// The programs in plain JavaScript, as the script runs them.
const PLAIN: [&str; 8] = [
    "recursion",
    "objects",
    "strings",
    "regexps",
    "json",
    "sorting",
    "classes",
    "arrays",
];

/// The limits that an engine keeps, as far as it does, each so wide that nothing hits it.
const WIDE: [Runtime; 4] = [
    Runtime::limited("memory", "memory = \"2GiB\""),
    Runtime::limited("cpu", "cpu = \"10min\""),
    Runtime::limited("wall", "wall = \"20min\""),
    Runtime::limited("stack", "stack = \"4MiB\"\nenforce = \"best\""),
];

/// Those of timers and of files, which have nothing in common.
const QUOTAS: Runtime = Runtime::limited(
    "quotas",
    "timers.max = 1_000_000\nfs = { quota = \"1GiB\", open-files = 100 }",
);

/// Start to finish, memory and size of the smallest runtime.
pub(super) fn hello(programs: &Programs, peer: &Peer) -> Result<Vec<Figure>, Report> {
    let both = [
        programs.runtime(peer, Runtime::MINIMAL)?,
        programs.bare(peer)?,
    ];
    let [ours, bare] = starts(programs, [&both[0], &both[1]], Some(Script::HELLO))?;
    let time = compared(&ours, &bare, "ms", 2);
    let script = programs.script(Script::HELLO)?;
    let [[ours], [bare]] = interleaved::<2, 1>(PEAKS, |which| {
        Ok([megabytes(peak(Command::new(&*both[which]).arg(&script))?)])
    })?;
    let memory = compared(&ours, &bare, "MB", 2);
    let [ours, bare] = [length(&both[0])?, length(&both[1])?];
    let size = Figure {
        value: ours as f64 / bare as f64,
        detail: format!("{:.2} MB to {:.2} MB", megabytes(ours), megabytes(bare)),
    };
    Ok(vec![time, memory, size])
}

/// What it adds to a start that scripts run in a process of their own.
pub(super) fn isolation(programs: &Programs, peer: &Peer) -> Result<Vec<Figure>, Report> {
    let both = [Runtime::ISOLATED, Runtime::MINIMAL].map(|runtime| programs.runtime(peer, runtime));
    let [isolated, plain] = both;
    let [isolated, plain] = starts(programs, [&*isolated?, &*plain?], Some(Script::HELLO))?;
    Ok(vec![Figure {
        value: isolated.least() - plain.least(),
        detail: format!("{:.2} ms to {:.2} ms", isolated.least(), plain.least()),
    }])
}

/// The start of an app inside, compiled and parsed.
pub(super) fn bytecode(programs: &Programs, peer: &Peer) -> Result<Vec<Figure>, Report> {
    if !engine(peer.engine).is_some_and(|engine| engine.bytecode) {
        return Ok(Vec::new());
    }
    let both = [Runtime::COMPILED, Runtime::PARSED].map(|runtime| programs.runtime(peer, runtime));
    let [compiled, parsed] = both;
    let [compiled, parsed] = starts(programs, [&*compiled?, &*parsed?], None)?;
    Ok(vec![compared(&compiled, &parsed, "ms", 2)])
}

/// Calls into native functions.
pub(super) fn calls(programs: &Programs, peer: &Peer) -> Result<Vec<Figure>, Report> {
    let both = [
        programs.runtime(peer, Runtime::NATIVES)?,
        programs.bare(peer)?,
    ];
    let [ours, bare] = interleaved::<2, 4>(CALLS, |which| {
        figures(programs, &both[which], Script::CALLS)
    })?;
    let pairs = ours.iter().zip(&bare);
    Ok(pairs
        .map(|(ours, bare)| compared(ours, bare, "ns", 0))
        .collect())
}

/// A native function whose result comes later.
pub(super) fn async_calls(programs: &Programs, peer: &Peer) -> Result<Vec<Figure>, Report> {
    let runtime = programs.runtime(peer, Runtime::NATIVES)?;
    let [[took]] = interleaved::<1, 1>(CALLS, |_| figures(programs, &runtime, Script::ASYNC))?;
    Ok(vec![Figure {
        value: took.least(),
        detail: format!("{:.0} in a second", 1e9 / took.least()),
    }])
}

/// The turns of promises.
pub(super) fn promises(programs: &Programs, peer: &Peer) -> Result<Vec<Figure>, Report> {
    let both = [
        programs.runtime(peer, Runtime::NATIVES)?,
        programs.bare(peer)?,
    ];
    let [[ours], [bare]] = interleaved::<2, 1>(CALLS, |which| {
        figures(programs, &both[which], Script::PROMISES)
    })?;
    Ok(vec![
        compared(&ours, &bare, "ns", 0),
        Figure {
            value: 1e9 / ours.least(),
            detail: format!("the bare engine {:.0}", 1e9 / bare.least()),
        },
    ])
}

/// Many timers at once, and none due for long.
pub(super) fn timers(programs: &Programs, peer: &Peer) -> Result<Vec<Figure>, Report> {
    let runtime = programs.runtime(peer, Runtime::NATIVES)?;
    let scripts = [
        programs.timers(0)?,
        programs.timers(FEW)?,
        programs.timers(MANY)?,
    ];
    let [[none], [few], [many]] = interleaved::<3, 1>(TIMERS, |which| {
        Ok([cpu_millis(&script_run(
            programs,
            &runtime,
            &scripts[which],
        )?)])
    })?;
    let [few, many] = [few, many].map(|some| some.least() - none.least());
    let n_log_n = |n: u32| f64::from(n) * f64::from(n).ln();
    let rate = Figure {
        value: f64::from(FEW) / few * 1e3,
        detail: format!("{FEW} in {few:.1} ms of processor time"),
    };
    let growth = Figure {
        value: (many / few) / (n_log_n(MANY) / n_log_n(FEW)),
        detail: format!("{many:.0} ms to {few:.1} ms: {:.1} times", many / few),
    };
    let sleep = programs.script(Script::SLEEP)?;
    let [[cpu, wall]] = interleaved::<1, 2>(SLEEPS, |_| {
        let usage = script_run(programs, &runtime, &sleep)?;
        Ok([cpu_millis(&usage), millis(&usage)])
    })?;
    let sleep = Figure {
        value: cpu.median(),
        detail: format!("of {:.0} ms", wall.median()),
    };
    Ok(vec![rate, growth, sleep])
}

/// Plain JavaScript.
pub(super) fn programs(programs: &Programs, peer: &Peer) -> Result<Vec<Figure>, Report> {
    let both = [
        programs.runtime(peer, Runtime::NATIVES)?,
        programs.bare(peer)?,
    ];
    let [ours, bare] = interleaved::<2, { PLAIN.len() }>(PROGRAMS, |which| {
        figures(programs, &both[which], Script::PROGRAMS)
    })?;
    let pairs = ours.iter().zip(&bare);
    Ok(pairs
        .map(|(ours, bare)| compared(ours, bare, "ms", 2))
        .collect())
}

/// What limits cost that are on and not hit.
pub(super) fn limits(programs: &Programs, peer: &Peer) -> Result<Vec<Figure>, Report> {
    let none = programs.runtime(peer, Runtime::NATIVES)?;
    let quotas = programs.runtime(peer, QUOTAS)?;
    let mut sides = vec![none];
    for runtime in WIDE {
        sides.push(programs.runtime(peer, runtime)?);
    }
    let [none, memory, cpu, wall, stack] =
        interleaved::<{ WIDE.len() + 1 }, { PLAIN.len() }>(PROGRAMS, |which| {
            figures(programs, &sides[which], Script::PROGRAMS)
        })?;
    let mut found: Vec<Figure> = [memory, cpu, wall, stack]
        .iter()
        .map(|limited| mean(limited, &none))
        .collect();
    let sides = [&quotas, &sides[0]];
    let timers = programs.timers(MANY)?;
    let [[with], [without]] = interleaved::<2, 1>(TIMERS, |which| {
        Ok([cpu_millis(&script_run(programs, sides[which], &timers)?)])
    })?;
    found.push(compared(&with, &without, "ms", 0));
    let [[with], [without]] = interleaved::<2, 1>(CALLS, |which| {
        figures(programs, sides[which], Script::FILES)
    })?;
    found.push(compared(&with, &without, "µs", 1));
    Ok(found)
}

/// The geometric mean of the ratios, and which is worst.
fn mean(ours: &[Samples; PLAIN.len()], bare: &[Samples; PLAIN.len()]) -> Figure {
    let pairs = ours.iter().zip(bare);
    let ratios: Vec<f64> = pairs
        .map(|(ours, bare)| ours.least() / bare.least())
        .collect();
    let logs: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    let worst = PLAIN.iter().zip(&ratios).max_by(|a, b| a.1.total_cmp(b.1));
    Figure {
        value: (logs / ratios.len() as f64).exp(),
        detail: worst.map_or_else(String::new, |(name, ratio)| {
            format!("the most {ratio:.2}×, {name}")
        }),
    }
}

/// Both programs from start to finish, in milliseconds. Without a script, each has one inside.
fn starts(
    programs: &Programs,
    both: [&Path; 2],
    script: Option<Script>,
) -> Result<[Samples; 2], Report> {
    let script = script.map(|script| programs.script(script)).transpose()?;
    let started = interleaved::<2, 1>(STARTS, |which| {
        let usage = said_hello(Command::new(both[which]).args(&script))?;
        Ok([millis(&usage)])
    })?;
    Ok(started.map(|[took]| took))
}

fn said_hello(command: &mut Command) -> Result<Usage, Report> {
    let usage = run(command)?;
    (usage.said == "hello\n")
        .then_some(usage)
        .ok_or_else(|| Report::error("hello did not say hello"))
}

/// The figures that a script says, a line each.
fn figures<const N: usize>(
    programs: &Programs,
    program: &Path,
    script: Script,
) -> Result<[f64; N], Report> {
    let said = script_run(programs, program, &programs.script(script)?)?.said;
    let figures: Vec<f64> = said.lines().filter_map(|line| line.parse().ok()).collect();
    <[f64; N]>::try_from(figures).map_err(|_| {
        Report::error(format!(
            "the script `{}` said `{}`, which is not {N} figures",
            script.name(),
            said.trim()
        ))
    })
}

fn script_run(programs: &Programs, program: &Path, script: &Path) -> Result<Usage, Report> {
    let folder = programs.folder();
    run(Command::new(program).arg(script).current_dir(folder))
}

/// The ratio of the least: on a busy machine, a median says how busy it was.
fn compared(ours: &Samples, bare: &Samples, unit: &str, digits: usize) -> Figure {
    let [ours, bare] = [ours.least(), bare.least()];
    Figure {
        value: ours / bare,
        detail: format!("{ours:.digits$} {unit} to {bare:.digits$} {unit}"),
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
