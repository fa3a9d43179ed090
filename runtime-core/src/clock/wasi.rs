//! Time on WASI, where there is one thread: what waits for a deadline says so, and the thread sleeps until the earliest.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::thread;

/// A point in time.
pub use std::time::Instant;

/// A point in the time of the loop.
pub(crate) type Moment = Instant;

/// `at` in the time of the loop.
pub(crate) fn moment(at: Instant) -> Moment {
    at
}

thread_local! {
    /// The earliest deadline that something waited for when it was last looked at.
    static NEXT: Cell<Option<Moment>> = const { Cell::new(None) };
}

/// Waits for `future`, and until `deadline` at the latest.
pub(crate) async fn within(deadline: Moment, future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        if future.as_mut().poll(cx).is_ready() || deadline <= Moment::now() {
            return Poll::Ready(());
        }
        let next = NEXT.get().map_or(deadline, |next| next.min(deadline));
        NEXT.set(Some(next));
        // Looked at again after the sleep: nothing but the clock wakes it.
        Poll::Pending
    })
    .await;
}

/// Sleeps until the earliest deadline; whether there was one.
pub(super) fn sleep() -> bool {
    let Some(next) = NEXT.take() else {
        return false;
    };
    thread::sleep(next.saturating_duration_since(Moment::now()));
    true
}
