//! End-to-end cases as data: a folder `specs/<area>/` has one `runtime.toml`, hence one built runtime for each engine, and a
//! folder per case.
//!
//! A case is `case.toml` beside the files that it needs. It is run in a fresh copy of its folder, so a case can write what it
//! likes. The boundary: this crate builds through the xtask's own pipeline and looks at nothing but what a user sees, which is
//! arguments, streams, files and the exit status.

mod case;
mod difference;
#[cfg(unix)]
mod forms;
#[cfg(unix)]
mod hostile;
mod jvm;
mod page;
mod runner;

pub use case::Case;
pub use difference::Difference;
#[cfg(unix)]
pub use hostile::run_hostile;
pub use jvm::run_java_tests;
pub use page::{
    On, run_browser_tests, run_example, run_example_page, run_page_cases, run_page_tests,
    run_wasi_cases,
};
pub use runner::{engines, run_area, run_area_and, runtime, stale_differences};
