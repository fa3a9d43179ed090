//! The notes that a child leaves for its supervisor: where the script was last. They outlive the child, however it ends.
//!
//! A note is a file without a name, which both have open; the last one counts. A system without such files has no notes.

/// The most bytes of a note.
const LONGEST: usize = 240;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod file {
    use std::fs::File;
    use std::os::fd::{AsRawFd as _, FromRawFd as _};
    use std::os::unix::fs::FileExt as _;

    use rustix::fs::{MemfdFlags, memfd_create};
    use rustix::io::{FdFlags, fcntl_setfd};

    use super::LONGEST;

    /// The open file.
    #[derive(Debug)]
    pub(crate) struct Notes(File);

    impl Notes {
        /// A file that a child inherits.
        pub(crate) fn create() -> std::io::Result<Self> {
            let file = memfd_create("notes", MemfdFlags::CLOEXEC)?;
            fcntl_setfd(&file, FdFlags::empty())?;
            Ok(Self(file.into()))
        }

        /// The number under which the child finds it.
        pub(crate) fn number(&self) -> i32 {
            self.0.as_raw_fd()
        }

        /// The file that a supervisor gave.
        pub(crate) fn inherited(number: &str) -> Option<Self> {
            let number: i32 = number.parse().ok().filter(|number| *number > 2)?;
            // Only a file that is open can be taken over: the variable may have been set by anybody.
            let path = format!("/proc/self/fd/{number}");
            let target = std::fs::read_link(path).ok()?;
            if !target.to_string_lossy().starts_with("/memfd:notes") {
                return None;
            }
            // SAFETY: the descriptor is open and is one that a supervisor left for this process alone, as its name says.
            Some(Self(unsafe { File::from_raw_fd(number) }))
        }

        /// Replaces the note.
        pub(crate) fn write(&self, text: &str) {
            let mut record = [0; LONGEST];
            let cut = text.floor_char_boundary(LONGEST);
            record[..cut].copy_from_slice(&text.as_bytes()[..cut]);
            // A note that cannot be left is missing later, and that is all.
            let _ = self.0.write_all_at(&record, 0);
        }

        /// The last note.
        pub(crate) fn read(&self) -> Option<String> {
            let mut record = [0; LONGEST];
            let len = self.0.read_at(&mut record, 0).ok()?;
            let text = String::from_utf8_lossy(&record[..len]);
            let text = text.trim_end_matches('\0');
            (!text.is_empty()).then(|| text.to_owned())
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod file {
    /// Nothing: this system has no files without names.
    #[derive(Debug)]
    pub(crate) struct Notes;

    impl Notes {
        pub(crate) fn create() -> std::io::Result<Self> {
            Ok(Self)
        }

        pub(crate) fn number(&self) -> i32 {
            -1
        }

        pub(crate) fn inherited(_number: &str) -> Option<Self> {
            Some(Self)
        }

        pub(crate) fn write(&self, _text: &str) {}

        pub(crate) fn read(&self) -> Option<String> {
            None
        }
    }
}

pub(super) use file::Notes;

#[cfg(all(test, any(target_os = "linux", target_os = "android")))]
mod tests {
    use super::*;

    #[test]
    fn the_last_note_counts_and_is_cut_at_a_character() {
        let notes = Notes::create().expect("there is memory");
        assert_eq!(notes.read(), None);
        notes.write("first, and longer than the second");
        notes.write("second");
        assert_eq!(notes.read().as_deref(), Some("second"));
        notes.write(&"é".repeat(LONGEST));
        let read = notes.read().expect("there is one");
        assert_eq!(read, "é".repeat(LONGEST / 2));
    }

    #[test]
    fn only_a_file_of_a_supervisor_is_taken_over() {
        for number in ["", "x", "-1", "0", "2", "999999"] {
            assert!(Notes::inherited(number).is_none(), "{number}");
        }
    }
}
