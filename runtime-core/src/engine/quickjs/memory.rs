//! The engine's allocator: it counts, remembers that it refused, and takes nothing back while the engine is torn down.
//!
//! A refusal reaches a script as an exception that it can catch, so the account remembers the refusal itself, and from then on every
//! native function ends the script. Until then only small requests are met. A part of the limit is kept back, for the
//! engine to end the script in order: large requests are refused in it, small ones are not.
//!
//! QuickJS 0.16 frees its modules with the context, and functions that still count references to one after that: those of a module
//! that waits at its top level. So what the engine frees from [`Memory::close`] on stays readable until it is gone.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, realloc};
use std::cell::Cell;
use std::ffi::c_void;
use std::sync::Arc;

use rquickjs_sys as q;

use crate::limits::Account;

/// What one engine has, which is a part of its runtime's account.
#[derive(Debug)]
pub(super) struct Memory {
    account: Arc<Account>,
    used: Cell<usize>,
    /// Whether the script is being ended, so that none runs any more.
    is_ending: Cell<bool>,
    /// Whether somebody looks where the script was, which runs nothing of its own.
    is_looking: Cell<bool>,
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

/// A request of this size is refused after the first refusal. The engine asks for its small objects in pages of 4 KiB.
const AFTER: usize = 8 << 10;

pub(super) static FUNCTIONS: q::JSMallocFunctions = q::JSMallocFunctions {
    js_calloc: Some(js_calloc),
    js_malloc: Some(js_malloc),
    js_free: Some(js_free),
    js_realloc: Some(js_realloc),
    js_malloc_usable_size: Some(js_malloc_usable_size),
};

impl Memory {
    pub(super) fn new(account: Arc<Account>) -> Self {
        Self {
            account,
            used: Cell::new(0),
            is_ending: Cell::new(false),
            is_looking: Cell::new(false),
            is_closing: Cell::new(false),
            kept: Cell::new(std::ptr::null_mut()),
        }
    }

    /// From now on what is freed is kept, until this is dropped.
    pub(super) fn close(&self) {
        self.is_closing.set(true);
    }

    /// Says that no script runs any more: what it takes to unwind and to say where it was is handed out.
    pub(super) fn end(&self) {
        self.is_ending.set(true);
    }

    /// Whether a request was refused, so that nothing of the script may run.
    #[inline]
    pub(super) fn must_end(&self) -> bool {
        self.account.has_refused() && !self.is_looking.get()
    }

    /// Runs `look`, which only looks where the script was.
    pub(super) fn look<R>(&self, look: impl FnOnce() -> R) -> R {
        let outer = self.is_looking.replace(true);
        let result = look();
        self.is_looking.set(outer);
        result
    }

    fn admits(&self, more: usize, size: usize) -> bool {
        let cap = match (self.is_ending.get(), self.account.has_refused()) {
            (true, _) if size < LARGE => usize::MAX,
            (false, false) if size >= LARGE => self.account.soft(),
            (false, true) if size < AFTER => self.account.hard(),
            (false, false) => self.account.hard(),
            (true, _) | (false, true) => 0,
        };
        let fits = self.account.take(more, cap);
        if !fits {
            self.account.refuse();
        }
        fits
    }

    fn grow(&self, bytes: usize) {
        self.used.set(self.used.get() + bytes);
    }

    fn shrink(&self, bytes: usize) {
        self.used.set(self.used.get() - bytes);
        self.account.give_back(bytes);
    }

    fn hand_out(&self, size: usize, make: unsafe fn(Layout) -> *mut u8) -> *mut c_void {
        let Some(layout) = layout(size) else {
            self.account.refuse();
            return std::ptr::null_mut();
        };
        if !self.admits(layout.size(), size) {
            return std::ptr::null_mut();
        }
        // SAFETY: the layout is not empty, since the header is in it; the header is written within the block.
        unsafe {
            let start = make(layout);
            if start.is_null() {
                self.account.give_back(layout.size());
                self.account.refuse();
                return std::ptr::null_mut();
            }
            self.grow(layout.size());
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
        None => {
            memory.account.refuse();
            std::ptr::null_mut()
        }
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
        memory.shrink(layout.size());
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
            memory.account.refuse();
            return std::ptr::null_mut();
        };
        let more = new.size().saturating_sub(old.size());
        if more > 0 && !memory.admits(more, size) {
            return std::ptr::null_mut();
        }
        let moved = realloc(start, old, new.size());
        if moved.is_null() {
            memory.account.give_back(more);
            memory.account.refuse();
            return std::ptr::null_mut();
        }
        memory.grow(more);
        memory.shrink(old.size().saturating_sub(new.size()));
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

    fn limited(limit: Option<u64>) -> Memory {
        Memory::new(Arc::new(Account::new(limit)))
    }

    #[test]
    fn blocks_are_counted_moved_and_taken_back() {
        let memory = limited(Some(1 << 20));
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
        assert_eq!((memory.used.get(), memory.account.used()), (0, 0));
        assert!(!memory.must_end());
    }

    #[test]
    fn what_is_freed_at_the_end_stays_readable_until_then() {
        let memory = limited(None);
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
        let memory = limited(Some(1 << 20));
        let opaque: *mut c_void = (&raw const memory).cast_mut().cast();
        // SAFETY: as above.
        unsafe {
            let most = js_malloc(opaque, (1 << 20) - (80 << 10));
            assert!(!most.is_null() && !memory.account.is_over());
            assert!(
                js_malloc(opaque, LARGE as q::size_t).is_null(),
                "a part is kept back"
            );
            assert!(memory.must_end());
            let small = js_malloc(opaque, 4096);
            assert!(!small.is_null(), "what a page takes is there");
            assert!(js_malloc(opaque, AFTER as q::size_t).is_null());
            assert!(js_realloc(opaque, small, (LARGE * 2) as q::size_t).is_null());
            assert_eq!(js_malloc_usable_size(small), 4096);
            js_free(opaque, small);
            js_free(opaque, most);
            assert!(
                js_malloc(opaque, AFTER as q::size_t).is_null(),
                "it stays so when there is room"
            );
        }
        assert_eq!((memory.used.get(), memory.account.used()), (0, 0));
    }

    #[test]
    fn a_script_that_is_being_ended_gets_what_that_takes() {
        let memory = limited(Some(1 << 20));
        let opaque: *mut c_void = (&raw const memory).cast_mut().cast();
        // SAFETY: as above.
        unsafe {
            let most = js_malloc(opaque, (900 << 10) as q::size_t);
            let mut pages = Vec::new();
            loop {
                let page = js_malloc(opaque, 4096);
                if page.is_null() {
                    break;
                }
                pages.push(page);
            }
            assert!(memory.must_end());
            memory.end();
            let small = js_malloc(opaque, 4096);
            assert!(!small.is_null(), "more than the limit, for a moment");
            assert!(js_malloc(opaque, LARGE as q::size_t).is_null());
            for block in pages.into_iter().chain([small, most]) {
                js_free(opaque, block);
            }
        }
        assert_eq!(memory.account.used(), 0);
    }

    #[test]
    fn what_others_hold_counts() {
        let memory = limited(Some(1 << 20));
        let opaque: *mut c_void = (&raw const memory).cast_mut().cast();
        let held = memory.account.charge(900 << 10).expect("it fits");
        // SAFETY: as above.
        unsafe {
            assert!(js_malloc(opaque, (100 << 10) as q::size_t).is_null());
        }
        drop(held);
        assert!(memory.must_end(), "it was refused all the same");
    }
}
