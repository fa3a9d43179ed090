//! Opens files by their whole path, on systems for which no walk of open folders is written (`walk.rs`). The boundary: `std::fs`.
//!
//! What is opened here need not be what was judged: the system resolves the path once more, and follows a link that was put in its way
//! meanwhile. On WASI the host confines that: it opens nothing outside of the folders that it was given, whatever the links in them,
//! but among those folders a link may lead from what is granted to what is not. On Windows nothing confines it: whoever can replace a
//! folder by a link or a junction while a module is imported decides which file is read. In a page there are no files, and every call
//! is an error.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::{Unread, What};

/// What is at a path.
pub(super) fn what_is(path: &Path) -> io::Result<What> {
    let kind = fs::symlink_metadata(path)?.file_type();
    Ok(match () {
        () if kind.is_symlink() => What::Link,
        () if kind.is_dir() => What::Folder,
        () if kind.is_file() => What::File,
        () => What::Other,
    })
}

/// Opens a regular file to read it.
pub(super) fn open_regular(path: &Path) -> Result<File, Unread> {
    match what_is(path)? {
        What::File => Ok(File::open(path)?),
        other => Err(Unread::Is(other)),
    }
}
