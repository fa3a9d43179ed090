//! What modules ask of the loop, through the token: timers, microtasks, and where an error goes that no script caught.

use std::time::Duration;

use crate::declaration::Mount;
use crate::engine::{Cx, Error};
use crate::error::JsError;
use crate::event_loop::TimerId;
use crate::limits::{Held, Limits};
use crate::uncaught::Uncaught;

/// What a timer takes beside the closure that it runs.
const TIMER: usize = 256;

/// The same work, whose bytes count until it is run or forgotten.
fn counted(
    held: Held,
    work: impl for<'js> FnOnce(&mut Cx<'js>) + 'static,
) -> impl for<'js> FnOnce(&mut Cx<'js>) + 'static {
    move |cx| {
        drop(held);
        work(cx);
    }
}

impl<'js> Cx<'js> {
    /// Runs `work` once, after `delay`. Errors are its own to report. One more timer than `limits.timers.max` allows is an error.
    pub fn set_timeout(
        &mut self,
        delay: Duration,
        work: impl for<'a> FnOnce(&mut Cx<'a>) + 'static,
    ) -> Result<TimerId, JsError> {
        let event_loop = &self.state().event_loop;
        match self.limits().timers_max {
            Some(most) if event_loop.timer_count() as u64 >= most => Err(JsError::range_error(
                format!("too many timers are pending: `limits.timers.max = {most}` allows no more"),
            )
            .with_code("ERR_TOO_MANY_TIMERS")),
            _ => {
                let held = self.account().note(size_of_val(&work) + TIMER);
                let work = counted(held, work);
                Ok(event_loop.after(delay, work))
            }
        }
    }

    /// What scripts may use. A module that reaches the world counts what it uses itself.
    pub fn limits(&self) -> &Limits {
        self.state().watch.limits()
    }

    /// Forgets a timer; whether there was one.
    pub fn clear_timer(&mut self, id: TimerId) -> bool {
        self.state().event_loop.cancel(id)
    }

    /// Sets whether a timer keeps the loop alive; whether there is such a timer.
    pub fn keep_alive(&mut self, id: TimerId, keeps_alive: bool) -> bool {
        self.state().event_loop.keep_alive(id, keeps_alive)
    }

    /// Reports an error that no script can catch any more: one that a callback threw. It ends the run.
    pub fn report(&mut self, error: Error<'js>) {
        let uncaught = Uncaught::new(self, error, false);
        self.state().set_uncaught(uncaught);
    }

    /// The file system that scripts see, as `fs.mounts` says; empty: the host's.
    pub fn mounts(&self) -> &'static [Mount] {
        self.state().mounts()
    }
}
