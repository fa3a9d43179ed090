//! `isolation = "process"`: the runtime as a child of itself, under limits of the operating system.
//!
//! The process that a user starts is the supervisor: it starts itself again, passes signals and the exit status on, and says in words
//! what ended a child that could not say so itself. The boundary: processes. Standard streams and arguments are inherited, so nothing
//! is between a script and its terminal. The child keeps the limits of the runtime as it would without a supervisor, and adds those of
//! the system; only what kills it is left for the supervisor to tell.

mod child;
mod notes;
mod supervisor;
mod system;

pub(crate) use child::{become_child, note};
pub(crate) use supervisor::supervise;

/// The status of a runtime whose engine crashed.
pub(crate) const CRASHED: u8 = 85;

/// What tells a child that it is one: the variable holds the number of the descriptor that it leaves notes in.
const MARK: &str = "TAILOR_SUPERVISED";
