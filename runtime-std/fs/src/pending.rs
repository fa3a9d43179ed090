//! Whose turn it is: so many operations on files are under way at once, and the others wait in their order.
//!
//! An operation has its place from its start until the script has its result, so results do not pile up either. Who waits has
//! opened nothing and read nothing; what it was given is on the runtime's account. The boundary: an order, on the runtime's own thread.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use runtime_core::engine::Cx;

/// How many operations are under way at once when the spec does not say. What blocks runs on a pool of threads, which has more.
const USUAL: u64 = 64;

/// The places of one runtime.
#[derive(Debug)]
struct Queue {
    free: Cell<u64>,
    waiting: RefCell<VecDeque<Rc<Waiter>>>,
}

#[derive(Debug, Default)]
struct Waiter {
    is_called: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// A place, once there is one. It is given back when the last of its owners is gone.
#[derive(Debug)]
pub(super) struct Turn {
    queue: Rc<Queue>,
    waiter: OnceCell<Rc<Waiter>>,
    has_place: Cell<bool>,
}

#[derive(Default)]
struct Slot(OnceCell<Rc<Queue>>);

impl Turn {
    /// A turn for the native call that is running; the place is kept until its promise is settled.
    pub(super) fn of(cx: &mut Cx<'_>) -> Rc<Self> {
        let most = cx.limits().fs_pending.unwrap_or(USUAL);
        let slot = cx.local::<Slot>();
        let queue = Rc::clone(slot.0.get_or_init(|| Rc::new(Queue::new(most))));
        let turn = Rc::new(Self::new(queue));
        cx.keep(Rc::clone(&turn) as Rc<dyn std::any::Any>);
        turn
    }

    fn new(queue: Rc<Queue>) -> Self {
        Self {
            queue,
            waiter: OnceCell::new(),
            has_place: Cell::new(false),
        }
    }

    /// Waits for a place.
    pub(super) async fn come(&self) {
        if self.has_place.get() {
            return;
        }
        // Nobody waits while a place is free.
        if self.waiter.get().is_none() && self.queue.free.get() > 0 {
            self.queue.free.set(self.queue.free.get() - 1);
            self.has_place.set(true);
            return;
        }
        let waiter = Rc::clone(self.waiter.get_or_init(|| {
            let waiter = Rc::new(Waiter::default());
            self.queue
                .waiting
                .borrow_mut()
                .push_back(Rc::clone(&waiter));
            waiter
        }));
        poll_fn(|context| {
            if waiter.is_called.get() {
                return Poll::Ready(());
            }
            waiter.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
        self.has_place.set(true);
    }
}

impl Queue {
    fn new(most: u64) -> Self {
        Self {
            free: Cell::new(most),
            waiting: RefCell::default(),
        }
    }

    /// Gives a place to the first who waits.
    fn leave(&self) {
        let next = self.waiting.borrow_mut().pop_front();
        let Some(next) = next else {
            self.free.set(self.free.get() + 1);
            return;
        };
        next.is_called.set(true);
        if let Some(waker) = next.waker.take() {
            waker.wake();
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let was_called = self
            .waiter
            .get()
            .is_some_and(|waiter| waiter.is_called.get());
        if self.has_place.get() || was_called {
            self.queue.leave();
        } else if let Some(waiter) = self.waiter.get() {
            let mut waiting = self.queue.waiting.borrow_mut();
            waiting.retain(|other| !Rc::ptr_eq(other, waiter));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future as _;
    use std::pin::pin;
    use std::task::Context;

    use super::*;

    /// Whether a turn that is asked now has its place.
    fn has_come(turn: &Turn) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        pin!(turn.come()).poll(&mut context).is_ready()
    }

    #[test]
    fn places_are_given_in_order_and_given_back() {
        let queue = Rc::new(Queue::new(2));
        let [first, second, third, fourth] = [(); 4].map(|()| Turn::new(Rc::clone(&queue)));
        assert_eq!(
            [&first, &second, &third, &fourth].map(has_come),
            [true, true, false, false]
        );
        drop(first);
        assert_eq!([&fourth, &third].map(has_come), [false, true]);
        drop(third);
        drop(second);
        assert!(has_come(&fourth));
        drop(fourth);
        assert_eq!(queue.free.get(), 2);
    }

    #[test]
    fn who_gives_up_waiting_is_passed_over() {
        let queue = Rc::new(Queue::new(1));
        let [first, second, third] = [(); 3].map(|()| Turn::new(Rc::clone(&queue)));
        assert_eq!(
            [&first, &second, &third].map(has_come),
            [true, false, false]
        );
        drop(second);
        drop(first);
        assert!(has_come(&third));
        // One that was called and never asked again gives its place on.
        let fourth = Turn::new(Rc::clone(&queue));
        let fifth = Turn::new(Rc::clone(&queue));
        assert_eq!([&fourth, &fifth].map(has_come), [false, false]);
        drop(third);
        drop(fourth);
        assert!(has_come(&fifth));
    }
}
