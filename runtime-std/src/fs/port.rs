//! The port: what a file system must do for `runtime:fs`.
//!
//! Every operation takes the proof that it is allowed. The path in a proof is real; an implementation opens it without
//! following a symbolic link, for one that is there now was made after the check. Operations block; who calls them sees to a
//! thread for that.

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use runtime_core::permissions::{Granted, Move, Read, Remove, Write};
use runtime_core::prelude::*;

/// A file system.
pub trait FileSystem: Send + Sync {
    /// All bytes of a file.
    fn read(&self, at: &Granted<Read>) -> io::Result<Vec<u8>>;

    /// Writes a file.
    fn write(&self, at: &Granted<Write>, data: &[u8], options: &WriteOptions) -> io::Result<()>;

    /// Makes a file longer, with zeros, or shorter.
    fn truncate(&self, at: &Granted<Write>, len: u64) -> io::Result<()>;

    /// What is in a folder, in any order.
    fn read_dir(&self, at: &Granted<Read>) -> io::Result<Vec<Entry>>;

    /// Makes a folder; when `recursive`, those above it too, and one that exists is no error.
    fn make_dir(&self, at: &Granted<Write>, recursive: bool, mode: u32) -> io::Result<()>;

    /// Removes a file, a link, or a folder: an empty one, or when `recursive`, with all that is in it.
    fn remove(&self, at: &Granted<Remove>, recursive: bool) -> io::Result<()>;

    /// Moves what is at `from`, replacing a file at `to`.
    fn rename(&self, from: &Granted<Move>, to: &Granted<Write>) -> io::Result<()>;

    /// Copies the bytes and the mode of a file, replacing one at `to`.
    fn copy(&self, from: &Granted<Read>, to: &Granted<Write>) -> io::Result<()>;

    /// What is known of a file or a folder. A link that is at a real path leads nowhere but to itself: `ELOOP`.
    fn stat(&self, at: &Granted<Read>) -> io::Result<Stat>;

    /// What is known of a file, a folder or a link.
    fn lstat(&self, at: &Granted<Read>) -> io::Result<Stat>;

    /// The target of a link.
    fn read_link(&self, at: &Granted<Read>) -> io::Result<PathBuf>;

    /// Makes an empty file or folder, which only its owner may open, in a folder.
    fn make_in(&self, folder: &Granted<Write>, name: &str, is_folder: bool) -> io::Result<()>;
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
