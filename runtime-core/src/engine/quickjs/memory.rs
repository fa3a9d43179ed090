//! The engine's allocator: it counts, remembers that it refused, and takes nothing back while the engine is torn down.
//!
//! A refusal reaches a script as an exception that it can catch, so the refusal itself must be remembered. A part of the limit is
//! kept back, for the engine to end the script in order: large requests are refused in it, small ones are not.
//!
//! QuickJS 0.16 frees its modules with the context, and functions that still count references to one after that: those of a module
//! that waits at its top level. So what the engine frees from [`Memory::close`] on stays readable until it is gone.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, realloc};
use std::cell::Cell;
use std::ffi::c_void;

use rquickjs_sys as q;

/// The account of one runtime.
#[derive(Debug)]
pub(super) struct Memory {
    /// The limit, as it was set.
    pub(super) limit: Option<u64>,
    /// Beyond this a script is ended at the next opportunity.
    soft: usize,
    /// Beyond this nothing is handed out.
    hard: usize,
    used: Cell<usize>,
    refused: Cell<bool>,
    /// Whether the engine is being torn down.
    is_closing: Cell<bool>,
    /// The block that was freed last since then; each has the one before it in its header.
    kept: Cell<*mut u8>,
}

/// In front of each block stands its size, and when it is kept, the block that was kept before it.
const HEADER: usize = 16;

/// Where in the header the kept block before it stands.
const BEFORE: usize = 8;

/// A request of this size is refused beyond the soft limit.
const LARGE: usize = 64 << 10;

pub(super) static FUNCTIONS: q::JSMallocFunctions = q::JSMallocFunctions {
    js_calloc: Some(js_calloc),
    js_malloc: Some(js_malloc),
    js_free: Some(js_free),
    js_realloc: Some(js_realloc),
    js_malloc_usable_size: Some(js_malloc_usable_size),
};

impl Memory {
    pub(super) fn new(limit: Option<u64>) -> Self {
        let hard = limit.and_then(|limit| usize::try_from(limit).ok());
        let hard = hard.unwrap_or(usize::MAX);
        Self {
            limit,
            soft: hard - hard / 16,
            hard,
            used: Cell::new(0),
            refused: Cell::new(false),
            is_closing: Cell::new(false),
            kept: Cell::new(std::ptr::null_mut()),
        }
    }

    /// From now on what is freed is kept, until this is dropped.
    pub(super) fn close(&self) {
        self.is_closing.set(true);
    }

    /// Whether a request was refused: whatever the script made of it, the limit was hit.
    pub(super) fn has_refused(&self) -> bool {
        self.refused.get()
    }

    /// Whether more is used than a script may.
    pub(super) fn is_over(&self) -> bool {
        self.used.get() > self.soft
    }

    fn admits(&self, more: usize, size: usize) -> bool {
        let cap = if size >= LARGE { self.soft } else { self.hard };
        let fits = self
            .used
            .get()
            .checked_add(more)
            .is_some_and(|all| all <= cap);
        if !fits {
            self.refused.set(true);
        }
        fits
    }

    fn hand_out(&self, size: usize, make: unsafe fn(Layout) -> *mut u8) -> *mut c_void {
        let Some(layout) = layout(size) else {
            self.refused.set(true);
            return std::ptr::null_mut();
        };
        if !self.admits(layout.size(), size) {
            return std::ptr::null_mut();
        }
        // SAFETY: the layout is not empty, since the header is in it; the header is written within the block.
        unsafe {
            let start = make(layout);
            if start.is_null() {
                self.refused.set(true);
                return std::ptr::null_mut();
            }
            self.used.set(self.used.get() + layout.size());
            start.cast::<usize>().write(size);
            start.add(HEADER).cast()
        }
    }
}

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(HEADER)?, HEADER).ok()
}

/// The account, and the start of a block, of which `block` is what the engine was given.
///
/// # Safety
/// `block` was handed out here and not taken back.
unsafe fn block_of(block: *mut c_void) -> (*mut u8, Layout) {
    // SAFETY: in front of the block stands its size, with which the layout was made.
    unsafe {
        let start = block.cast::<u8>().sub(HEADER);
        let size = start.cast::<usize>().read();
        (
            start,
            Layout::from_size_align_unchecked(size + HEADER, HEADER),
        )
    }
}

/// # Safety
/// The engine passes the account that it was made with.
unsafe fn account<'a>(opaque: *mut c_void) -> &'a Memory {
    // SAFETY: the account outlives the runtime.
    unsafe { &*opaque.cast::<Memory>() }
}

unsafe extern "C" fn js_malloc(opaque: *mut c_void, size: q::size_t) -> *mut c_void {
    // SAFETY: the engine calls it, with its account.
    unsafe { account(opaque) }.hand_out(size as usize, alloc)
}

unsafe extern "C" fn js_calloc(
    opaque: *mut c_void,
    count: q::size_t,
    size: q::size_t,
) -> *mut c_void {
    // SAFETY: the engine calls it, with its account.
    let memory = unsafe { account(opaque) };
    match (count as usize).checked_mul(size as usize) {
        Some(size) => memory.hand_out(size, alloc_zeroed),
        None => std::ptr::null_mut(),
    }
}

