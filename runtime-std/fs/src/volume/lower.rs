//! What lies beneath a tree in memory: files that it shows where it has none of its own, and never changes.

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

use super::super::port::{Entry, Stat};

/// Files beneath a tree. A path is its names from the root, without `.` and `..`.
///
/// There is no proof here: only the tree looks down, for a path of which it was given one, or for all beneath such a path where the
/// proof says so.
pub(super) trait Lower: Send + Sync {
    /// What is known of a file, a folder or a link.
    fn lstat(&self, path: &[&str]) -> io::Result<Stat>;

    /// What is in a folder, in any order.
    fn list(&self, path: &[&str]) -> io::Result<Vec<Entry>>;

    /// What a file holds: at most `most` bytes and one more. A link is an error.
    fn read(&self, path: &[&str], most: u64) -> io::Result<Cow<'static, [u8]>>;

    /// The target of a link.
    fn read_link(&self, path: &[&str]) -> io::Result<PathBuf>;
}

/// Nothing at all.
pub(super) struct Nothing;

impl Lower for Nothing {
    fn lstat(&self, _path: &[&str]) -> io::Result<Stat> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn list(&self, _path: &[&str]) -> io::Result<Vec<Entry>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn read(&self, _path: &[&str], _most: u64) -> io::Result<Cow<'static, [u8]>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn read_link(&self, _path: &[&str]) -> io::Result<PathBuf> {
        Err(io::ErrorKind::NotFound.into())
    }
}
