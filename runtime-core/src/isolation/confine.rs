//! What the operating system limits: the child takes it upon itself before the engine exists, and nothing can take it off again.

use std::io;

use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::thread::set_no_new_privs;

use super::overflow;
use crate::limits::Limits;

pub(crate) use overflow::watch_stack;

/// The address space that the program itself takes: its code, the stacks of its threads, which are reserved and not used, and what
/// allocators reserve, of which one takes a gibibyte at once.
const PROGRAM: u64 = 2 << 30;

/// Seconds between the moment when the system says that the processor time is up, and the one when it kills.
const GRACE: u64 = 1;

/// Confines this process.
pub(super) fn confine(limits: &Limits) -> io::Result<()> {
    // Nothing gains what it did not have.
    set_no_new_privs(true)?;
    limit(Resource::Core, 0, 0)?;
    if let Some(bytes) = limits.memory {
        let bytes = bytes.saturating_add(PROGRAM);
        limit(Resource::As, bytes, bytes)?;
    }
    if let Some(time) = limits.cpu {
        // The system counts whole seconds; the runtime itself is more exact, and first.
        let seconds = time.as_secs().saturating_add(1 + GRACE);
        limit(Resource::Cpu, seconds, seconds.saturating_add(GRACE))?;
    }
    overflow::tell()
}

/// Sets a limit, or keeps a lower one that is there already.
fn limit(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let there = rustix::process::getrlimit(resource);
    let least = |there: Option<u64>, wanted| Some(there.map_or(wanted, |there| there.min(wanted)));
    let lower = Rlimit {
        current: least(there.current, soft),
        maximum: least(there.maximum, hard),
    };
    Ok(setrlimit(resource, lower)?)
}
