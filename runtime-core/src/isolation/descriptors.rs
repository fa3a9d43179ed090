//! What the child has open: the three standard streams, and nothing that whoever started the program had open beside them.
//!
//! The boundary: numbers of descriptors. The supervisor keeps what it was given, such as a lock that is held by a descriptor.

use std::io;

/// The first descriptor that is no standard stream.
const FIRST: u32 = 3;

/// Closes every descriptor but those of the standard streams. Nothing in this process may use one yet.
pub(super) fn close_all_but_streams() -> io::Result<()> {
    match close_range() {
        Ok(()) => Ok(()),
        // The system is older than the call.
        Err(_) => close_each(),
    }
}

/// By one call of the system, which Linux has since 5.9.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn close_range() -> io::Result<()> {
    // SAFETY: the numbers are the arguments that the call takes, and nobody in this process uses a descriptor that it closes.
    match unsafe { libc::syscall(libc::SYS_close_range, FIRST, u32::MAX, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn close_range() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// One by one, as the system lists them.
fn close_each() -> io::Result<()> {
    for descriptor in crate::files::open_descriptors()? {
        if descriptor >= FIRST as i32 {
            // SAFETY: nobody in this process uses it. That it may be closed already, as the one of the list is, is no error.
            unsafe { libc::close(descriptor) };
        }
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn the_list_has_what_is_open() {
        use std::os::fd::AsRawFd as _;
        let file = tempfile::tempfile().expect("a file");
        let listed = crate::files::open_descriptors().expect("the system lists them");
        assert!(listed.contains(&file.as_raw_fd()), "{listed:?}");
        assert!(listed.iter().all(|descriptor| *descriptor >= 0));
    }
}
