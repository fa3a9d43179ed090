//! Time where the host is a JavaScript engine: its monotonic clock and its `setTimeout`.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// A point in time.
pub use web_time::Instant;

/// A point in the time of the loop.
pub(crate) type Moment = Instant;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &js_sys::Function, millis: i32) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// `at` in the time of the loop.
pub(crate) fn moment(at: Instant) -> Moment {
    at
}

/// Waits for `future`, and until `deadline` at the latest.
pub(crate) async fn within(deadline: Moment, future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    let mut sleep = Sleep::until(deadline);
    std::future::poll_fn(|cx| {
        let is_over =
            future.as_mut().poll(cx).is_ready() || Pin::new(&mut sleep).poll(cx).is_ready();
        if is_over {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// A timer of the host, which is taken back when it is dropped.
struct Sleep {
    id: JsValue,
    fired: JsFuture,
}

/// What the host takes at most: about 24 days. A longer sleep wakes early, and the loop sleeps again.
const LONGEST: i32 = i32::MAX;

impl Sleep {
    fn until(deadline: Moment) -> Self {
        let left = deadline.saturating_duration_since(Instant::now());
        // Rounded up: a timer that fires early would only be set again.
        let millis = left.saturating_add(Duration::from_micros(999)).as_millis();
        let millis = i32::try_from(millis).unwrap_or(LONGEST);
        let mut id = JsValue::UNDEFINED;
        let fired = js_sys::Promise::new(&mut |resolve, _| id = set_timeout(&resolve, millis));
        Self {
            id,
            fired: fired.into(),
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.fired).poll(cx).map(drop)
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        clear_timeout(&self.id);
    }
}
