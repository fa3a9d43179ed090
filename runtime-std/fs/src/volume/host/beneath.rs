//! A folder of the machine as what lies beneath a tree: read, and never written.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use super::super::super::port::{Entry, Stat};
use super::super::lower::Lower;
use super::unix;

struct Beneath {
    root: PathBuf,
}

/// The real folder `root`, beneath a tree.
pub(in super::super) fn beneath(root: &Path) -> Option<Box<dyn Lower>> {
    let root = root.to_owned();
    Some(Box::new(Beneath { root }))
}

impl Beneath {
    fn path(&self, names: &[&str]) -> PathBuf {
        let mut path = self.root.clone();
        path.extend(names);
        path
    }
}

impl Lower for Beneath {
    fn lstat(&self, path: &[&str]) -> io::Result<Stat> {
        unix::lstat(&self.path(path))
    }

    fn list(&self, path: &[&str]) -> io::Result<Vec<Entry>> {
        unix::list(&self.path(path))
    }

    fn read(&self, path: &[&str], most: u64) -> io::Result<Cow<'static, [u8]>> {
        let path = self.path(path);
        let stat = unix::lstat(&path)?;
        if !(stat.is_file || stat.is_directory || stat.is_symlink) {
            // Whoever reads holds the tree, and a pipe may never end.
            return Err(io::ErrorKind::Unsupported.into());
        }
        unix::read(&path, most).map(Cow::Owned)
    }

    fn read_link(&self, path: &[&str]) -> io::Result<PathBuf> {
        unix::link(&self.path(path))
    }
}
