//! Where lines go that Java does not take: to the system's log on Android, and to the process's own output elsewhere.

#[cfg(target_os = "android")]
mod system {
    use std::ffi::{CString, c_char, c_int};

    /// The priorities of the log that a runtime uses.
    pub(super) const INFO: c_int = 4;
    pub(super) const ERROR: c_int = 6;

    /// The log cuts an entry at some 4 KB.
    const ENTRY: usize = 3900;

    #[link(name = "log")]
    unsafe extern "C" {
        fn __android_log_write(priority: c_int, tag: *const c_char, text: *const c_char) -> c_int;
    }

    /// Writes each line as an entry, a long one as several.
    pub(super) fn write(priority: c_int, lines: &str) {
        for line in lines.lines() {
            let mut rest = line;
            loop {
                let (entry, left) = rest.split_at(rest.floor_char_boundary(ENTRY));
                // The log's text ends at a NUL: one that is within is shown as what a reader would see of it.
                if let Ok(text) = CString::new(entry.replace('\0', "\u{fffd}")) {
                    // SAFETY: both end with a NUL and are read during the call.
                    unsafe { __android_log_write(priority, c"js".as_ptr(), text.as_ptr()) };
                }
                if left.is_empty() {
                    break;
                }
                rest = left;
            }
        }
    }
}

/// Says what went wrong where nobody else hears of it.
#[cfg(target_os = "android")]
pub(crate) fn error(text: &str) {
    system::write(system::ERROR, text);
}

/// The same, on standard error.
#[cfg(not(target_os = "android"))]
pub(crate) fn error(text: &str) {
    use std::io::Write as _;
    // Nobody may be reading; there is nobody else to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// The console's lines as entries of the system's log.
#[cfg(all(feature = "console", target_os = "android"))]
#[derive(Debug)]
pub(crate) struct Log;

#[cfg(all(feature = "console", target_os = "android"))]
impl module_console::Sink for Log {
    fn write(&mut self, stream: module_console::Stream, lines: &str) -> std::io::Result<()> {
        let priority = match stream {
            module_console::Stream::Out => system::INFO,
            module_console::Stream::Err => system::ERROR,
        };
        system::write(priority, lines);
        Ok(())
    }
}
