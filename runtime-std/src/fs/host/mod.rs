//! The file system of the machine.
//!
//! A real path has no link in it when it is judged. It is opened name by name, each relative to the folder before it and without
//! following a link, so that a link which is put in its way after the check is an error and leads nowhere.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
mod walk;

#[cfg(unix)]
pub(super) use unix::Host;

#[cfg(not(unix))]
compile_error!(
    "the module `fs` cannot open files on this target without following links\nhelp: write `fs = false` in [modules] of its override in \
     runtime.toml"
);

#[cfg(all(test, unix))]
mod tests;
