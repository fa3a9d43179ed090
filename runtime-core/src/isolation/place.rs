//! Where the script was last: the child leaves notes, which outlive it however it ends, and the supervisor reads them then.
//!
//! The boundary: a piece of memory that both processes have, so a note costs no call of the system, and a handler of a signal can leave
//! one. Where there is none, there are no notes.

/// What a child left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Notes {
    /// Where the script was last.
    pub(super) place: Option<String>,
    /// Whether the script's stack overflowed.
    pub(super) overflowed: bool,
}

/// Leaves a note of where the script is, when there is somebody to read it.
pub(crate) fn note(place: impl FnOnce() -> Option<String>) {
    if page::is_shared()
        && let Some(place) = place()
    {
        page::write(&place);
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) use page::note_overflow;
pub(super) use page::read;
#[cfg(unix)]
pub(super) use page::share;

#[cfg(unix)]
mod page {
    use std::io;
    use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicUsize, Ordering};

    use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};

    use super::Notes;

    /// The most bytes of a note.
    const LONGEST: usize = 1000;

    /// What both have. Zeros are a page without notes.
    struct Page {
        overflowed: AtomicBool,
        len: AtomicUsize,
        text: [AtomicU8; LONGEST],
    }

    /// The page; null without one. It lasts as long as the process.
    static PAGE: AtomicPtr<Page> = AtomicPtr::new(std::ptr::null_mut());

    /// Makes the page, which a child has then, too.
    pub(in super::super) fn share() -> io::Result<()> {
        let (protection, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED);
        // SAFETY: a new mapping, wherever there is room; it is aligned to more than the type needs, and is all zeros.
        let page =
            unsafe { mmap_anonymous(std::ptr::null_mut(), size_of::<Page>(), protection, flags) }?;
        PAGE.store(page.cast(), Ordering::Release);
        Ok(())
    }

    fn page() -> Option<&'static Page> {
        // SAFETY: what is stored there is never unmapped, and every byte of it may change at any time: all of them are atomic.
        unsafe { PAGE.load(Ordering::Acquire).as_ref() }
    }

    pub(super) fn is_shared() -> bool {
        page().is_some()
    }

    /// Replaces the note. A child that ends in the middle leaves none.
    pub(super) fn write(text: &str) {
        let Some(page) = page() else { return };
        let text = &text.as_bytes()[..text.floor_char_boundary(LONGEST)];
        page.len.store(0, Ordering::Release);
        for (to, byte) in page.text.iter().zip(text) {
            to.store(*byte, Ordering::Relaxed);
        }
        page.len.store(text.len(), Ordering::Release);
    }

    /// Notes that the script's stack overflowed. A handler of a signal may call it.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub(in super::super) fn note_overflow() {
        if let Some(page) = page() {
            page.overflowed.store(true, Ordering::Release);
        }
    }

    /// What the child left.
    pub(in super::super) fn read() -> Notes {
        let Some(page) = page() else {
            return Notes::default();
        };
        let len = page.len.load(Ordering::Acquire).min(LONGEST);
        let text: Vec<u8> = page.text[..len]
            .iter()
            .map(|byte| byte.load(Ordering::Relaxed))
            .collect();
        Notes {
            place: (len > 0).then(|| String::from_utf8_lossy(&text).into_owned()),
            overflowed: page.overflowed.load(Ordering::Acquire),
        }
    }

    #[cfg(all(test, target_os = "linux"))]
    mod tests {
        use super::super::note;
        use super::*;

        #[test]
        fn the_last_note_counts_and_is_cut_at_a_character() {
            note(|| unreachable!("nobody would read it"));
            share().expect("there is memory");
            assert_eq!(read(), Notes::default());
            note(|| Some("first, and longer than the second".to_owned()));
            note(|| Some("second".to_owned()));
            note(|| None);
            assert_eq!(read().place.as_deref(), Some("second"));
            note(|| Some("€".repeat(LONGEST)));
            assert_eq!(read().place, Some("€".repeat(LONGEST / 3)));
            note_overflow();
            assert!(read().overflowed);
            PAGE.store(std::ptr::null_mut(), Ordering::Release);
        }
    }
}

#[cfg(not(unix))]
mod page {
    use super::Notes;

    pub(super) fn is_shared() -> bool {
        false
    }

    pub(super) fn write(_text: &str) {}

    pub(in super::super) fn read() -> Notes {
        Notes::default()
    }
}
