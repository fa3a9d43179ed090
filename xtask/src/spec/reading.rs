//! Opening what a spec names: specs come from strangers, and so do the paths in them.
//!
//! The boundary: one file at a time. Only a regular file is read, and only so much of it: a pipe would never end, a device
//! would fill the memory. Which paths may be named at all is said here too, and decided by those who name them.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::diagnostics::{FileId, Sources};

/// The most bytes of a spec, an include, a native file or a crate's manifest.
pub const MOST_BYTES: u64 = 1 << 20;

/// Why a file is not read.
#[derive(Debug)]
pub enum Unreadable {
    /// Nothing is there.
    Missing,
    /// It is a folder.
    Folder,
    /// It is a pipe, a socket or a device.
    Special,
    /// It has more than [`MOST_BYTES`].
    TooLarge,
    /// It is not text. The first byte that is none.
    NotUtf8(usize),
    /// The system says no.
    Failed(io::Error),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no such file"),
            Self::Folder => f.write_str("it is a folder"),
            Self::Special => f.write_str("it is not a regular file"),
            Self::TooLarge => write!(f, "it is larger than {} MiB", MOST_BYTES >> 20),
            Self::NotUtf8(at) => write!(f, "it is not UTF-8 (byte {at})"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

/// Reads a text.
pub fn read(path: &Path) -> Result<String, Unreadable> {
    let file = open(path, Follow::Links).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Unreadable::Missing,
        _ => Unreadable::Failed(error),
    })?;
    let data = file.metadata().map_err(Unreadable::Failed)?;
    if data.is_dir() {
        return Err(Unreadable::Folder);
    }
    if !data.is_file() {
        return Err(Unreadable::Special);
    }
    let mut bytes = Vec::new();
    // The size that the system says is not asked: it may be wrong, and may change.
    let mut bounded = file.take(MOST_BYTES + 1);
    bounded
        .read_to_end(&mut bytes)
        .map_err(Unreadable::Failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Unreadable::TooLarge);
    }
    String::from_utf8(bytes).map_err(|error| Unreadable::NotUtf8(error.utf8_error().valid_up_to()))
}

/// Whether a link at the end of a path leads anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follow {
    /// It does.
    Links,
    /// It is an error.
    Nothing,
}

/// Opens what is there without waiting for it, as a pipe would.
pub(crate) fn open(path: &Path, follow: Follow) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let no_links = if follow == Follow::Nothing {
            libc::O_NOFOLLOW
        } else {
            0
        };
        options.custom_flags(libc::O_NONBLOCK | no_links);
    }
    #[cfg(not(unix))]
    if follow == Follow::Nothing && path.is_symlink() {
        return Err(io::Error::other("it is a link"));
    }
    options.open(path)
}

/// Whether a path, all links resolved, lies in the folder of the spec, or of the file that names it.
pub fn is_beside(path: &Path, from: FileId, sources: &Sources) -> bool {
    let Ok(path) = path.canonicalize() else {
        return false;
    };
    let root = sources.root().map(|source| source.path.as_path());
    let folders = root.into_iter().chain([sources.get(from).path.as_path()]);
    folders
        .filter_map(Path::parent)
        .map(or_here)
        .filter_map(|folder| folder.canonicalize().ok())
        .any(|folder| path.starts_with(folder))
}

/// A folder that can be looked up: the empty path is the working directory.
fn or_here(folder: &Path) -> PathBuf {
    match folder.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => folder.to_owned(),
    }
}

/// Adds a file that a spec names to the sources. Its lines are printed only when it lies in the folder of the root spec:
/// messages about a stranger's spec must not print what else this machine has.
pub fn add(sources: &mut Sources, name: String, path: PathBuf, text: String) -> FileId {
    let is_inside = || {
        let root = sources.root()?.path.parent()?;
        let root = or_here(root).canonicalize().ok()?;
        Some(path.canonicalize().ok()?.starts_with(root))
    };
    match is_inside() {
        Some(true) => sources.add(name, path, text),
        _ => sources.add_unshown(name, path, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_of_a_bounded_size_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let write = |name: &str, bytes: &[u8]| std::fs::write(path(name), bytes).expect("written");
        write("good", b"a = 1");
        assert_eq!(read(&path("good")).expect("it is a text"), "a = 1");
        write("full", &vec![b' '; MOST_BYTES as usize]);
        assert!(read(&path("full")).is_ok());
        write("large", &vec![b' '; MOST_BYTES as usize + 1]);
        assert!(matches!(read(&path("large")), Err(Unreadable::TooLarge)));
        write("latin", b"a\xff");
        assert!(matches!(read(&path("latin")), Err(Unreadable::NotUtf8(1))));
        assert!(matches!(read(&path("none")), Err(Unreadable::Missing)));
        assert!(matches!(read(folder.path()), Err(Unreadable::Folder)));
    }

    #[cfg(unix)]
    #[test]
    fn what_never_ends_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let fifo = folder.path().join("fifo");
        let name = std::ffi::CString::new(fifo.as_os_str().as_encoded_bytes()).expect("a name");
        // SAFETY: the name is a string with an end, which lives as long as the call.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        assert!(matches!(read(&fifo), Err(Unreadable::Special)));
        assert!(matches!(
            read(Path::new("/dev/zero")),
            Err(Unreadable::Special)
        ));
        std::os::unix::fs::symlink("fifo", folder.path().join("link")).expect("a link");
        assert!(open(&folder.path().join("link"), Follow::Nothing).is_err());
    }
}
