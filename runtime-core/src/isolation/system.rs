//! What the operating system limits.

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) use linux::confine;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) use other::confine;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux {
    use std::io;

    use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
    use rustix::thread::set_no_new_privs;

    use crate::limits::Limits;

    /// The address space that the program itself takes: its code, the stacks of its threads, which are reserved and not used, and what
    /// the allocator reserves for each thread.
    const PROGRAM: u64 = 2 << 30;

    /// Seconds between the moment when the system says that the processor time is up, and the one when it kills.
    const GRACE: u64 = 1;

    /// Confines this process.
    pub(in super::super) fn confine(limits: &Limits) -> io::Result<()> {
        // Nothing survives the supervisor, and nothing gains what it did not have.
        set_parent_process_death_signal(Some(Signal::KILL))?;
        set_no_new_privs(true)?;
        let set = |resource, current: u64, maximum: u64| {
            let limit = Rlimit {
                current: Some(current),
                maximum: Some(maximum),
            };
            setrlimit(resource, limit)
        };
        set(Resource::Core, 0, 0)?;
        if let Some(bytes) = limits.memory {
            let bytes = bytes.saturating_add(PROGRAM);
            set(Resource::As, bytes, bytes)?;
        }
        if let Some(time) = limits.cpu {
            // The system counts whole seconds; the runtime itself is more exact, and first.
            let seconds = time.as_secs().saturating_add(1);
            set(
                Resource::Cpu,
                seconds.saturating_add(GRACE),
                seconds.saturating_add(2 * GRACE),
            )?;
        }
        default_crashes();
        Ok(())
    }

    /// Lets a crash be one. The standard library says `stack overflow` in words of its own, which are not for the user of a script:
    /// the supervisor says what happened.
    fn default_crashes() {
        for signal in [libc::SIGSEGV, libc::SIGBUS] {
            // SAFETY: no handler of the program's own is replaced but the one that only prints.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod other {
    use std::io;

    use crate::limits::Limits;

    /// This system is asked for no limits: those of the runtime hold, and the supervisor contains a crash.
    pub(in super::super) fn confine(_limits: &Limits) -> io::Result<()> {
        Ok(())
    }
}
