//! What modules ask of the loop, through the token: timers, microtasks, and where an error goes that no script caught.

use std::time::Duration;

use crate::definition::Mount;
use crate::engine::Cx;
use crate::error::Error;
use crate::event_loop::TimerId;
use crate::runtime::Uncaught;

impl<'js> Cx<'js> {
    /// Runs `work` once, after `delay`. Errors are its own to report.
    pub fn set_timeout(
        &mut self,
        delay: Duration,
        work: impl for<'a> FnOnce(&mut Cx<'a>) + 'static,
    ) -> TimerId {
        self.state().event_loop.after(delay, work)
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
