//! The file system of the machine.
//!
//! A real path has no link in it when it is judged. It is opened by [`walk`](runtime_core::files::walk), which follows none, so that a
//! link which is put in its way after the check is an error and leads nowhere. What needs a thread that may block runs on tokio's.

#[cfg(feature = "virtual")]
mod beneath;
mod unix;

#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;

use super::super::account::Account;
use super::super::port::FileSystem;

#[cfg(feature = "virtual")]
pub(super) use beneath::beneath;
use unix::Host;

/// The machine's own files, as one runtime may use them.
pub(in super::super) fn own(account: &Arc<Account>) -> Option<Arc<dyn FileSystem>> {
    Some(Arc::new(Host::new(Arc::clone(account))))
}

/// Does `work` where it may block, and waits for it.
pub(in super::super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        Err(io::Error::other(
            "the operation was given up: the runtime is ending",
        ))
    })
}