unsafe extern "C" fn js_free(opaque: *mut c_void, block: *mut c_void) {
    if block.is_null() {
        return;
    }
    // SAFETY: the engine gives back what it was given, once.
    unsafe {
        let memory = account(opaque);
        let (start, layout) = block_of(block);
        memory.used.set(memory.used.get() - layout.size());
        if memory.is_closing.get() {
            let before = memory.kept.replace(start);
            start.add(BEFORE).cast::<*mut u8>().write(before);
        } else {
            dealloc(start, layout);
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let mut start = self.kept.get();
        while !start.is_null() {
            // SAFETY: each block was handed out here, freed by the engine, and only kept since.
            unsafe {
                let (block, layout) = block_of(start.add(HEADER).cast());
                start = start.add(BEFORE).cast::<*mut u8>().read();
                dealloc(block, layout);
            }
        }
    }
}

unsafe extern "C" fn js_realloc(
    opaque: *mut c_void,
    block: *mut c_void,
    size: q::size_t,
) -> *mut c_void {
    let size = size as usize;
    // SAFETY: the engine gives a block that it was given; when there is no room for more, the old one stays as it is.
    unsafe {
        let memory = account(opaque);
        if block.is_null() {
            return memory.hand_out(size, alloc);
        }
        if size == 0 {
            js_free(opaque, block);
            return std::ptr::null_mut();
        }
        let (start, old) = block_of(block);
        let Some(new) = layout(size) else {
            memory.refused.set(true);
            return std::ptr::null_mut();
        };
        if new.size() > old.size() && !memory.admits(new.size() - old.size(), size) {
            return std::ptr::null_mut();
        }
        let moved = realloc(start, old, new.size());
        if moved.is_null() {
            memory.refused.set(true);
            return std::ptr::null_mut();
        }
        memory.used.set(memory.used.get() - old.size() + new.size());
        moved.cast::<usize>().write(size);
        moved.add(HEADER).cast()
    }
}

unsafe extern "C" fn js_malloc_usable_size(block: *const c_void) -> q::size_t {
    if block.is_null() {
        return 0;
    }
    // SAFETY: the engine asks of what it was given.
    let (_, layout) = unsafe { block_of(block.cast_mut()) };
    (layout.size() - HEADER) as q::size_t
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_counted_moved_and_taken_back() {
        let memory = Memory::new(Some(1 << 20));
        let opaque: *mut c_void = (&raw const memory).cast_mut().cast();
        // SAFETY: the account lives until the end, and each block is given back once.
        unsafe {
            let block = js_malloc(opaque, 100);
            block.cast::<u8>().write_bytes(7, 100);
            let block = js_realloc(opaque, block, 5000);
            assert_eq!(block.cast::<u8>().add(99).read(), 7);
            assert_eq!(js_malloc_usable_size(block), 5000);
            assert_eq!(memory.used.get(), 5000 + HEADER);
            let zeroed = js_calloc(opaque, 10, 10);
            assert_eq!(zeroed.cast::<u8>().add(99).read(), 0);
            js_free(opaque, zeroed);
            js_free(opaque, block);
            js_free(opaque, std::ptr::null_mut());
        }
        assert_eq!(memory.used.get(), 0);
        assert!(!memory.has_refused());
    }

    #[test]
    fn what_is_freed_at_the_end_stays_readable_until_then() {
        let memory = Memory::new(None);
        let opaque: *mut c_void = (&raw const memory).cast_mut().cast();
        // SAFETY: as above, and a kept block is still there.
        unsafe {
            let blocks = [js_malloc(opaque, 8), js_malloc(opaque, 5000)];
            memory.close();
            for block in blocks {
                block.cast::<u8>().write(7);
                js_free(opaque, block);
            }
            for block in blocks {
                assert_eq!(block.cast::<u8>().read(), 7);
            }
        }
        assert_eq!(memory.used.get(), 0);
    }

    #[test]
    fn what_does_not_fit_is_refused_and_remembered() {
        let memory = Memory::new(Some(1 << 20));
        let opaque: *mut c_void = (&raw const memory).cast_mut().cast();
        // SAFETY: as above.
        unsafe {
            let most = js_malloc(opaque, (1 << 20) - (80 << 10));
            assert!(!most.is_null() && !memory.is_over());
            assert!(
                js_malloc(opaque, LARGE as q::size_t).is_null(),
                "a part is kept back"
            );
            assert!(memory.has_refused());
            let small = js_malloc(opaque, (LARGE - 1024) as q::size_t);
            assert!(!small.is_null() && memory.is_over());
            assert!(js_realloc(opaque, small, (LARGE * 2) as q::size_t).is_null());
            assert_eq!(js_malloc_usable_size(small), (LARGE - 1024) as q::size_t);
            assert!(js_calloc(opaque, q::size_t::MAX, 2).is_null());
            js_free(opaque, small);
            js_free(opaque, most);
        }
        assert_eq!(memory.used.get(), 0);
    }
}
