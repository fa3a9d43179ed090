//! The account of one runtime: the bytes that a script makes the program hold.
//!
//! Two put their bytes on it. The engine's own allocator does, where the engine has one that counts; and whoever holds bytes in
//! Rust for a script does: arguments while their call lasts, results that wait, queues, labels, formatted text. Together
//! they stay below `limits.memory`. The boundary: counts, from any thread. Who is refused ends the script: `Cx::charge` does so at once,
//! another thread by a mark that the loop finds. How calls use it stands in `crossing`.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::process;
use crate::error::LimitHit;

/// The account of one runtime. Without a limit it counts nothing.
#[derive(Debug)]
pub struct Account {
    limit: Option<u64>,
    /// Beyond this a script is ended. The rest of the limit is kept back, for the engine to end the script in order.
    soft: usize,
    used: AtomicUsize,
    has_refused: AtomicBool,
}

/// Bytes on an [`Account`]; they are taken off it when this is dropped.
#[must_use = "the bytes count for as long as this is kept"]
#[derive(Default)]
pub struct Held {
    /// None where nothing is limited.
    account: Option<Arc<Account>>,
    bytes: usize,
}

impl Account {
    pub(crate) fn new(limit: Option<u64>) -> Self {
        let hard = in_memory(limit);
        Self {
            limit,
            soft: hard - hard / 16,
            used: AtomicUsize::new(0),
            has_refused: AtomicBool::new(false),
        }
    }

    /// The limit, as it was set.
    pub fn limit(&self) -> Option<u64> {
        self.limit
    }

    /// The bytes that are on it now.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Whether somebody was refused: whatever was made of it, the limit was hit.
    pub(crate) fn has_refused(&self) -> bool {
        self.has_refused.load(Ordering::Relaxed)
    }

    /// Remembers that somebody was refused.
    pub(crate) fn refuse(&self) {
        if self.limit.is_some() {
            self.has_refused.store(true, Ordering::Relaxed);
        }
    }

    /// The limit that was hit, when one was.
    pub(crate) fn hit(&self) -> Option<LimitHit> {
        self.limit
            .filter(|_| self.has_refused())
            .map(LimitHit::memory)
    }

    /// Whether more is used than a script may.
    #[allow(
        dead_code,
        reason = "an engine that does not count for itself does not ask"
    )]
    pub(crate) fn is_over(&self) -> bool {
        self.used() > self.soft
    }

    /// Whether `bytes` more would fit.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        let all = self.used().checked_add(bytes);
        all.is_some_and(|all| all <= self.soft) && process::has_room(bytes)
    }

    /// Puts `bytes` on the account from any thread. What does not fit is refused, which ends the script.
    pub fn charge(self: &Arc<Self>, bytes: usize) -> Option<Held> {
        let held = self.try_charge(bytes);
        if held.is_none() {
            self.refuse();
        }
        held
    }

    /// Charges bytes if there is room, and refuses nothing: for a caller that has another way without them.
    pub fn try_charge(self: &Arc<Self>, bytes: usize) -> Option<Held> {
        if self.limit.is_none() {
            return Some(Held::default());
        }
        if !process::has_room(bytes) || !self.take(bytes, self.soft) {
            return None;
        }
        Some(Held {
            account: Some(Arc::clone(self)),
            bytes,
        })
    }

    /// Puts `bytes` on the account that are there already: the next who asks for more is refused when they do not fit.
    pub(crate) fn note(self: &Arc<Self>, bytes: usize) -> Held {
        if self.limit.is_none() {
            return Held::default();
        }
        self.used.fetch_add(bytes, Ordering::Relaxed);
        Held {
            account: Some(Arc::clone(self)),
            bytes,
        }
    }

    /// Puts `bytes` on the account for the engine, up to `cap`.
    pub(crate) fn take(&self, bytes: usize, cap: usize) -> bool {
        let added = |used: usize| used.checked_add(bytes).filter(|all| *all <= cap);
        self.used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, added)
            .is_ok()
    }

    /// Takes `bytes` off the account.
    pub(crate) fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Where the part begins that is kept back.
    #[allow(
        dead_code,
        reason = "an engine that does not count for itself does not ask"
    )]
    pub(crate) fn soft(&self) -> usize {
        self.soft
    }

    /// The limit in bytes: beyond it nothing is handed out.
    #[allow(
        dead_code,
        reason = "an engine that does not count for itself does not ask"
    )]
    pub(crate) fn hard(&self) -> usize {
        in_memory(self.limit)
    }
}

fn in_memory(limit: Option<u64>) -> usize {
    let bytes = limit.map(usize::try_from);
    bytes.and_then(Result::ok).unwrap_or(usize::MAX)
}

impl Held {
    /// How many bytes they are; nothing where nothing is limited.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds the bytes of `more`, of the same account.
    pub fn add(&mut self, mut more: Self) {
        if self.account.is_none() {
            *self = more;
            return;
        }
        self.bytes += std::mem::take(&mut more.bytes);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(account) = &self.account {
            account.give_back(self.bytes);
        }
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Held({})", self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_makes_room() {
        let account = Arc::new(Account::new(Some(1600)));
        let first = account.charge(1000).expect("it fits");
        let mut second = account.charge(400).expect("it fits");
        assert_eq!((account.used(), account.has_refused()), (1400, false));
        drop(first);
        second.add(account.charge(1100).expect("it fits again"));
        assert_eq!((second.bytes(), account.used()), (1500, 1500));
        drop(second);
        assert_eq!((account.used(), account.hit()), (0, None));
    }

    #[test]
    fn what_does_not_fit_is_not_counted_and_remembered() {
        let account = Arc::new(Account::new(Some(1600)));
        let held = account.charge(1500).expect("all but what is kept back");
        assert!(account.charge(1).is_none());
        assert!(account.charge(usize::MAX).is_none());
        assert_eq!(account.used(), 1500);
        assert!(account.has_refused() && account.hit().is_some());
        drop(held);
        assert_eq!(account.used(), 0);
        assert!(account.has_refused(), "it stays so");
    }

    #[test]
    fn what_is_there_already_is_counted_and_refuses_the_next() {
        let account = Arc::new(Account::new(Some(1600)));
        let held = account.note(2000);
        assert!(account.is_over() && !account.has_refused());
        assert!(account.charge(1).is_none());
        drop(held);
        assert_eq!(account.used(), 0);
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let account = Arc::new(Account::new(None));
        let held = [account.charge(usize::MAX), account.charge(usize::MAX)];
        assert!(held.iter().all(Option::is_some));
        account.refuse();
        assert_eq!((account.used(), account.hit()), (0, None));
    }

    #[test]
    fn threads_share_one_account() {
        let account = Arc::new(Account::new(Some(1 << 20)));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..1000 {
                        drop(account.charge(100));
                    }
                });
            }
        });
        assert_eq!((account.used(), account.has_refused()), (0, false));
    }
}
