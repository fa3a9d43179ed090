//! Time natively: tokio's, which tests can stop.

use std::future::Future;

/// A point in time.
pub use std::time::Instant;

/// A point in the time of the loop.
pub(crate) use tokio::time::Instant as Moment;

/// `at` in the time of the loop.
pub(crate) fn moment(at: Instant) -> Moment {
    Moment::from_std(at)
}

/// Waits for `future`, and until `deadline` at the latest.
pub(crate) async fn within(deadline: Moment, future: impl Future<Output = ()>) {
    // Which of both it was is found out by looking.
    let _ = tokio::time::timeout_at(deadline, future).await;
}
