//! An overflow of the script's stack, told from other crashes: the child notes which it is, and the supervisor says it.
//!
//! The standard library would say it, too, but in words that are not for the user of a script. Its handler is taken away.

use std::ffi::{c_int, c_void};
use std::io;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::place;

/// Where the stack of the script's thread ends, more or less; 0 before there is one.
static END: AtomicUsize = AtomicUsize::new(0);

/// How far from there an overflow is seen: what a thread has on its stack before it begins is not known exactly.
const NEAR: usize = 256 << 10;

/// Watches the stack of this thread, which has just begun and has `size` bytes of it.
pub(crate) fn watch_stack(size: usize) {
    let here = 0_u8;
    END.store((&raw const here).addr() - size, Ordering::Relaxed);
}

/// Sees to it that a crash is noted, and remains one.
pub(super) fn tell() -> io::Result<()> {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    for signal in [libc::SIGSEGV, libc::SIGBUS] {
        // SAFETY: the handler has the type that its flags ask for. It runs on the stack that the standard library has made for
        // handlers, since the thread's own is full, and does nothing but what a handler may.
        let result = unsafe {
            let action = action.assume_init_mut();
            action.sa_sigaction = handler as *const () as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESETHAND;
            libc::sigaction(signal, action, ptr::null_mut())
        };
        if result != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

extern "C" fn handler(signal: c_int, about: *mut libc::siginfo_t, _: *mut c_void) {
    // SAFETY: the system passes what it knows of the signal.
    let at = unsafe { (*about).si_addr() }.addr();
    if at.abs_diff(END.load(Ordering::Relaxed)) < NEAR {
        place::note_overflow();
    }
    // It is the default's by now, and ends the process as soon as this returns.
    // SAFETY: a handler may call it.
    unsafe { libc::raise(signal) };
}
