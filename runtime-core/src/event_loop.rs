//! The event loop: timers, futures that run beside JavaScript, and messages from other threads.
//!
//! A future never touches JavaScript. It runs to a plain result and leaves a turn: a closure that the loop applies when it has
//! the engine. The loop runs one turn, drains microtasks, and sleeps until the next deadline, completion or message. It ends
//! when nothing that keeps it alive is pending. It knows no engine: [`Driver`] is what it needs of one.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::future::Future;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::LocalSet;

use crate::clock::{self, Instant, Moment};
use crate::engine::Cx;
use crate::error::Fatal;
use crate::limits::Stop;

/// A piece of work on the engine's turn.
pub(crate) type Turn = Box<dyn for<'js> FnOnce(&mut Cx<'js>)>;

/// Boxes a turn; a closure passed straight to `Box::new` would not be general over `'js`.
pub(crate) fn turn(work: impl for<'js> FnOnce(&mut Cx<'js>) + 'static) -> Turn {
    Box::new(work)
}

/// A piece of work on the engine's turn, from another thread.
pub(crate) type Message = Box<dyn for<'js> FnOnce(&mut Cx<'js>) + Send>;

/// A timer's number; never used twice in a runtime.
pub type TimerId = u32;

/// What other threads may reach of a loop.
pub(crate) struct Inbox {
    // None once the runtime is gone: a message would never be run, so it is dropped, and whoever waits for it learns that.
    messages: Mutex<Option<VecDeque<Message>>>,
    handles: AtomicUsize,
    stop: Arc<Stop>,
    wake: Notify,
}

impl Default for Inbox {
    fn default() -> Self {
        Self {
            messages: Mutex::new(Some(VecDeque::new())),
            handles: AtomicUsize::new(0),
            stop: Arc::default(),
            wake: Notify::new(),
        }
    }
}

impl Inbox {
    /// Puts a message in and wakes the loop.
    pub(crate) fn send(&self, message: Message) {
        if let Some(messages) = self
            .messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_mut()
        {
            messages.push_back(message);
        }
        self.wake.notify_one();
    }

    /// Counts one more handle.
    pub(crate) fn add_handle(&self) {
        self.handles.fetch_add(1, Ordering::AcqRel);
    }

    /// Counts one handle less, and wakes the loop when it was the last.
    pub(crate) fn remove_handle(&self) {
        if self.handles.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.wake.notify_one();
        }
    }

    /// Asks whatever runs to stop: at once where the engine can be interrupted, and before the next turn everywhere.
    pub(crate) fn stop(&self) {
        self.stop.ask();
        self.send(Box::new(|cx| cx.state().set_fatal(Fatal::Stopped)));
    }

    /// The wish to stop, for whoever watches over the runtime.
    pub(crate) fn wish(&self) -> &Arc<Stop> {
        &self.stop
    }

    /// Whether every handle is gone and nothing that they sent is left.
    pub(crate) fn is_deserted(&self) -> bool {
        self.handles.load(Ordering::Acquire) == 0 && self.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .is_none_or(VecDeque::is_empty)
    }

    fn take(&self) -> Option<Message> {
        self.messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_mut()?
            .pop_front()
    }

    /// Takes no more messages, and drops those that were never run.
    pub(crate) fn close(&self) {
        let left = self
            .messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // Dropped after the lock is released: a message may own a handle.
        drop(left);
    }
}

struct Timer {
    work: Turn,
    keeps_alive: bool,
}

#[derive(Default)]
struct Timers {
    // Ordered by deadline, then by creation, as browsers fire them.
    queue: BTreeMap<(Moment, u64), (TimerId, Timer)>,
    places: HashMap<TimerId, (Moment, u64)>,
    keeping_alive: usize,
    created: u64,
    last_id: TimerId,
}

/// The loop of one runtime.
pub(crate) struct EventLoop {
    tasks: RefCell<Option<Rc<LocalSet>>>,
    ready: RefCell<VecDeque<Turn>>,
    timers: RefCell<Timers>,
    pending: Cell<usize>,
    holds: Cell<usize>,
    inbox: Arc<Inbox>,
}

/// What the loop needs of the engine.
pub(crate) trait Driver {
    /// Runs `turn` with the token.
    fn turn(&self, turn: Turn);
    /// Runs microtasks until there are none, then judges rejections. Whether the loop goes on.
    fn settle(&self) -> bool;
    /// When the loop must have ended, whatever is pending.
    fn deadline(&self) -> Option<Instant>;
}

impl Timers {
    fn insert(&mut self, id: TimerId, delay: Duration, timer: Timer) {
        // A delay beyond what the clock can count is as good as never, but must not wrap.
        let now = Moment::now();
        let deadline = now
            .checked_add(delay)
            .unwrap_or_else(|| now + Duration::from_secs(u64::from(u32::MAX)));
        self.created += 1;
        let place = (deadline, self.created);
        self.keeping_alive += usize::from(timer.keeps_alive);
        self.places.insert(id, place);
        self.queue.insert(place, (id, timer));
    }

    fn remove(&mut self, id: TimerId) -> Option<Timer> {
        let place = self.places.remove(&id)?;
        let (_, timer) = self.queue.remove(&place)?;
        self.keeping_alive -= usize::from(timer.keeps_alive);
        Some(timer)
    }
}

