//! In the place of `kept`, where nothing is kept in memory: no mount of that kind can be opened.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use runtime_core::definition::EmbeddedFile;

use super::super::account::Account;
use super::super::port::FileSystem;

/// A file system in memory: none can be made.
pub(in super::super) enum Kept {}

impl Kept {
    pub(super) fn empty(_at: &Path, _quota: u64, _account: Arc<Account>) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn over_files(
        _at: &Path,
        _files: &'static [EmbeddedFile],
        _quota: u64,
        _account: Arc<Account>,
    ) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn over_host(
        _root: PathBuf,
        _quota: u64,
        _account: Arc<Account>,
    ) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(in super::super) fn as_file_system(self: &Arc<Self>) -> Arc<dyn FileSystem> {
        match **self {}
    }
}
