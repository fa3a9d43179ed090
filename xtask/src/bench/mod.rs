//! Measuring: what the project promises about speed and size, as goals that one run measures and judges.
//!
//! The boundary: it builds and runs programs as a user would, through the commands of this xtask. `goals` says what is promised,
//! `programs` builds what is compared, `process` runs and measures one process; `runtimes` and `commands` are the measurements,
//! `verdict` the table that comes of them.

pub(crate) mod goals;
