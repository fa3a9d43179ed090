//! How a thread waits for what is pending: by tokio, which gives other threads to what blocks.

use std::future::Future;

/// What a thread waits with.
pub(crate) struct Waiting(tokio::runtime::Runtime);

impl Waiting {
    pub(crate) fn new() -> Self {
        let built = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Self(built.expect("a current-thread runtime without I/O needs nothing of the system"))
    }

    /// Waits for `future`.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.0.block_on(future)
    }

    /// Waits for nothing more. What blocks is left to its thread.
    pub(crate) fn leave(self) {
        self.0.shutdown_background();
    }
}
