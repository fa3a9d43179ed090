//! The machine's files: the one place of a runtime that opens them.
//!
//! A path comes here after it was resolved and judged (`permissions`): it is absolute, and no symbolic link was in it then. [`walk`]
//! opens it name by name from `/`, each name relative to the folder before it, and follows no link. So what is opened is what was
//! judged, and a link that was put in its way meanwhile is an error. The loader, the entry of a program, mounts and `runtime:fs` all
//! open by it. The boundary: real paths in, open files and bytes out. Nothing here judges a path, and who reads says how much.
//!
//! Where there is no Unix, `by_path` opens by the whole path and says what it cannot promise. `cargo xtask tidy` refuses every other
//! way to open a file in the crates of a runtime.

#[cfg(not(unix))]
mod by_path;
#[cfg(all(test, unix))]
mod tests;
#[cfg(unix)]
pub mod walk;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

#[cfg(not(unix))]
use by_path as way;
#[cfg(unix)]
use walk as way;

/// What is at a real path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link. There was none when the path was resolved.
    Link,
    /// A pipe, a socket or a device.
    Other,
}

/// Why a regular file was not read.
#[derive(Debug)]
pub(crate) enum Unread {
    /// Something else is there.
    Is(What),
    /// It has so many bytes, which is more than was asked for.
    TooLarge(u64),
    /// The system refused.
    System(io::Error),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// What is at a real path. Nothing is opened, and no link is followed.
pub(crate) fn what_is(path: &Path) -> io::Result<What> {
    way::what_is(path)
}

/// What the regular file at a real path holds, if that is at most `most` bytes. A pipe or a device is not opened, so that nothing
/// waits for one; a file that is too large is not read.
pub(crate) fn read_regular(path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
    let file = way::open_regular(path)?;
    let about = file.metadata()?;
    // Something else may have taken its place while it was opened, which waits for nobody.
    if !about.is_file() {
        return Err(Unread::Is(What::Other));
    }
    if about.len() > most {
        return Err(Unread::TooLarge(about.len()));
    }
    let bytes = read(file, about.len(), most)?;
    match bytes.len() as u64 > most {
        // It has grown, or the system does not say how long it is.
        true => Err(Unread::TooLarge(bytes.len() as u64)),
        false => Ok(bytes),
    }
}

/// The descriptors that this process has open, as the system lists them. One of them is that of the list, and closed by now.
#[cfg(all(unix, feature = "isolation"))]
pub(crate) fn open_descriptors() -> io::Result<Vec<i32>> {
    way::open_descriptors()
}

/// What an open file holds: at most `most` bytes and one more. It is expected to have `len` bytes, for which there is room before
/// anything is read. Every byte of a file that a runtime holds is read here.
pub fn read(file: File, len: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let expected = usize::try_from(len.min(most)).map_err(|_| io::ErrorKind::OutOfMemory)?;
    bytes
        .try_reserve_exact(expected)
        .map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}
