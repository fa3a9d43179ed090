//! In the place of `host`, where there are no files of the machine.

use std::io;
use std::sync::Arc;

use super::super::account::Account;
use super::super::port::FileSystem;

/// The machine's own files: none.
pub(in super::super) fn own(_account: &Arc<Account>) -> Option<Arc<dyn FileSystem>> {
    None
}

/// A folder of the machine beneath a tree in memory: none.
#[cfg(feature = "virtual")]
pub(super) fn beneath(_root: &std::path::Path) -> Option<Box<dyn super::lower::Lower>> {
    None
}

/// Does `work` at once: nothing here blocks.
pub(in super::super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    work()
}
