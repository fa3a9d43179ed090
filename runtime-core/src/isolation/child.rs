//! The child: it takes the limits of the system upon itself before the engine exists.

use std::sync::OnceLock;

use super::MARK;
use super::notes::Notes;
use super::system;
use crate::limits::Limits;

static NOTES: OnceLock<Notes> = OnceLock::new();

/// Whether this process is a child, which it then becomes. One whose mark was forged lacks a supervisor and nothing else: it has the
/// limits all the same.
pub(crate) fn become_child(limits: &Limits) -> std::io::Result<bool> {
    let Some(notes) = std::env::var(MARK)
        .ok()
        .and_then(|number| Notes::inherited(&number))
    else {
        return Ok(false);
    };
    system::confine(limits)?;
    // It is set once, since a process becomes a child once.
    let _ = NOTES.set(notes);
    Ok(true)
}

/// Leaves a note of where the script is, for a supervisor, when there is one.
pub(crate) fn note(place: impl FnOnce() -> Option<String>) {
    if let Some(notes) = NOTES.get()
        && let Some(place) = place()
    {
        notes.write(&place);
    }
}
