//! The budget of a crossing: how deep, how many and how large the values are that one conversion takes over.
//!
//! A crossing is an outermost conversion with all that it converts on the way, whichever way values go. Its counts belong to
//! the runtime and not to a type, so an implementation of [`FromJs`] that calls others is counted with them. A script
//! decides what a conversion finds: a cycle, an object that is reached by many paths, a getter that makes another object each
//! time. What is too much is an error that the script can catch, and the clocks are looked at on the way. The boundary:
//! counting; a conversion says what it is about to take.

#[cfg(test)]
mod tests;

use std::rc::Rc;

use super::FromJs;
use crate::engine::{Cx, Error, Value};
use crate::error::Mismatch;
use crate::state::RuntimeState;
use crate::tables::show_bytes;

/// How many levels a value may have: each list, object and box on the way to a part is one.
pub(crate) const DEPTH: usize = 512;

/// How many parts a value may have: items, properties, and what holds them.
pub(crate) const PARTS: usize = 1 << 22;

/// How many bytes a value may take in Rust, where `limits.memory` allows no less. Texts and bytes of more than that cannot be
/// made by every host of WebAssembly.
const BYTES: u64 = if cfg!(target_pointer_width = "32") {
    256 << 20
} else {
    1 << 30
};

/// How much native stack a crossing may use, with the getters that it runs: a fraction of what the smallest thread has.
const STACK: usize = if cfg!(target_arch = "wasm32") {
    128 << 10
} else {
    512 << 10
};

/// After how much work the clocks are looked at: a part is one unit, as are some bytes.
const WORK: usize = 4096;
const BYTES_OF_WORK: usize = 256;

/// How long a text is that is counted by itself. Shorter ones are counted as parts.
const LONG: usize = 256;

/// One level of a value that crosses. It is open while what is in it is converted; the outermost one begins a crossing.
#[must_use]
#[derive(Debug)]
pub(crate) struct Level {
    state: Rc<RuntimeState>,
}

impl Level {
    /// Opens a level, unless there are too many.
    pub(crate) fn open<'js>(cx: &mut Cx<'js>) -> Result<Self, Error<'js>> {
        let state = Rc::clone(cx.state());
        let crossing = &state.crossing;
        let depth = crossing.depth.get();
        if depth == 0 {
            crossing.parts.set(0);
            crossing.bytes.set(0);
            crossing.top.set(here());
        } else if depth >= DEPTH || crossing.top.get().abs_diff(here()) > STACK {
            return Err(too_deep());
        }
        crossing.depth.set(depth + 1);
        let level = Self { state };
        level.take(cx, 1, 0)?;
        Ok(level)
    }

    /// Counts `parts` of the value, and `bytes` that they take in Rust.
    #[inline]
    pub(crate) fn take<'js>(
        &self,
        cx: &mut Cx<'js>,
        parts: usize,
        bytes: usize,
    ) -> Result<(), Error<'js>> {
        take(cx, &self.state, parts, bytes)
    }

    /// Refuses `parts` that are claimed when there is no room for them all, before the first is looked at.
    pub(crate) fn expect<'js>(&self, parts: usize) -> Result<(), Error<'js>> {
        match self.state.crossing.parts.get().saturating_add(parts) > PARTS {
            true => Err(too_many()),
            false => Ok(()),
        }
    }

    /// Counts work that takes nothing over: what is looked at and left behind.
    #[inline]
    pub(crate) fn work<'js>(&self, cx: &mut Cx<'js>, units: usize) -> Result<(), Error<'js>> {
        work(cx, &self.state, units)
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        let depth = &self.state.crossing.depth;
        depth.set(depth.get() - 1);
    }
}

/// Counts a text or bytes of this length, which stand alone or in a level of somebody else.
#[inline]
pub(super) fn take_bytes<'js>(cx: &mut Cx<'js>, len: usize) -> Result<(), Error<'js>> {
    if len < LONG {
        return Ok(());
    }
    take_long(cx, len)
}

#[cold]
fn take_long<'js>(cx: &mut Cx<'js>, len: usize) -> Result<(), Error<'js>> {
    let state = Rc::clone(cx.state());
    match state.crossing.depth.get() {
        // One that stands alone is as long as the script could make it.
        0 => Ok(()),
        _ => take(cx, &state, 0, len),
    }
}

#[inline]
fn take<'js>(
    cx: &mut Cx<'js>,
    state: &RuntimeState,
    parts: usize,
    bytes: usize,
) -> Result<(), Error<'js>> {
    let crossing = &state.crossing;
    let parts_now = crossing.parts.get().saturating_add(parts);
    let bytes_now = crossing.bytes.get().saturating_add(bytes as u64);
    crossing.parts.set(parts_now);
    crossing.bytes.set(bytes_now);
    if parts_now > PARTS {
        return Err(too_many());
    }
    work(cx, state, parts.saturating_add(bytes / BYTES_OF_WORK))
}

#[inline]
fn work<'js>(cx: &mut Cx<'js>, state: &RuntimeState, units: usize) -> Result<(), Error<'js>> {
    let work = state.crossing.work.get().saturating_add(units);
    if work < WORK {
        state.crossing.work.set(work);
        return Ok(());
    }
    look(cx, state)
}

/// Looks at the clocks, and at the bytes that the crossing has taken.
#[cold]
fn look<'js>(cx: &mut Cx<'js>, state: &RuntimeState) -> Result<(), Error<'js>> {
    state.crossing.work.set(0);
    cx.go_on()?;
    let allowed = state
        .watch
        .limits()
        .memory
        .map_or(BYTES, |memory| memory.min(BYTES));
    match state.crossing.bytes.get() > allowed {
        true => Err(too_large(allowed)),
        false => Ok(()),
    }
}

impl<'js> Cx<'js> {
    /// Converts a part of a value: what an implementation of [`FromJs`] of yours calls for a type that contains itself, so that
    /// a value which nests too deeply, or contains itself, is an error and no overflow of the stack.
    pub fn convert<T: FromJs<'js>>(&mut self, value: &Value<'js>) -> Result<T, Error<'js>> {
        let _level = Level::open(self)?;
        T::from_js(self, value)
    }
}

/// The error of a value that nests too deeply, or that there is no stack left to look into.
#[cold]
pub(super) fn too_deep<'js>() -> Error<'js> {
    let want = format!("nested at most {DEPTH} levels deep");
    Mismatch::out_of_range(want, "one that nests deeper or contains itself").into()
}

#[cold]
fn too_many<'js>() -> Error<'js> {
    let want = format!("of at most {PARTS} parts");
    Mismatch::of_whole(
        want,
        "one of more; an object counts each time it is reached",
    )
    .into()
}

#[cold]
fn too_large<'js>(allowed: u64) -> Error<'js> {
    let want = format!("of at most {}", show_bytes(allowed));
    Mismatch::of_whole(want, "a larger one").into()
}

/// About where the stack ends now.
#[inline(never)]
fn here() -> usize {
    let mark = 0_u8;
    std::hint::black_box(&raw const mark).addr()
}
