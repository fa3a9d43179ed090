//! How the only thread waits for what is pending: it sleeps until the next deadline, since nobody else could wake it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use super::platform::sleep;

/// What the thread waits with.
pub(crate) struct Waiting(());

/// Whether what is waited for has asked to be looked at again.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

impl Waiting {
    pub(crate) fn new() -> Self {
        Self(())
    }

    /// Waits for `future`.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return value;
            }
            if !woken.0.swap(false, Ordering::AcqRel) {
                assert!(sleep(), "tailor's bug: the only thread waits for ever");
            }
        }
    }

    /// Waits for nothing more.
    pub(crate) fn leave(self) {}
}
