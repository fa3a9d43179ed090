//! An allocator that counts what the whole process holds, around the one that hands it out.
//!
//! Below the limit it only counts. A part of the limit is kept back: in it the script is ended in order, at the next place where
//! that can be. What goes beyond the limit itself ends the process on the spot.

use std::alloc::{GlobalAlloc, Layout};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::LimitHit;

/// An allocator that counts. A generated binary has it around its own allocator when it has a memory limit and an engine that
/// does not count for itself, or a process of its own that nothing should outgrow.
#[derive(Debug)]
pub struct Counting<A>(pub A);

/// The bytes that the process holds.
static USED: AtomicUsize = AtomicUsize::new(0);

/// Beyond this a script is ended at the next opportunity.
static SOFT: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Beyond this the process ends.
static HARD: AtomicUsize = AtomicUsize::new(usize::MAX);

/// What it says then; made beforehand, when there still is memory.
static LAST: OnceLock<(String, u8)> = OnceLock::new();

/// What the program may hold for itself where the engine counts what is a script's.
const OWN: usize = 16 << 20;

/// Limits the process to `bytes`.
pub(super) fn arm(bytes: u64) {
    let hard = prepare(bytes);
    SOFT.store(hard - hard / 16, Ordering::Relaxed);
    HARD.store(hard, Ordering::Relaxed);
}

/// Limits a process whose engine keeps scripts to `bytes` by itself: native functions may hold as much again.
pub(super) fn arm_beyond(bytes: u64) {
    let hard = prepare(bytes).saturating_mul(2).saturating_add(OWN);
    HARD.store(hard, Ordering::Relaxed);
}

fn prepare(bytes: u64) -> usize {
    let hit = LimitHit::memory(bytes);
    LAST.get_or_init(|| (super::words(&hit), hit.status()));
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

impl<A> Counting<A> {
    /// The bytes that the program holds, when this is its global allocator.
    pub fn in_use() -> usize {
        USED.load(Ordering::Relaxed)
    }
}

/// Whether anything counts: a program has allocated by the time that it can ask.
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub(crate) fn is_counting() -> bool {
    USED.load(Ordering::Relaxed) > 0
}

/// Whether the process holds more than a script may, so that no more may run.
pub(crate) fn is_short() -> bool {
    USED.load(Ordering::Relaxed) > SOFT.load(Ordering::Relaxed)
}

/// Whether the process may hold `bytes` more and a script go on.
pub(crate) fn has_room(bytes: usize) -> bool {
    let all = USED.load(Ordering::Relaxed).saturating_add(bytes);
    all <= SOFT.load(Ordering::Relaxed)
}

fn take(bytes: usize) {
    let before = USED.fetch_add(bytes, Ordering::Relaxed);
    if before.saturating_add(bytes) > HARD.load(Ordering::Relaxed) {
        refuse();
    }
}

fn give_back(bytes: usize) {
    USED.fetch_sub(bytes, Ordering::Relaxed);
}

/// Ends the process, unless that is happening already: who does it may still need a little.
#[cold]
fn refuse() {
    if let Some((words, status)) = LAST.get()
        && super::claim()
    {
        super::end(words.as_bytes(), *status);
    }
}

// SAFETY: every request goes to the allocator within as it came; counting neither allocates nor unwinds.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Counting<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: as the caller says.
        counted(unsafe { self.0.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: as the caller says.
        counted(unsafe { self.0.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as the caller says.
        unsafe { self.0.dealloc(block, layout) };
        give_back(layout.size());
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let old = layout.size();
        take(size.saturating_sub(old));
        // SAFETY: as the caller says.
        let moved = counted(
            unsafe { self.0.realloc(block, layout, size) },
            size.saturating_sub(old),
        );
        if !moved.is_null() {
            give_back(old.saturating_sub(size));
        }
        moved
    }
}

/// What was handed out; what was counted for it is taken back when the allocator within had nothing.
fn counted(block: *mut u8, bytes: usize) -> *mut u8 {
    if block.is_null() {
        give_back(bytes);
    }
    block
}

#[cfg(test)]
mod tests {
    use std::alloc::System;

    use super::*;

    /// Only what this test asks for is counted: the allocator of the tests is another.
    #[test]
    fn blocks_are_counted_moved_and_taken_back() {
        let counting = Counting(System);
        let layout = Layout::from_size_align(100, 8).expect("a layout");
        let larger = Layout::from_size_align(5000, 8).expect("a layout");
        let before = USED.load(Ordering::Relaxed);
        let held = || USED.load(Ordering::Relaxed) - before;
        // SAFETY: each block is given back once, with the layout that it has by then.
        unsafe {
            let block = counting.alloc(layout);
            assert_eq!(held(), 100);
            block.write_bytes(7, 100);
            let block = counting.realloc(block, layout, 5000);
            assert_eq!((held(), block.add(99).read()), (5000, 7));
            let block = counting.realloc(block, larger, 100);
            assert_eq!((held(), block.add(99).read()), (100, 7));
            let zeroed = counting.alloc_zeroed(layout);
            assert_eq!((held(), zeroed.add(99).read()), (200, 0));
            counting.dealloc(zeroed, layout);
            counting.dealloc(block, layout);
        }
        assert_eq!(held(), 0);
        assert!(!is_short(), "nothing is armed");
    }
}
