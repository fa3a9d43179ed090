//! What the scripts of one runtime use of the file system, and how much of it they may: bytes written, files open.
//!
//! The boundary: counts. Whoever opens or writes asks here first, on whatever thread that is.

use std::cell::OnceCell;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use runtime_core::Limits;
use runtime_core::engine::Cx;
use runtime_core::tables::show_bytes;

/// What a file or folder costs beside the bytes in it, wherever it is made: about what a file system needs for its name and what is
/// known of it.
pub(super) const ENTRY: u64 = 512;

/// The account of one runtime.
#[derive(Debug, Default)]
pub(super) struct Account {
    quota: Option<u64>,
    open_files: Option<u64>,
    memory: Option<u64>,
    written: AtomicU64,
    open: AtomicU64,
}

/// A file that counts as open until this is dropped.
#[must_use]
pub(super) struct Open<'a>(&'a Account);

/// Which limit was reached; the error within an [`io::Error`].
#[derive(Debug)]
pub(super) struct Reached {
    /// What Node calls the error of a system that has no more.
    pub(super) code: &'static str,
    words: String,
}

#[derive(Default)]
struct Slot(OnceCell<Arc<Account>>);

impl Account {
    /// The account of the runtime that `cx` is of.
    pub(super) fn of(cx: &Cx<'_>) -> Arc<Self> {
        let made = || Arc::new(Self::new(cx.limits()));
        Arc::clone(cx.local::<Slot>().0.get_or_init(made))
    }

    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            quota: limits.fs_quota,
            open_files: limits.fs_open_files,
            memory: limits.memory,
            ..Self::default()
        }
    }

    /// Counts one more open file.
    pub(super) fn open(&self) -> io::Result<Open<'_>> {
        if count(&self.open, 1, self.open_files) {
            return Ok(Open(self));
        }
        let most = self.open_files.unwrap_or_default();
        Err(reached(
            io::ErrorKind::Other,
            "EMFILE",
            format!("too many open files, `limits.fs.open-files = {most}` allows no more"),
        ))
    }

    /// Counts bytes before they are written, or what a file that is made stands for.
    pub(super) fn write(&self, bytes: u64) -> io::Result<()> {
        if count(&self.written, bytes, self.quota) {
            return Ok(());
        }
        let quota = show_bytes(self.quota.unwrap_or_default());
        Err(reached(
            io::ErrorKind::StorageFull,
            "ENOSPC",
            format!("no space left, `limits.fs.quota = \"{quota}\"` allows no more"),
        ))
    }

    /// Counts a file or folder before `make` makes it, and takes that back when it could not.
    pub(super) fn entry<T>(&self, make: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.write(ENTRY)?;
        make().inspect_err(|_| self.give_back(ENTRY))
    }

    /// An error when so many bytes would not fit.
    #[cfg(all(unix, feature = "host"))]
    pub(super) fn has_room(&self, bytes: u64) -> io::Result<()> {
        self.write(bytes)?;
        self.give_back(bytes);
        Ok(())
    }

    /// Whether what is written is limited.
    #[cfg(all(unix, feature = "host"))]
    pub(super) fn has_quota(&self) -> bool {
        self.quota.is_some()
    }

    /// Takes back what was counted and not written.
    pub(super) fn give_back(&self, bytes: u64) {
        self.written.fetch_sub(bytes, Ordering::AcqRel);
    }

    /// The most bytes that reading a file may give: more would never fit.
    pub(super) fn most_read(&self) -> u64 {
        self.memory.unwrap_or(u64::MAX)
    }

    /// The error of a file that has more.
    pub(super) fn too_large(&self) -> io::Error {
        let memory = show_bytes(self.most_read());
        reached(
            io::ErrorKind::OutOfMemory,
            "ENOMEM",
            format!("not enough memory, `limits.memory = \"{memory}\"` allows no more"),
        )
    }
}

/// Adds to a count, unless that would be more than `most`.
fn count(counter: &AtomicU64, more: u64, most: Option<u64>) -> bool {
    let most = most.unwrap_or(u64::MAX);
    let added = |count: u64| count.checked_add(more).filter(|all| *all <= most);
    counter
        .fetch_update(Ordering::AcqRel, Ordering::Acquire, added)
        .is_ok()
}

fn reached(kind: io::ErrorKind, code: &'static str, words: String) -> io::Error {
    io::Error::new(kind, Reached { code, words })
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
    }
}

impl fmt::Display for Reached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Reached {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_closed_make_room() {
        let account = Account::new(&Limits {
            fs_open_files: Some(2),
            ..Limits::NONE
        });
        let first = account.open().expect("there is room");
        let second = account.open().expect("there is room");
        let error = account.open().err().expect("there is no more room");
        assert_eq!(
            error.to_string(),
            "too many open files, `limits.fs.open-files = 2` allows no more"
        );
        drop(first);
        let third = account.open().expect("there is room again");
        drop((second, third));
        assert_eq!(account.open.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn what_does_not_fit_is_not_counted() {
        let account = Account::new(&Limits {
            fs_quota: Some(100),
            ..Limits::NONE
        });
        account.write(60).expect("it fits");
        let error = account.write(41).expect_err("it does not fit");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        account.write(u64::MAX).expect_err("nor does this");
        account.write(40).expect("this does");
        account.give_back(40);
        account.write(1).expect("what was given back can be used");
    }

    #[test]
    fn what_could_not_be_made_is_not_counted() {
        let account = Account::new(&Limits {
            fs_quota: Some(2 * ENTRY - 1),
            ..Limits::NONE
        });
        account
            .entry(|| Err::<(), _>(io::ErrorKind::NotFound.into()))
            .expect_err("it was not made");
        account.entry(|| Ok(())).expect("it fits");
        let error = account
            .entry(|| -> io::Result<()> { unreachable!("there is no room for it") })
            .expect_err("it does not fit");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn without_limits_everything_fits() {
        let account = Account::default();
        account.write(u64::MAX / 2).expect("it fits");
        let opened: io::Result<Vec<_>> = (0..1000).map(|_| account.open()).collect();
        assert!(opened.is_ok());
    }
}
