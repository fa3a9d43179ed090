//! The port: what a file system must do for `runtime:fs`.
//!
//! Every operation takes the proof that it is allowed. The path in a proof is real; an implementation opens it without
//! following a symbolic link, for one that is there now was made after the check. A file system says whether its operations
//! block; who calls them then sees to a thread for that. One that cannot be written has the operations that read, no more.

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use runtime_core::permissions::{Granted, Move, Read, Remove, Write};
use runtime_core::prelude::*;

/// A file system.
pub trait FileSystem: Send + Sync {
    /// Whether an operation may take as long as a disk does.
    fn blocks(&self) -> bool;

    /// All bytes of a file.
    fn read(&self, at: &Granted<Read>) -> io::Result<Vec<u8>>;

    /// Writes a file.
    fn write(&self, _at: &Granted<Write>, _data: &[u8], _options: &WriteOptions) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    /// Makes a file longer, with zeros, or shorter.
    fn truncate(&self, _at: &Granted<Write>, _len: u64) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    /// What is in a folder, in any order.
    fn read_dir(&self, at: &Granted<Read>) -> io::Result<Vec<Entry>>;

    /// Makes a folder; when `recursive`, those above it too, and one that exists is no error.
    fn make_dir(&self, _at: &Granted<Write>, _recursive: bool, _mode: u32) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    /// Removes a file, a link, or a folder: an empty one, or when `recursive`, with all that is in it.
    fn remove(&self, _at: &Granted<Remove>, _recursive: bool) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    /// Moves what is at `from`, replacing a file at `to`.
    fn rename(&self, _from: &Granted<Move>, _to: &Granted<Write>) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    /// Copies the bytes and the mode of a file, replacing one at `to`.
    fn copy(&self, _from: &Granted<Read>, _to: &Granted<Write>) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    /// What is known of a file or a folder. A link that is at a real path leads nowhere but to itself: `ELOOP`.
    fn stat(&self, at: &Granted<Read>) -> io::Result<Stat>;

    /// What is known of a file, a folder or a link.
    fn lstat(&self, at: &Granted<Read>) -> io::Result<Stat>;

    /// The target of a link.
    fn read_link(&self, at: &Granted<Read>) -> io::Result<PathBuf>;

    /// Makes an empty file or folder, which only its owner may open, in a folder.
    fn make_in(&self, _folder: &Granted<Write>, _name: &str, _is_folder: bool) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }
}

/// How a file is written.
#[derive(Clone, Debug, FromJs)]
pub struct WriteOptions {
    /// Adds to the end of the file instead of replacing what is in it.
    #[js(default)]
    pub append: bool,
    /// Whether a file that does not exist is created; true unless said otherwise.
    #[js(default = true)]
    pub create: bool,
    /// Fails with `EEXIST` when there is something already.
    #[js(default)]
    pub create_new: bool,
    /// The mode of a file that is created, `0o666` unless said otherwise; the system's mask applies. Windows has none.
    pub mode: Option<u32>,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            append: false,
            create: true,
            create_new: false,
            mode: None,
        }
    }
}

impl WriteOptions {
    /// For a file that is replaced, or made with `mode`.
    pub(super) fn of_mode(mode: Option<u32>) -> Self {
        Self {
            mode,
            ..Self::default()
        }
    }
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq, IntoJs)]
#[js(name = "DirEntry")]
pub struct Entry {
    /// Its name, without the folder.
    pub name: String,
    /// Whether it is a file.
    pub is_file: bool,
    /// Whether it is a folder.
    pub is_directory: bool,
    /// Whether it is a symbolic link.
    pub is_symlink: bool,
}

impl Entry {
    /// A folder.
    pub(super) fn folder(name: String) -> Self {
        Self {
            name,
            is_file: false,
            is_directory: true,
            is_symlink: false,
        }
    }
}

/// What is known of a file, a folder or a link.
#[derive(Clone, Debug, PartialEq, IntoJs)]
pub struct Stat {
    /// Whether it is a file.
    pub is_file: bool,
    /// Whether it is a folder.
    pub is_directory: bool,
    /// Whether it is a symbolic link; only `lstat` ever says so.
    pub is_symlink: bool,
    /// Its size in bytes.
    pub size: f64,
    /// When its content was last changed.
    pub modified: SystemTime,
    /// When it was last read, if the system keeps track.
    pub accessed: Option<SystemTime>,
    /// When it was created, if the file system knows.
    pub created: Option<SystemTime>,
    /// Its type and permission bits; Windows has none.
    pub mode: Option<f64>,
}
