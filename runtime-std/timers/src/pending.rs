//! The timers that scripts have set: their numbers, and what they will call.
//!
//! Numbers are given here rather than by the loop, so that an interval keeps its number from tick to tick and a script cannot
//! stop a timer that native code has set.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use runtime_core::TimerId;
use runtime_core::engine::Persistent;
use runtime_core::prelude::*;

/// A timer nested deeper than this waits at least [`NESTED_DELAY`].
const NESTED: u32 = 5;

/// In milliseconds.
const NESTED_DELAY: u32 = 4;

/// A function and its arguments, kept until their time has come.
pub(super) struct Call {
    function: Persistent,
    args: Vec<Persistent>,
}

impl Call {
    /// Keeps them.
    pub(super) fn keep<'js>(
        cx: &mut Cx<'js>,
        function: &Function<'js>,
        args: &[Value<'js>],
    ) -> Self {
        let function = Persistent::new(cx, &function.to_value());
        let args = args.iter().map(|arg| Persistent::new(cx, arg));
        Self {
            function,
            args: args.collect(),
        }
    }

    /// Calls the function. Nobody can catch what it throws.
    pub(super) fn run(&self, cx: &mut Cx<'_>) {
        if let Err(error) = self.call(cx) {
            cx.report(error);
        }
    }

    fn call<'js>(&self, cx: &mut Cx<'js>) -> Result<(), Error<'js>> {
        let function = self.function.get(cx)?;
        let args: Result<Vec<_>, _> = self.args.iter().map(|arg| arg.get(cx)).collect();
        let this = cx.global().to_value();
        match function.as_function() {
            Some(function) => function.call(cx, &this, &args?).map(drop),
            None => Err(Error::type_error(
                "a timer's handler is no function: this is a bug in the module",
            )),
        }
    }
}

/// What is pending in one runtime.
#[derive(Default)]
pub(super) struct Timers {
    rows: RefCell<HashMap<u32, Row>>,
    last: Cell<u32>,
    // How deep the timer is nested whose callback is running.
    depth: Cell<u32>,
}

struct Row {
    timer: TimerId,
    keeps_alive: bool,
}

/// A timer to be: what it calls, and how.
struct Plan {
    id: u32,
    call: Rc<Call>,
    delay: u32,
    repeats: bool,
    depth: u32,
}

impl Timers {
    /// Starts a timer and gives its number.
    pub(super) fn start(
        cx: &mut Cx<'_>,
        call: Rc<Call>,
        delay: u32,
        repeats: bool,
    ) -> Result<u32, JsError> {
        let timers = cx.local::<Self>();
        let id = timers.free_id();
        let depth = timers.depth.get();
        let plan = Plan {
            id,
            call,
            delay,
            repeats,
            depth,
        };
        timers.arm(cx, plan)?;
        Ok(id)
    }

    /// Stops a timer, if there is one of this number.
    pub(super) fn stop(cx: &mut Cx<'_>, id: u32) {
        let row = cx.local::<Self>().rows.borrow_mut().remove(&id);
        if let Some(row) = row {
            cx.clear_timer(row.timer);
        }
    }

    /// Sets whether a timer, if there is one of this number, keeps the program alive.
    pub(super) fn keep_alive(cx: &mut Cx<'_>, id: u32, keeps_alive: bool) {
        let timers = cx.local::<Self>();
        if let Some(row) = timers.rows.borrow_mut().get_mut(&id) {
            row.keeps_alive = keeps_alive;
            cx.keep_alive(row.timer, keeps_alive);
        }
    }

    /// The next number. When they are used up it starts again, with those that are not in use.
    fn free_id(&self) -> u32 {
        let rows = self.rows.borrow();
        let mut id = self.last.get();
        loop {
            // Up to what a script can give back: numbers are read as signed.
            id = if id == i32::MAX.cast_unsigned() {
                1
            } else {
                id + 1
            };
            if !rows.contains_key(&id) {
                self.last.set(id);
                return id;
            }
        }
    }

    fn arm(&self, cx: &mut Cx<'_>, plan: Plan) -> Result<(), JsError> {
        let id = plan.id;
        let delay = match plan.depth > NESTED {
            true => plan.delay.max(NESTED_DELAY),
            false => plan.delay,
        };
        let timer = cx.set_timeout(Duration::from_millis(u64::from(delay)), move |cx| {
            cx.local::<Self>().fire(cx, plan);
        })?;
        let mut rows = self.rows.borrow_mut();
        let row = rows.entry(id).or_insert(Row {
            timer,
            keeps_alive: true,
        });
        row.timer = timer;
        if !row.keeps_alive {
            cx.keep_alive(timer, false);
        }
        Ok(())
    }

    fn fire(&self, cx: &mut Cx<'_>, mut plan: Plan) {
        plan.depth = plan.depth.saturating_add(1);
        let (call, depth) = (Rc::clone(&plan.call), plan.depth);
        // An interval is armed before its callback runs: a slow one does not delay it, and the callback can stop it. The timer that
        // fired made room for it.
        let armed = match plan.repeats {
            true => self.arm(cx, plan),
            false => {
                self.rows.borrow_mut().remove(&plan.id);
                Ok(())
            }
        };
        if let Err(error) = armed {
            return cx.report(error.into());
        }
        self.depth.set(depth);
        call.run(cx);
        self.depth.set(0);
    }
}
