//! What is left of the thread's stack: an overflow of it would abort the process, so who recurses asks first.
//!
//! The boundary: addresses are compared, never followed.

#![cfg_attr(
    not(feature = "boa-guards"),
    allow(dead_code, reason = "nobody asks where nothing is limited")
)]

use std::cell::Cell;
use std::rc::Rc;

use boa_engine::{Context, JsError, JsNativeError, JsResult};

/// The stack of one engine.
#[derive(Debug)]
pub(super) struct Stack {
    /// Where the outermost entry found it.
    top: Cell<usize>,
    /// The bytes below that which scripts may use.
    room: usize,
}

/// What a native function may need for itself, and for reporting that there is no more.
const RESERVE: usize = 128 << 10;

impl Stack {
    /// On a thread with `bytes` of stack, of which the program has used an unknown part, and of which scripts may have no more
    /// than `limit`.
    pub(super) fn new(bytes: usize, limit: Option<u64>) -> Self {
        let room = bytes - bytes / 8;
        let limit = limit.map_or(room, |limit| usize::try_from(limit).unwrap_or(room));
        Self {
            top: Cell::new(here()),
            room: room.min(limit),
        }
    }

    /// Begins to measure: entries may come from different depths.
    pub(super) fn enter(&self) {
        self.top.set(here());
    }

    /// The bytes that are left.
    fn left(&self) -> usize {
        let used = self.top.get().saturating_sub(here());
        self.room.saturating_sub(used)
    }
}

/// The bytes of stack that are left.
pub(super) fn left(context: &Context) -> usize {
    let stack = context.get_data::<Rc<Stack>>();
    stack.map_or(0, |stack| stack.left())
}

/// Throws when there is no stack left for another level of recursion.
pub(super) fn check(context: &Context, what: &str) -> JsResult<()> {
    if left(context) > RESERVE.min(room(context) / 4) {
        return Ok(());
    }
    Err(too_deep(what))
}

/// Throws when the engine would need more stack for the source `text`, called `what`, than is left.
#[cfg(feature = "boa-guards")]
pub(super) fn ensure_source(context: &Context, text: &str, what: &str) -> JsResult<()> {
    if super::nesting::stack_for(text) < left(context) {
        return Ok(());
    }
    Err(too_deep(what))
}

/// Nothing is judged where nothing is limited.
#[cfg(not(feature = "boa-guards"))]
pub(super) fn ensure_source(_context: &Context, _text: &str, _what: &str) -> JsResult<()> {
    Ok(())
}

/// What a script is told that nests data or source too deeply.
#[cold]
pub(super) fn too_deep(what: &str) -> JsError {
    let message = format!("{what} is nested deeper than the stack allows");
    JsNativeError::range().with_message(message).into()
}

fn room(context: &Context) -> usize {
    let stack = context.get_data::<Rc<Stack>>();
    stack.map_or(0, |stack| stack.room)
}

/// About where the stack ends now.
#[inline(never)]
fn here() -> usize {
    let mark = 0_u8;
    std::hint::black_box(&raw const mark).addr()
}
