//! Scripts in a process of their own: whatever one does, the process ends by itself, with a status that is documented, in words.
//!
//! The boundary: what a user sees of `bin/runtime.rs`, which cargo puts beside every binary of this crate.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use runtime_core::tables::LIMITS;

/// What the process of no script says: the words are Rust's own.
const RAW: &[&str] = &[
    "panicked at",
    "RUST_BACKTRACE",
    "overflowed its stack",
    "memory allocation of",
];

/// Statuses beside those of limits: it ran, it failed, the engine met a bug of its own.
const ENDS: &[u8] = &[0, 1, 70];

/// Runs a script and judges how its process ended.
pub(crate) fn run(script: &str) {
    let mut child = Command::new(binary())
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("`cargo build` makes the binary `runtime` with every other");
    let mut stdin = child.stdin.take().expect("it is piped");
    // A process that has ended already reads nothing.
    let _ = stdin.write_all(script.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("its output is text");
    let said = String::from_utf8_lossy(&output.stderr);
    let status = output
        .status
        .code()
        .and_then(|code| u8::try_from(code).ok());
    let mut known = ENDS
        .iter()
        .copied()
        .chain(LIMITS.iter().filter_map(|limit| limit.status));
    assert!(
        status.is_some_and(|status| known.any(|known| known == status)),
        "it ended with {}: {said}",
        output.status
    );
    assert_eq!(
        status == Some(0),
        said.is_empty(),
        "{}: {said}",
        output.status
    );
    for raw in RAW {
        assert!(!said.contains(raw) || script.contains(raw), "{said}");
    }
}

/// Tests lie one folder below the other binaries.
fn binary() -> PathBuf {
    let mut path = std::env::current_exe().expect("a process knows its binary");
    path.pop();
    if path.ends_with("deps") {
        path.pop();
    }
    path.join(format!("runtime{}", std::env::consts::EXE_SUFFIX))
}
