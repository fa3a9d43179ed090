//! What the library for Android does in the Java virtual machine of this machine, against the same through the embedding API, and what it
//! weighs for a phone.

use std::ffi::{OsStr, OsString};
use std::process::Command;

use runtime_core::engine::capabilities::engine;

use super::Figure;
use super::peers::Peer;
use super::process::run;
use super::programs::Programs;
use super::samples::interleaved;
use crate::diagnostics::Report;
use crate::drive::android;
use crate::machine::android::javac;
use crate::machine::toolchain::in_path;

/// How many processes each figure is of.
const ROUNDS: usize = 5;

/// Makes, evals, calls and bytes.
pub(super) fn java(programs: &Programs, peer: &Peer) -> Result<Vec<Figure>, Report> {
    let folder = programs.jvm(peer)?;
    let native = programs.embedded(peer)?;
    let mut library = OsString::from("-Djava.library.path=");
    library.push(&*folder);
    let [ours, theirs] = interleaved::<2, 4>(ROUNDS, |which| {
        let mut command = on_one_processor(match which {
            0 => "java".as_ref(),
            _ => native.as_os_str(),
        });
        if which == 0 {
            command.arg(&library).arg("-cp").arg(folder.join("classes"));
            command.arg("dev.tailor.runtime.Bench");
        }
        four(&run(&mut command)?.said)
    })?;
    let us = |nanos: f64| nanos / 1e3;
    let both = |at: usize| (ours[at].least(), theirs[at].least());
    let times = |at| {
        let (ours, theirs) = both(at);
        Figure {
            value: ours / theirs,
            detail: format!("{:.1} µs to {:.1} µs", us(ours), us(theirs)),
        }
    };
    let (eval, native) = both(1);
    let more = Figure {
        value: eval - native,
        detail: format!("{:.1} µs to {:.1} µs", us(eval), us(native)),
    };
    Ok(vec![times(0), more, times(2), times(3)])
}

/// The bytes of the library and of the archive; none where nothing here compiles the engine for a phone.
pub(super) fn library(programs: &Programs, peer: &Peer) -> Result<Vec<Figure>, Report> {
    let is_c = engine(peer.engine).is_some_and(|engine| engine.c_code.is_some());
    if is_c && !android::has_ndk()? {
        return Ok(Vec::new());
    }
    let package = programs.for_android(peer)?;
    let row = package.android();
    let library = row.abis.first().and_then(|row| row.library.as_ref());
    let (Some(library), Some(aar)) = (library, &row.aar) else {
        return Err(Report::error("there is no library or no AAR to be weighed").help(javac::GET));
    };
    let kb = |bytes: u64| Figure {
        value: bytes as f64 / 1e3,
        detail: format!("fit for {}", row.fit_for),
    };
    Ok(vec![kb(library.bytes), kb(library.gzipped), kb(aar.bytes)])
}

/// On one processor, where there is the tool for it: to wake a thread on another one takes longer than all that is compared here,
/// and whether it is another one is for the system to say.
fn on_one_processor(program: &OsStr) -> Command {
    let Some(taskset) = in_path("taskset") else {
        return Command::new(program);
    };
    let mut command = Command::new(taskset);
    command.args(["-c", "0"]).arg(program);
    command
}

/// The four numbers that a program printed.
fn four(said: &str) -> Result<[f64; 4], Report> {
    let numbers: Vec<f64> = said
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    numbers.try_into().map_err(|_| {
        Report::error(format!(
            "tailor's bug: a program that measures printed `{}`",
            said.trim()
        ))
    })
}
