//! Without isolation: nobody reads notes, so none are left.

/// Leaves no note.
pub(crate) fn note(_place: impl FnOnce() -> Option<String>) {}
