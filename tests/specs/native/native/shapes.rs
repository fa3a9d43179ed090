//! Classes: state behind objects, inheritance, iteration.

use runtime_core::prelude::*;

/// A counter.
#[js_class]
pub struct Counter {
    count: i32,
}

#[js_class]
impl Counter {
    /// Starts at `start`, or at 0.
    #[js(constructor)]
    fn new(start: Option<i32>) -> Self {
        Self { count: start.unwrap_or(0) }
    }

    /// Counts one up.
    fn increment(&mut self) -> i32 {
        self.count += 1;
        self.count
    }

    /// The count.
    #[js(get)]
    fn count(&self) -> i32 {
        self.count
    }

    #[js(set)]
    fn set_count(&mut self, count: i32) {
        self.count = count;
    }

    /// A counter that starts at 100.
    fn hundred() -> Self {
        Self { count: 100 }
    }
}