impl EventLoop {
    pub(crate) fn new() -> Self {
        Self {
            tasks: RefCell::new(Some(Rc::new(LocalSet::new()))),
            ready: RefCell::default(),
            timers: RefCell::default(),
            pending: Cell::new(0),
            holds: Cell::new(0),
            inbox: Arc::default(),
        }
    }

    /// What other threads send to.
    pub(crate) fn inbox(&self) -> &Arc<Inbox> {
        &self.inbox
    }

    /// Runs `future` beside JavaScript. One that keeps the loop alive is waited for; another is dropped when nothing else is left.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + 'static, keeps_alive: bool) {
        let Some(tasks) = self.tasks.borrow().clone() else {
            return;
        };
        let inbox = Arc::clone(&self.inbox);
        if keeps_alive {
            self.pending.set(self.pending.get() + 1);
        }
        tasks.spawn_local(async move {
            future.await;
            // Counted off on the loop's own turn; what the future left in `ready` keeps the loop alive until it has run.
            inbox.send(Box::new(move |cx| {
                if keeps_alive {
                    let pending = &cx.state().event_loop.pending;
                    pending.set(pending.get() - 1);
                }
            }));
        });
    }

    /// Leaves a turn for the loop.
    pub(crate) fn push(&self, turn: Turn) {
        self.ready.borrow_mut().push_back(turn);
        self.inbox.wake.notify_one();
    }

    /// Keeps the loop alive until [`release`](Self::release): somebody outside will send a message.
    pub(crate) fn hold(&self) {
        self.holds.set(self.holds.get() + 1);
    }

    /// Undoes one [`hold`](Self::hold).
    pub(crate) fn release(&self) {
        self.holds.set(self.holds.get().saturating_sub(1));
        self.inbox.wake.notify_one();
    }

    /// Runs `work` once, after `delay`.
    pub(crate) fn after(
        &self,
        delay: Duration,
        work: impl for<'js> FnOnce(&mut Cx<'js>) + 'static,
    ) -> TimerId {
        let mut timers = self.timers.borrow_mut();
        timers.last_id += 1;
        let id = timers.last_id;
        timers.insert(
            id,
            delay,
            Timer {
                work: Box::new(work),
                keeps_alive: true,
            },
        );
        id
    }

    /// Forgets a timer; whether there was one.
    pub(crate) fn cancel(&self, id: TimerId) -> bool {
        let removed = self.timers.borrow_mut().remove(id);
        // Dropped after the borrow ends: a timer's work may own a handle whose destructor reaches the loop.
        removed.is_some()
    }

    /// Sets whether a timer keeps the loop alive; whether there is such a timer.
    pub(crate) fn keep_alive(&self, id: TimerId, keeps_alive: bool) -> bool {
        let mut timers = self.timers.borrow_mut();
        let Some(place) = timers.places.get(&id).copied() else {
            return false;
        };
        let Some((_, timer)) = timers.queue.get_mut(&place) else {
            return false;
        };
        match (
            std::mem::replace(&mut timer.keeps_alive, keeps_alive),
            keeps_alive,
        ) {
            (true, false) => timers.keeping_alive -= 1,
            (false, true) => timers.keeping_alive += 1,
            _ => {}
        }
        true
    }

    /// How many timers there are.
    pub(crate) fn timer_count(&self) -> usize {
        self.timers.borrow().queue.len()
    }

    /// Whether anything is pending that keeps the loop alive.
    pub(crate) fn is_alive(&self) -> bool {
        self.pending.get() > 0
            || self.holds.get() > 0
            || self.timers.borrow().keeping_alive > 0
            || !self.ready.borrow().is_empty()
            || !self.inbox.is_empty()
    }

    /// Drops everything that is pending.
    pub(crate) fn clear(&self) {
        let tasks = self.tasks.take();
        drop(tasks);
        let ready = self.ready.take();
        drop(ready);
        let timers = self.timers.take();
        drop(timers);
        self.inbox.close();
    }

    /// Runs until `done` says so or nothing is pending. `done` is asked after every turn.
    pub(crate) async fn run(&self, driver: &dyn Driver, mut done: impl FnMut() -> bool) {
        let Some(tasks) = self.tasks.borrow().clone() else {
            return;
        };
        tasks
            .run_until(async {
                loop {
                    if !driver.settle() || done() {
                        return;
                    }
                    if let Some(turn) = self.next_turn() {
                        driver.turn(turn);
                        continue;
                    }
                    if !self.is_alive() {
                        return;
                    }
                    let timer = self.timers.borrow().queue.keys().next().map(|(at, _)| *at);
                    let end = driver.deadline().map(clock::moment);
                    match timer.into_iter().chain(end).min() {
                        Some(deadline) => {
                            clock::within(deadline, self.inbox.wake.notified()).await;
                        }
                        None => self.inbox.wake.notified().await,
                    }
                }
            })
            .await;
    }

    /// What is due now: messages and completions first, then the earliest timer whose time has come.
    fn next_turn(&self) -> Option<Turn> {
        if let Some(message) = self.inbox.take() {
            return Some(message);
        }
        let ready = self.ready.borrow_mut().pop_front();
        if ready.is_some() {
            return ready;
        }
        let mut timers = self.timers.borrow_mut();
        let (&(deadline, _), &(id, _)) = timers.queue.first_key_value()?;
        if deadline > Moment::now() {
            return None;
        }
        timers.remove(id).map(|timer| timer.work)
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inbox")
    }
}

impl fmt::Debug for EventLoop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "EventLoop({} timers, {} futures)",
            self.timer_count(),
            self.pending.get()
        )
    }
}
