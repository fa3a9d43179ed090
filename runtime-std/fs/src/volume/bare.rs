//! What there is where nothing is mounted: folders on the way to mount points.

use std::io;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use runtime_core::permissions::{Granted, Read};

use super::super::port::{Entry, FileSystem, Stat};

/// A file system of which every path is an empty folder.
pub(in super::super) struct Bare;

impl FileSystem for Bare {
    fn blocks(&self) -> bool {
        false
    }

    fn read(&self, _at: &Granted<Read>) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::IsADirectory.into())
    }

    fn read_dir(&self, _at: &Granted<Read>) -> io::Result<Vec<Entry>> {
        Ok(Vec::new())
    }

    fn stat(&self, _at: &Granted<Read>) -> io::Result<Stat> {
        Ok(folder_stat())
    }

    fn lstat(&self, _at: &Granted<Read>) -> io::Result<Stat> {
        Ok(folder_stat())
    }

    fn read_link(&self, _at: &Granted<Read>) -> io::Result<PathBuf> {
        Err(io::ErrorKind::InvalidInput.into())
    }
}

/// What is known of a folder that is there because a mount is beneath it.
pub(in super::super) fn folder_stat() -> Stat {
    Stat {
        is_file: false,
        is_directory: true,
        is_symlink: false,
        size: 0.0,
        modified: UNIX_EPOCH,
        accessed: None,
        created: None,
        mode: Some(f64::from(0o040_555)),
    }
}
