//! What keeps a limit where the engine cannot: the process, which ends itself, in words and with
//! the limit's status.
//!
//! The boundary: only a generated binary is guarded, for its process is the runtime; in a program
//! that embeds one nothing here is ever armed. The way of the engine goes first: a guard acts when
//! a single long operation leaves no other. What the console has held back for a moment is lost
//! then.

mod counting;
#[cfg_attr(target_os = "wasi", path = "no_watchdog.rs")]
mod watchdog;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

pub use counting::Counting;
pub(crate) use counting::{has_room, is_short};

use super::Limits;
use crate::error::LimitHit;

/// Guards the limits that the engine keeps only with the process's help; `keeps` says of a limit
/// whether it needs none.
pub(crate) fn guard(limits: &Limits, keeps: fn(&str) -> bool) -> std::io::Result<()> {
    match limits.memory {
        Some(bytes) if !keeps("memory") => counting::arm(bytes),
        Some(bytes) => counting::arm_beyond(bytes),
        None => {}
    }
    let cpu = limits.cpu.filter(|_| !keeps("cpu"));
    let wall = limits.wall.filter(|_| !keeps("wall"));
    match (cpu, wall) {
        (None, None) => Ok(()),
        _ => watchdog::start(cpu, wall),
    }
}

/// Guards the limits of a runtime that has an instance of WebAssembly for itself: what is lost with
/// it is nobody else's. An error names the limit that this build cannot keep.
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub(crate) fn guard_instance(limits: &Limits, keeps: fn(&str) -> bool) -> Result<(), &'static str> {
    match limits.memory.filter(|_| !keeps("memory")) {
        Some(_) if !counting::is_counting() => return Err("memory"),
        Some(bytes) => counting::arm(bytes),
        None => {}
    }
    Ok(())
}

/// How many wish that a script ends soon: the watchdog, and who asked a runtime to stop.
static WISHES: AtomicUsize = AtomicUsize::new(0);

/// Whether a script should be judged at the next opportunity. It costs some loads, so it is asked
/// at every call of a native function.
#[allow(dead_code, reason = "an engine that interrupts itself need not ask")]
pub(crate) fn is_due() -> bool {
    WISHES.load(Ordering::Relaxed) > 0 || is_short()
}

/// Wishes that a script ends soon.
pub(crate) fn wish() {
    WISHES.fetch_add(1, Ordering::Relaxed);
}

/// Takes a wish back: what it was about has ended.
pub(crate) fn unwish() {
    WISHES.fetch_sub(1, Ordering::Relaxed);
}

/// Whether somebody is ending the process already.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Whether it is the caller who says why the process ends; else another thread is doing so.
pub(crate) fn claim() -> bool {
    !ENDING.swap(true, Ordering::AcqRel)
}

/// The words that a process ends with.
fn words(hit: &LimitHit) -> String {
    format!("error: {hit}\n")
}

/// Writes `words` to standard error and ends the process, without allocating, locking or unwinding:
/// the caller may be an allocator, and another thread may hold any lock.
#[cfg(unix)]
fn end(words: &[u8], status: u8) -> ! {
    // SAFETY: the bytes are there for the length that is said; `_exit` may be called anywhere.
    unsafe {
        // Nobody may be reading; there is nothing more to say then.
        libc::write(libc::STDERR_FILENO, words.as_ptr().cast(), words.len());
        libc::_exit(i32::from(status))
    }
}

/// Ends the instance of WebAssembly, which is what the runtime has for itself: `words` are thrown
/// through everything.
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
fn end(words: &[u8], _status: u8) -> ! {
    wasm_bindgen::throw_str(std::str::from_utf8(words).unwrap_or_default())
}

/// Writes `words` to standard error and ends the process.
#[cfg(not(any(unix, all(target_arch = "wasm32", target_os = "unknown"))))]
fn end(words: &[u8], status: u8) -> ! {
    use std::io::Write as _;
    // Nobody may be reading; there is nothing more to say then.
    let _ = std::io::stderr().write_all(words);
    std::process::exit(i32::from(status))
}
